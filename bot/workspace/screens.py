"""Messages and forms as plain text: what golden files hold and what a test reads. Buttons stand in [ ]."""

import re
from collections.abc import Callable, Mapping

from bot.workspace.state import State
from bot.workspace.things import File, Json, Message, View

_TOKEN = re.compile(r"<([^<>]+)>")


def message_text(state: State, message: Message) -> str:
    """One message: its blocks line by line, or its text; files and reactions below."""
    lines = [blocks_text(state, message.blocks)] if message.blocks else [plain(state, message.text)]
    lines += [_file(state.files[id]) for id in message.files]
    if message.reactions:
        lines.append(" ".join(f":{name}: {len(users)}" for name, users in message.reactions.items()))
    return "\n".join(line for line in lines if line)


def view_text(state: State, view: View) -> str:
    """A modal or Home: title, blocks, buttons."""
    words = [view.body[name]["text"] for name in ("submit", "close") if view.body.get(name)]
    head = [f"== {view.body['title']['text']} =="] if "title" in view.body else []
    foot = [" ".join(f"[{word}]" for word in words)] if words else []
    return "\n".join([*head, blocks_text(state, view.body["blocks"]), *foot])


def blocks_text(state: State, blocks: list[Json]) -> str:
    return "\n".join(filter(None, (_BLOCKS[block["type"]](state, block) for block in blocks)))


def plain(state: State, text: str) -> str:
    """mrkdwn without its tokens: @ana, #room, the words of a link, the fallback of a date."""
    out = _TOKEN.sub(lambda found: _token(state, found[1]), text)
    return out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(state: State, token: str) -> str:
    body, _, label = token.partition("|")
    if body.startswith("@"):
        person = state.people.get(body[1:])
        return f"@{person.name if person else body[1:]}"
    if body.startswith("#"):
        channel = state.channels.get(body[1:])
        return f"#{channel.name if channel else label}"
    if body.startswith("!subteam^"):
        group = state.groups.get(body.removeprefix("!subteam^"))
        return f"@{group.handle}" if group else label
    if body.startswith("!"):
        return label or f"@{body[1:]}"
    return label or body


def label(element: Json) -> str:
    """The words on a button, or what a person would call an element."""
    text = element.get("text") or element.get("placeholder")
    if isinstance(text, dict):
        return str(text["text"])
    return str(element.get("action_id", element["type"]))


def _words(state: State, text: Json) -> str:
    return plain(state, text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _element(state: State, element: Json) -> str:
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return _words(state, element)
    if kind == "image":
        return f"(picture: {element['alt_text']})"
    if kind == "button":
        return f"[{label(element)}]"
    if kind in ("overflow", "checkboxes", "radio_buttons"):
        return " ".join(f"[{_words(state, option['text'])}]" for option in element["options"])
    return f"[{label(element)} ▾]"


def _section(state: State, block: Json) -> str:
    lines = [_words(state, block["text"])] if block.get("text") else []
    lines += [_words(state, field) for field in block.get("fields", ())]
    return "\n".join(lines) + (f" {_element(state, block['accessory'])}" if block.get("accessory") else "")


def _row(state: State, block: Json) -> str:
    return " ".join(_element(state, each) for each in block["elements"])


def _input(state: State, block: Json) -> str:
    element = block["element"]
    shown = _element(state, element) if element["type"] != "plain_text_input" else "____"
    return f"{block['label']['text']}{' (optional)' if block.get('optional') else ''}: {shown}"


def _file(file: File) -> str:
    return f"(file: {file.title})"


_BLOCKS: Mapping[str, Callable[[State, Json], str]] = {
    "section": _section,
    "header": lambda state, block: str(block["text"]["text"]),
    "divider": lambda state, block: "---",
    "context": _row,
    "actions": _row,
    "image": _element,
    "input": _input,
    "markdown": lambda state, block: str(block["text"]),
}
