"""Every button on every screen is a verb that takes what the button carries; and each button that people know is on one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.slack import blocks
from bot.workspace.blocks import checked_view, elements
from tests.bot.slack.views.drawn import SCREENS
from tests.commands.ways import VERBS


def buttons(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(label, verb, value) of each button of a screen."""
    for block in SCREENS[name]().blocks:
        for each in elements(dict(block)):
            if each["type"] == "button" and "action_id" in each:
                value = json.loads(each.get("value") or "{}")
                yield each["text"]["text"], each["action_id"].split(":")[1], value


@pytest.mark.parametrize("name", [name for name in SCREENS if list(buttons(name))])
def test_every_button_is_a_verb_that_takes_its_value(name: str) -> None:
    """And where the verb then asks for more, its form is one that Slack takes."""
    for label, verb, value in buttons(name):
        command = VERBS[verb]
        args = command.parse(value["words"]) if "words" in value else command.click(value)
        form = command.form(args)
        if form is not None:
            checked_view(dict(blocks.modal(form)), "modal")
        assert label.strip()


@pytest.mark.parametrize(
    ("label", "verb"),
    [
        ("I have it", "take"),
        ("I command", "take"),
        ("Take it", "take"),
        ("I can't", "pass"),
        ("Not now", "pass"),
        ("Done", "done"),
        ("Skip", "skip"),
        ("Not mine", "assign"),
        ("Help", "assist"),
        ("Approve", "approve"),
        ("Deny", "deny"),
        ("Ask again", "run"),
        ("It was done", "outcome"),
        ("Stop", "stop"),
        ("Yes", "resolve"),
        ("Another time", "resolve"),
        ("Not yet", "snooze"),
        ("Update", "update"),
        ("Next: Identified", "status"),
        ("More", "help"),
        ("Correct", "update"),
        ("Follow", "follow"),
        ("Call somebody", "escalate"),
        ("Just watching", "join"),
        ("Hand over", "handoff"),
    ],
)
def test_a_button_that_people_know(label: str, verb: str) -> None:
    found = {(words.lstrip("!"), meant) for name in SCREENS for words, meant, _ in buttons(name)}
    assert (label, verb) in found, sorted(found)
