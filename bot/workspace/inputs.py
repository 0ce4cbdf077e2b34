"""What people fill in: from the page's plain values to Slack's `state.values`, and what is missing."""

from collections.abc import Mapping
from typing import Any

from bot.workspace.blocks import elements, options
from bot.workspace.errors import CannotDo
from bot.workspace.things import Json

Given = Mapping[str, Mapping[str, Any]]
"""block_id → action_id → what was typed or chosen: text, a list of texts, or None."""

_PLAIN = {
    "plain_text_input": "value",
    "users_select": "selected_user",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "multi_users_select": "selected_users",
}
_ONE = ("static_select", "radio_buttons", "overflow")
_SEVERAL = ("multi_static_select", "checkboxes")


def chosen(element: Json, value: Any) -> Json:
    """One element's entry, as in `state.values` and in an action. Raises CannotDo for what nobody could choose."""
    kind = element["type"]
    if kind == "button":
        return {}
    if kind in _PLAIN:
        empty: Any = [] if kind == "multi_users_select" else None
        return {"type": kind, _PLAIN[kind]: value or empty}
    by_value = {option["value"]: option for option in options(element)}
    wanted = value if isinstance(value, list) else [value] if value else []
    unknown = [each for each in wanted if each not in by_value]
    if unknown:
        raise CannotDo(f"{unknown[0]!r} is not one of {sorted(by_value)}")
    found = [by_value[each] for each in wanted]
    if kind in _SEVERAL:
        return {"type": kind, "selected_options": found}
    return {"type": kind, "selected_option": found[0] if found else None}


def initial(element: Json) -> Any:
    """The plain value that an element has before anybody touches it."""
    kind = element["type"]
    if kind in _SEVERAL:
        return [option["value"] for option in element.get("initial_options", ())]
    if kind in _ONE:
        return (element.get("initial_option") or {}).get("value")
    names = {"plain_text_input": "value", "users_select": "user", "multi_users_select": "users"}
    return element.get(f"initial_{names.get(kind, kind.removesuffix('picker'))}")


def state_values(blocks: list[Json], given: Given) -> Json:
    """`state.values` of all inputs: what was given, else the initial value."""
    out: Json = {}
    for block in blocks:
        for element in elements(block):
            if "action_id" not in element or element["type"] in ("button", "overflow"):
                continue
            typed = given.get(block["block_id"], {})
            value = typed[element["action_id"]] if element["action_id"] in typed else initial(element)
            out.setdefault(block["block_id"], {})[element["action_id"]] = chosen(element, value)
    return out


def missing(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own form says before it bothers the app: block_id → sentence."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = values[block["block_id"]][element["action_id"]]
        value = next(each for name, each in entry.items() if name != "type")
        if not value and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and element["type"] == "plain_text_input":
            errors |= _length(block["block_id"], element, value)
    return errors


def _length(block_id: str, element: Json, value: str) -> dict[str, str]:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return {block_id: f"Please enter at least {least} characters."}
    return {block_id: f"Please enter at most {most} characters."} if len(value) > most else {}
