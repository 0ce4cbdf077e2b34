"""How a verb is typed: its places (`<reason>`, `[service]`), and what examples say, in the language of who reads it."""

import re
from collections.abc import Mapping, Sequence

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
SAID: Sequence[Text] = (
    t("alert on the lag of the standby"),
    t("Does it find us"),
    t("errors are back since 04:20"),
    t("it fails again since 14:02"),
    t("it was the backup"),
    t("nobody answers and the market opens"),
    t("only one region is affected"),
    t("Orders cannot be placed"),
    t("orders time out at checkout"),
    t("Orders were down"),
    t("promoted at 03:04:11"),
    t("restart of gw-3 → no change"),
    t("the deploy is still running"),
    t("the disk was replaced"),
    t("the gateways are being replaced"),
    t("the graph says so"),
    t("the primary came up again"),
    t("the primary is read-only"),
    t("the standby is 3 s behind"),
    t("the standby is already primary"),
    t("the standby's number was wrong"),
    t("the vendor calls back at 04:00"),
    t("the vendor calls back at 09:00"),
    t("we fail over at 03:15"),
    t("We fail over to the standby"),
    t("we practised the failover"),
)
"""What people say in the examples of verbs and of refusals."""
_PLACE, _PUT = re.compile(rf"\b({'|'.join(PLACES)})\b"), r"{\1}"


def spelled(*usages: str) -> Text:
    """`skip [2.3] <reason>`: the verb stays, `reason` is translated. Several stand in a row."""
    parts = [usage.partition(" ") for usage in usages]
    return Text(" · ".join(verb + blank + _PLACE.sub(_PUT, rest) for verb, blank, rest in parts), PLACES)


def exampled(line: str) -> str | Text:
    """`skip 2.3 the standby is already primary`: what somebody says is translated, and can be typed as it stands there."""
    for said in SAID:
        if said.msgid in line and "{" not in line:
            return Text(line.replace(said.msgid, "{said}"), {"said": said})
    return line
