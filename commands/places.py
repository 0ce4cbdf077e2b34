"""How a verb is typed, with its places (`<reason>`, `[service]`) in the language of who reads it."""

import re
from collections.abc import Mapping

from bot.text import Text, t

PLACES: Mapping[str, Text] = {
    "action": t("action"),
    "choice": t("choice"),
    "code": t("code"),
    "day": t("day"),
    "evidence": t("evidence"),
    "name": t("name"),
    "owner": t("owner"),
    "param": t("param"),
    "person": t("person"),
    "plan": t("plan"),
    "reason": t("reason"),
    "result": t("result"),
    "role": t("role"),
    "service": t("service"),
    "team": t("team"),
    "text": t("text"),
    "title": t("title"),
    "value": t("value"),
    "verb": t("verb"),
    "what": t("what"),
    "when": t("when"),
    "words": t("words"),
}
_PLACE, _PUT = re.compile(rf"\b({'|'.join(PLACES)})\b"), r"{\1}"


def spelled(*usages: str) -> Text:
    """`skip [2.3] <reason>`: the verb stays, `reason` is translated. Several stand in a row."""
    parts = [usage.partition(" ") for usage in usages]
    return Text(" · ".join(verb + blank + _PLACE.sub(_PUT, rest) for verb, blank, rest in parts), PLACES)
