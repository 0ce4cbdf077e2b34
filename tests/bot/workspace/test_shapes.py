"""Which blocks Slack takes, and how it says that it does not: the tables, each limit from both sides."""

from typing import Any

import pytest

from bot.workspace.blocks import checked_blocks
from bot.workspace.errors import Refused
from tests.bot.workspace.app import actions, button, plain, question, section


def option(value: str, **more: Any) -> dict[str, Any]:
    return {"text": plain(value[:75] or "none"), "value": value, **more}


def select(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": list(options), **more}


def asked(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "q", "label": plain("Which?"), "element": element, **more}


def picture(**more: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a", **more}


CONFIRM = {"title": plain("Sure?"), "text": plain("Really."), "confirm": plain("Yes"), "deny": plain("No")}
_RICH = {"type": "mrkdwn", "text": "*x*"}
TAKEN: dict[str, list[dict[str, Any]]] = {
    "section at its limit": [section("x" * 3000)],
    "section with fields": [{"type": "section", "fields": [plain("x" * 2000)] * 10}],
    "section with a menu": [section("x", accessory={"type": "users_select", "action_id": "a", "initial_user": "U1"})],
    "section with several": [section("x", accessory={"type": "multi_users_select", "action_id": "a"})],
    "header at its limit": [{"type": "header", "text": plain("x" * 150)}],
    "divider": [{"type": "divider"}],
    "context": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}, plain("y"), picture()]}],
    "25 buttons": [actions(*[button("x", f"b{n}") for n in range(25)])],
    "a button with all": [
        actions(button("x", value="v" * 2000, style="danger", confirm=CONFIRM, url="https://x.test"))
    ],
    "overflow": [section("x", accessory={"type": "overflow", "action_id": "o", "options": [option("1"), option("2")]})],
    "dates": [
        actions({"type": "datepicker", "initial_date": "2026-11-21"}, {"type": "timepicker", "initial_time": "02:45"})
    ],
    "boxes": [asked({"type": "checkboxes", "options": [option("1")], "initial_options": [option("1")]})],
    "radio": [asked({"type": "radio_buttons", "options": [option("1")], "initial_option": option("1")})],
    "select": [asked(select(option("1"), initial_option=option("1")))],
    "groups": [asked({"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option("1")]}]})],
    "several": [asked({"type": "multi_static_select", "options": [option("1")], "max_selected_items": 2})],
    "ticks with marks": [asked({"type": "checkboxes", "options": [{"text": _RICH, "value": "1"}]})],
    "overflow with a link": [
        section("x", accessory={"type": "overflow", "options": [option("1", url="https://x.test")]})
    ],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "picture": [picture(title=plain("A"))],
    "50 blocks": [{"type": "divider"}] * 50,
}

REFUSED: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "long section": ([section("x" * 3001)], "must be less than 3001 characters", "/blocks/0/text/text"),
    "empty section text": ([section("")], "must be more than 0 characters", "/blocks/0/text/text"),
    "bare section": ([{"type": "section"}], "missing required field: text or fields", "/blocks/0"),
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed", "/blocks"),
    "long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
        "/blocks/0/text/text",
    ),
    "header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "failed to match all allowed schemas",
        "/blocks/0/text",
    ),
    "26 buttons": (
        [actions(*[button("x", f"b{n}") for n in range(26)])],
        "no more than 25 items allowed",
        "/blocks/0/elements",
    ),
    "no buttons": ([actions()], "no fewer than 1 items allowed", "/blocks/0/elements"),
    "11 in context": (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/elements",
    ),
    "long field": (
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "must be less than 2001 characters",
        "/blocks/0/fields/0/text",
    ),
    "long button": (
        [actions(button("x" * 76))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/text/text",
    ),
    "long value": (
        [actions(button("x", value="v" * 2001))],
        "must be less than 2001 characters",
        "/blocks/0/elements/0/value",
    ),
    "odd style": (
        [actions(button("x", style="loud"))],
        "must be one of primary, danger",
        "/blocks/0/elements/0/style",
    ),
    "unknown key": (
        [actions(button("x", colour="red"))],
        "is not a valid field",
        "/blocks/0/elements/0/colour",
    ),
    "long option value": (
        [asked(select(option("x" * 151)))],
        "must be less than 151 characters",
        "/blocks/0/element/options/0/value",
    ),
    "101 options": (
        [asked(select(*[option(str(n)) for n in range(101)]))],
        "no more than 100 items allowed",
        "/blocks/0/element/options",
    ),
    "six in overflow": (
        [section("x", accessory={"type": "overflow", "options": [option(str(n)) for n in range(6)]})],
        "no more than 5 items allowed",
        "/blocks/0/accessory/options",
    ),
    "same option twice": (
        [asked(select(option("1"), option("1")))],
        "options must have different values",
        "/blocks/0",
    ),
    "foreign initial": (
        [asked(select(option("1"), initial_option=option("2")))],
        "the initial option must be one of the options",
        "/blocks/0",
    ),
    "no options": (
        [asked({"type": "static_select"})],
        "exactly one of options and option_groups is needed",
        "/blocks/0",
    ),
    "same action twice": (
        [actions(button("x"), button("y"))],
        "action_id press already exists",
        "/blocks/0",
    ),
    "same block twice": (
        [{"type": "divider", "block_id": "d"}, {"type": "divider", "block_id": "d"}],
        "block_id d already exists",
        "/blocks",
    ),
    "new block": ([{"type": "carousel", "elements": []}], "unsupported type: carousel", "/blocks/0/type"),
    "no type": ([{"text": plain("x")}], "unsupported type: None", "/blocks/0/type"),
    "typing in actions": (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
        "/blocks/0/elements/0/type",
    ),
    "button in an input": ([asked(button("x"))], "unsupported type: button", "/blocks/0/element/type"),
    "two pictures": (
        [picture(slack_file={"id": "F1"})],
        "exactly one of image_url and slack_file is needed",
        "/blocks/0",
    ),
    "markdown in all": (
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        "markdown must be less than 12001 characters in all",
        "/blocks",
    ),
    "bounds crossed": (
        [question("x", "q", min_length=5, max_length=4)],
        "min_length must not be greater than max_length",
        "/blocks/0",
    ),
    "marks in a menu": (
        [asked(select({"text": _RICH, "value": "1"}))],
        "failed to match all allowed schemas",
        "/blocks/0/element/options/0/text",
    ),
    "a link in a menu": (
        [asked(select(option("1", url="https://x.test")))],
        "is not a valid field",
        "/blocks/0/element/options/0/url",
    ),
    "no address": ([actions(button("x", url="x.test"))], "must match the pattern", "/blocks/0/elements/0/url"),
    "no picture": ([{**picture(), "image_url": "data:x"}], "must match the pattern", "/blocks/0/image_url"),
    "no such day": (
        [asked({"type": "datepicker", "initial_date": "2026-13-01"})],
        "must match the pattern",
        "/blocks/0/element/initial_date",
    ),
    "no such hour": (
        [asked({"type": "timepicker", "initial_time": "24:00"})],
        "must match the pattern",
        "/blocks/0/element/initial_time",
    ),
    "two in focus": (
        [question("x", "q", focus_on_load=True), question("x", "r", focus_on_load=True)],
        "only one element may have focus_on_load",
        "/blocks",
    ),
    "not a flag": (
        [question("x", "q", multiline="yes")],
        "must be a boolean",
        "/blocks/0/element/multiline",
    ),
    "not a number": (
        [question("x", "q", max_length="9")],
        "must be a number from 1 to 3000",
        "/blocks/0/element/max_length",
    ),
    "not text": ([{"type": "divider", "block_id": 7}], "must be a string", "/blocks/0/block_id"),
    "not a list": ([{"type": "actions", "elements": {}}], "must be an array", "/blocks/0/elements"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name: str) -> None:
    blocks = checked_blocks(TAKEN[name], "message")
    assert all(block["block_id"] for block in blocks)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    blocks, words, at = REFUSED[name]
    sentence = f"{words} [json-pointer:{at}]"
    with pytest.raises(Refused) as refused:
        checked_blocks(blocks, "message")
    answer = refused.value.answer()
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [sentence]
    assert answer["response_metadata"] == {"messages": [f"[ERROR] {sentence}"]}
