"""Which blocks Slack takes, beyond the tables: the whole of a message, and views."""

from typing import Any

import pytest

from bot.workspace.blocks import checked_blocks, checked_view
from bot.workspace.errors import Refused
from tests.bot.workspace.app import actions, modal, plain, question, section
from tests.bot.workspace.test_shapes import picture


def test_what_is_not_a_list_of_objects_is_no_block_format() -> None:
    for raw in ({"type": "divider"}, "divider", ["divider"]):
        with pytest.raises(Refused, match="invalid_blocks_format"):
            checked_blocks(raw, "message")
    assert checked_blocks(None, "message") == checked_blocks([], "message") == []


def test_the_sum_of_texts_is_bounded_where_something_is_posted() -> None:
    blocks = [section("x" * 3000) for _ in range(5)]
    assert len(checked_blocks(blocks, "message")) == 5
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        checked_blocks(blocks, "message", total=True)


def test_ids_are_filled_in_and_the_givers_list_is_left_alone() -> None:
    given = [actions({"type": "button", "text": plain("x")}), section("x", accessory=picture())]
    first, second = checked_blocks(given, "message")
    assert (first["block_id"], first["elements"][0]["action_id"]) == ("block0", "action0")
    assert "action_id" not in second["accessory"]
    assert "block_id" not in given[0]


VIEWS: dict[str, tuple[dict[str, Any], str, str]] = {
    "long title": (
        modal(section("x"), title="x" * 25),
        "must be less than 25 characters",
        "/view/title/text",
    ),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title", "/view"),
    "long metadata": (
        modal(section("x"), private_metadata="x" * 3001),
        "must be less than 3001 characters",
        "/view/private_metadata",
    ),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed", "/view/blocks"),
    "no block": (modal(), "no fewer than 1 items allowed", "/view/blocks"),
    "markdown": (
        modal({"type": "markdown", "text": "x"}),
        "unsupported type: markdown",
        "/view/blocks/0/type",
    ),
    "a home": ({**modal(section("x")), "type": "home"}, "must be modal", "/view/type"),
    "no submit": (
        {**modal(question("x", "q")), "submit": None},
        "must be defined when an input block is within the blocks array",
        "/view/submit",
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_are_refused_as_arguments(name: str) -> None:
    view, words, at = VIEWS[name]
    with pytest.raises(Refused, match="invalid_arguments") as refused:
        checked_view(view, "modal")
    assert refused.value.answer()["response_metadata"]["messages"] == [f"[ERROR] {words} [json-pointer:{at}]"]


def test_views_are_taken() -> None:
    assert (
        checked_view(modal(question("Why?", "why"), private_metadata="{}"), "modal")["blocks"][0]["block_id"] == "why"
    )
    assert checked_view({"type": "home", "blocks": [section("x")]}, "home")["type"] == "home"
    with pytest.raises(Refused, match="invalid_arguments"):
        checked_view("modal", "modal")
