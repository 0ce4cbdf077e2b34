"""A message or a modal as a person sees it, in plain text: for golden files and for reading."""

from typing import Any

from bot.ports import Json, Message


def screen(message: Message) -> str:
    """One line per paragraph, buttons as [Done]; the notification's text on top."""
    lines = [f"({message.text})"] + [line for block in message.blocks for line in drawn(block)]
    return "\n".join(lines) + "\n"


def modal(view: Json) -> str:
    """A modal: title, fields, submit."""
    lines = [f"== {view['title']['text']} =="]
    for block in view["blocks"]:
        hint = f" ({block['hint']['text']})" if "hint" in block else ""
        element = block["element"]
        options = " | ".join(o["text"]["text"] for o in element.get("options", ()))
        initial = element.get("initial_value") or element.get("initial_user") or ""
        optional = " (optional)" if block["optional"] else ""
        lines.append(f"{block['label']['text']}{optional}{hint}: <{element['type']}> {initial}{options}".rstrip())
    lines.append(f"[{view['submit']['text']}] [{view['close']['text']}]")
    return "\n".join(lines) + "\n"


def drawn(block: Json) -> list[str]:
    """The lines of one block."""
    kind = block["type"]
    if kind == "header":
        return [f"# {block['text']['text']}"]
    if kind == "context":
        return [f"  . {element['text']}" for element in block["elements"]]
    if kind == "actions":
        return [" ".join(_button(element) for element in block["elements"])]
    assert kind == "section", kind
    lines = [block["text"]["text"]] if "text" in block else []
    if "accessory" in block:
        lines[-1] += f" {_button(block['accessory'])}"
    return lines + [f"  | {field['text']}" for field in block.get("fields", ())]


def _button(element: Any) -> str:
    mark = {"primary": "!", "danger": "x"}.get(element.get("style", ""), "")
    return f"[{mark}{element['text']['text']}]"
