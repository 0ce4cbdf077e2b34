"""What Slack hands back is what we sent; what somebody forged is no button of ours, and never an exception."""

import json
from typing import Any

import pytest

from bot.slack import inbox
from commands import stepping


def clicked(value: str) -> inbox.Heard:
    heard = inbox.read(
        {
            "type": "block_actions",
            "trigger_id": "1.2",
            "user": {"id": "U1"},
            "actions": [{"action_id": "verb:done", "value": value}],
        }
    )
    assert heard is not None
    return heard


@pytest.mark.parametrize("number", [10**20, 0, -1, 1.5, True, "1", None, [1]])
def test_a_number_that_is_no_incident(number: Any) -> None:
    assert clicked(json.dumps({"i": number})).incident is None


@pytest.mark.parametrize("value", ["[" * 100_000, "[]", "{", "", '"x"', "1e400"])
def test_a_value_that_is_none(value: str) -> None:
    assert clicked(value).value == {}


@pytest.mark.parametrize("step", [["1.1"], 1.1, {"a": 1}, None])
def test_a_step_that_is_none(step: Any) -> None:
    with pytest.raises(TypeError):
        stepping.clicked({"step": step})
