"""What Slack sends, read into plain values: a typed line, a click, a filled form."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import mentions
from bot.domain import phrase
from bot.domain.terms import Source
from bot.ports import Json
from bot.ports.reply import WORDS

VERB = "verb:"
PRIVATE = "privategroup"
"""What Slack calls each private channel in a slash command."""
CARRIED = 600
MOST = 10**9
"""Incidents have smaller numbers."""
"""Characters of a message that its shortcut hands on."""
_TEXTS = ("action", "attempt", "choice", "digest", "person", "plan", "role", "step")
"""What stands in a button's value as text, if it stands there."""
_TOKEN = re.compile(r"<([@#!])([^|>]*)(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?://|mailto:)[^|>]+)(?:\|[^>]*)?>")
_GROUP = "subteam^"


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a person asked for. how: typed | clicked | filled.

    input: Slack's id of it, which dedupes; url: response_url; trigger: opens a form within 3 s; thread: where it was said;
    fields: names of the form's fields; hidden: whether the channel is private, None where Slack does not say so; home: it was
    done in the Home tab.
    """

    how: str
    input: str
    who: str
    verb: str
    channel: str = ""
    words: str = ""
    incident: int | None = None
    value: Json = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    trigger: str = ""
    url: str = ""
    thread: str = ""
    hidden: bool | None = None
    home: bool = False

    @property
    def shown(self) -> bool:
        """What comes of it is shown where it was asked for: a button or form of its own, no typed line behind a button."""
        return self.how != "typed" and WORDS not in self.value

    @property
    def source(self) -> Source:
        return Source.BOT_COMMAND if self.how == "typed" else Source.BUTTON


def read(body: Mapping[str, Any]) -> Heard | None:
    """A slash command or an interaction; None for what is not a verb of ours."""
    if "command" in body:
        return typed(
            body["text"] if body.get("text") else "",
            input=body["trigger_id"],
            who=body["user_id"],
            channel=body["channel_id"],
            trigger=body["trigger_id"],
            url=body.get("response_url", ""),
            hidden=_private(body.get("channel_name")),
        )
    if body.get("type") == "block_actions":
        return _clicked(body)
    if body.get("type") == "view_submission":
        return _filled(body)
    if body.get("type") == "message_action":
        return _of_message(body)
    return None


def _of_message(body: Mapping[str, Any]) -> Heard | None:
    """A shortcut of a message. What the message says is handed to the verb, its first line as the title."""
    if not str(body.get("callback_id", "")).startswith(VERB):
        return None
    message = body["message"]
    raw = str(message.get("text") or "")
    text = as_typed(raw)
    title = next((line.strip() for line in as_typed(_TOKEN.sub("", raw)).splitlines() if line.strip()), "")
    author = str(message.get("user") or message.get("bot_id") or "")
    told = [body["channel"]["id"], message["ts"], author, text[:CARRIED]]
    return Heard(
        "clicked",
        input=body["trigger_id"],
        who=body["user"]["id"],
        verb=body["callback_id"].split(":")[1],
        channel=body["channel"]["id"],
        value={"ask": True, "title": " ".join(title.split())[:CARRIED], "told": told},
        trigger=body["trigger_id"],
        url=body.get("response_url", ""),
        thread=message.get("thread_ts", ""),
    )


def as_typed(text: str) -> str:
    """A text of Slack as the person typed it: links without their brackets, no escapes; people and channels as ids."""
    plain = _LINK.sub(lambda found: found[1].removeprefix("mailto:"), _TOKEN.sub(_kept, text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _kept(token: re.Match[str]) -> str:
    """What stands for a token of Slack: an id for a person, group or channel, else the words that Slack would show."""
    kind, body, label = token[1], token[2], token[3] or ""
    if kind == "!" and body.startswith(_GROUP):
        return mentions.person(body.removeprefix(_GROUP))
    if kind == "!":
        return label or f"@{body}"
    return mentions.person(body) if kind == "@" else mentions.room(body)


def typed(text: str, **rest: Any) -> Heard:
    """A line that a person typed, wherever."""
    line = phrase.line(as_typed(text))
    return Heard("typed", verb=line.verb, words=line.words, incident=line.incident, **rest)


def _clicked(body: Mapping[str, Any]) -> Heard | None:
    action = body["actions"][0]
    if not str(action.get("action_id", "")).startswith(VERB):
        return None
    value = _json(action.get("value"))
    return Heard(
        "clicked",
        input=body["trigger_id"],
        who=body["user"]["id"],
        verb=action["action_id"].split(":")[1],
        channel=(body.get("channel") or {}).get("id", ""),
        incident=number_of(value),
        words=str(value.get(WORDS, "")),
        value=value,
        trigger=body["trigger_id"],
        url=body.get("response_url", ""),
        thread=(body.get("message") or {}).get("thread_ts", ""),
        hidden=_private((body.get("channel") or {}).get("name")),
        home=(body.get("view") or {}).get("type") == "home",
    )


def _filled(body: Mapping[str, Any]) -> Heard | None:
    view = body["view"]
    if not str(view.get("callback_id", "")).startswith(VERB):
        return None
    value = _json(view.get("private_metadata"))
    return Heard(
        "filled",
        input=body.get("trigger_id") or view["id"],
        who=body["user"]["id"],
        verb=view["callback_id"].split(":")[1],
        channel=str(value.get("c", "")),
        incident=number_of(value),
        value=value,
        answers=answers(view),
        fields=tuple(view["state"]["values"]),
        trigger=body.get("trigger_id", ""),
        hidden=value.get("p"),
    )


def _private(name: str | None) -> bool | None:
    """Whether a channel of this name, as Slack gives it with a command or a click, is private."""
    return None if name is None else name == PRIVATE


def answers(view: Json) -> dict[str, str]:
    """What was filled into a modal: name of the field → text, value of the option, or person; "" if left empty."""
    filled: dict[str, str] = {}
    for name, elements in view["state"]["values"].items():
        for element in elements.values():
            option = element.get("selected_option") or {}
            filled[name] = element.get("value") or option.get("value") or element.get("selected_user") or ""
    return filled


def number_of(value: Json) -> int | None:
    """The incident that a button or a form belongs to."""
    number = value.get("i")
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < MOST else None


def _json(text: Any) -> Json:
    """The value of a button; {} for one that is not ours to read."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(found.get(name, ""), str) for name in _TEXTS) else {}
