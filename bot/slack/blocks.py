"""Builders of Slack's blocks that keep Slack's limits: what is too long is cut with a visible "…", never refused by Slack."""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import count

from bot import mentions
from bot.errors import BadInput
from bot.ports import Button, Field, Form, Json, Message, Reply
from bot.slack.show import Mrkdwn, escape
from bot.text import PlainShow, Text, render, t

MESSAGE_BLOCKS, MODAL_BLOCKS = 50, 100
MESSAGE_TEXT = 9_000
"""Characters of all blocks of a message; Slack refuses somewhere above 9,600 and does not say where."""
NOTIFICATION = 3_000
SECTION, FIELD, FIELDS, HEADER, CONTEXT = 3_000, 2_000, 10, 150, 10
LABEL, VALUE, BUTTONS, TITLE, OPTION, OPTIONS, METADATA = 75, 2_000, 25, 24, 75, 100, 3_000
INPUT = 3_000
_PLAIN = PlainShow()
_TORN = re.compile(r"<[^<>]*$|&[a-z]{0,4}$")


def cut(text: str, most: int) -> str:
    """The text in at most `most` characters, ending in "…" if anything is missing; no token or code span is torn."""
    if len(text) <= most:
        return text
    kept = text[: most - 4].rstrip()
    if kept.count("```") % 2:
        return _TORN.sub("", kept).rstrip("`") + "…```"
    kept = _TORN.sub("", kept)
    if kept.replace("```", "").count("`") % 2:
        return kept[:-1] + "…" if kept.endswith("`") else kept + "…`"
    return kept + "…"


def plain(text: Text, most: int, show: PlainShow = _PLAIN) -> Json:
    """A plain_text object."""
    words = render(text, show).strip() or "–"
    return {"type": "plain_text", "text": words if len(words) <= most else words[: most - 1] + "…", "emoji": False}


def mrkdwn(text: str, most: int = SECTION) -> Json:
    """A mrkdwn object; `verbatim`, so that Slack makes no link or mention of foreign words."""
    return {"type": "mrkdwn", "text": cut(text, most) or " ", "verbatim": True}


def section(text: str, button: Json | None = None, fields: Sequence[str] = ()) -> Json:
    """A paragraph, with a button beside it or short fields below it."""
    block: dict[str, object] = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(words, FIELD) for words in fields[:FIELDS]]
    if button is not None:
        block["accessory"] = button
    return block


def header(text: Text, show: PlainShow = _PLAIN) -> Json:
    """A headline; plain text, so nothing foreign can do anything in it."""
    return {"type": "header", "text": plain(text, HEADER, show)}


def context(*texts: str) -> Json:
    """Small grey words."""
    return {"type": "context", "elements": [mrkdwn(words, FIELD) for words in texts[:CONTEXT]]}


def button(made: Button, number: int | None, order: str = "", show: PlainShow = _PLAIN) -> Json:
    """A button that is a verb. `order` tells apart two buttons of one verb in one block."""
    value = dict(made.value) if number is None else {"i": number, **made.value}
    words = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if len(words) > VALUE:
        raise ValueError(f"the value of a button may have {VALUE} characters, this one has {len(words)}")
    block: dict[str, object] = {
        "type": "button",
        "text": plain(made.label, LABEL, show),
        "action_id": f"verb:{made.verb}{order}",
        "value": words,
    }
    if made.style:
        block["style"] = made.style
    return block


def actions(buttons: Sequence[Button], number: int | None, show: PlainShow = _PLAIN) -> Json:
    """A row of buttons. A verb that stands there twice is numbered: `verb:answer`, `verb:answer:2`."""
    seen: dict[str, Iterable[int]] = {}
    elements = []
    for made in buttons[:BUTTONS]:
        n = next(iter(seen.setdefault(made.verb, count(1))))
        elements.append(button(made, number, "" if n == 1 else f":{n}", show))
    return {"type": "actions", "elements": elements}


def message(blocks: Iterable[Json | None], text: str) -> Message:
    """A post within Slack's limits. `text`, plain, is what notifications and screen readers say; Slack reads marks in it."""
    kept: list[Json] = []
    size = 0
    for block in blocks:
        if block is None:
            continue
        size += length(block)
        if len(kept) == MESSAGE_BLOCKS - 1 or size > MESSAGE_TEXT:
            kept.append(context(render(t("… the rest did not fit in this message."), _PLAIN)))
            break
        kept.append(block)
    return Message(cut(escape(text), NOTIFICATION), tuple(kept))


def length(block: Json) -> int:
    """Characters of text that Slack counts in a block."""
    total = 0
    for key, value in block.items():
        if key == "text" and isinstance(value, str):
            total += len(value)
        for inner in value if isinstance(value, list) else [value]:
            total += length(inner) if isinstance(inner, dict) else 0
    return total


def reply(answer: Reply, number: int | None, show: Mrkdwn) -> Message:
    """The answer to the person who asked."""
    words = [render(line, show) for line in answer.lines]
    blocks: list[Json] = [section("\n".join(part)) for part in _paragraphs(words)]
    if answer.buttons:
        blocks.append(actions(answer.buttons, number))
    return message(blocks, _notice(answer.lines, PlainShow(show.names)) or " ")


def _notice(lines: Sequence[Text], show: PlainShow) -> str:
    """The lines as plain text, as far as a notification shows them: a timeline has many more."""
    said: list[str] = []
    room = NOTIFICATION
    for line in lines:
        if room < 0:
            break
        said.append(render(line, show))
        room -= len(said[-1]) + 1
    return " ".join(said)


def _paragraphs(words: Sequence[str]) -> list[list[str]]:
    """Lines in as few sections as their limit allows."""
    parts: list[list[str]] = []
    room = 0
    for line in words:
        if len(line) + 1 > room:
            parts.append([])
            room = SECTION
        parts[-1].append(line)
        room -= len(line) + 1
    return parts


def modal(form: Form, show: PlainShow = _PLAIN) -> Json:
    """A form as a modal. private_metadata is handed back with the answers; BadInput: what was typed is too long for that."""
    metadata = json.dumps(dict(form.value), separators=(",", ":"), ensure_ascii=False)
    if len(metadata) > METADATA:
        raise BadInput(t("That is too long to go on with in a form. Say it in fewer words."), f"help {form.verb}")
    return {
        "type": "modal",
        "callback_id": f"verb:{form.verb}",
        "title": plain(form.title, TITLE, show),
        "submit": plain(form.submit, TITLE, show),
        "close": plain(t("Cancel"), TITLE, show),
        "private_metadata": metadata,
        "blocks": [_field(field, show) for field in form.fields[:MODAL_BLOCKS]],
    }


def waiting(*said: Text, show: Mrkdwn | None = None) -> Json:
    """A modal with nothing to fill in: until the real one is there, or because there will be none."""
    words = "\n".join(render(line, show or Mrkdwn()) for line in said)
    return {
        "type": "modal",
        "title": plain(t("Tocsin"), TITLE),
        "close": plain(t("Close"), TITLE),
        "blocks": [section(words or "…")],
    }


def shown(message: Message) -> Json:
    """A message in a modal: for where there is no channel to write in."""
    title, close = plain(t("Tocsin"), TITLE), plain(t("Close"), TITLE)
    return {"type": "modal", "title": title, "close": close, "blocks": [dict(block) for block in message.blocks]}


def _field(field: Field, show: PlainShow) -> Json:
    element = {"choice": _choice, "person": _person}.get(field.kind, _words)(field, show)
    block: dict[str, object] = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label, 2_000, show),
        "element": {**element, "action_id": field.name},
        "optional": field.optional,
    }
    if field.hint is not None:
        block["hint"] = plain(field.hint, 2_000, show)
    return block


def _words(field: Field, show: PlainShow) -> dict[str, object]:
    most = min(field.most, INPUT)
    element: dict[str, object] = {"type": "plain_text_input", "multiline": field.kind == "text", "max_length": most}
    if field.value:
        element["initial_value"] = mentions.named(field.value, show.names)[:most]
    return element


def _choice(field: Field, show: PlainShow) -> dict[str, object]:
    options = {value: {"text": plain(label, OPTION, show), "value": value} for value, label in field.options.items()}
    element: dict[str, object] = {"type": "static_select", "options": list(options.values())[:OPTIONS]}
    if field.value in options:
        element["initial_option"] = options[field.value]
    return element


def _person(field: Field, show: PlainShow) -> dict[str, object]:
    return {"type": "users_select", **({"initial_user": field.value} if field.value else {})}
