"""What a verb takes, and what its example says, is in the language of who reads it; what is typed to the letter stays."""

import re
from typing import Any

import pytest

from bot import locale
from bot.domain import phrase
from bot.text import English, PlainShow, Text, Typed, render, t
from commands import Command, registry
from commands.places import PLACES, SAID, exampled, spelled
from tests.commands.test_registry import typed

VERBS = registry.load()
OTHERS = (
    "automation allow restart the disk was replaced",
    "drill finding the standby's number was wrong @ben 14d",
    "note the vendor calls back at 04:00",
    "reopen it fails again since 14:02",
)
"""Examples of refusals alone."""


@pytest.mark.parametrize("usage", [verb.usage for verb in VERBS.values()], ids=VERBS)
def test_in_english_it_is_the_usage(usage: str) -> None:
    assert render(spelled(usage), English()) == usage


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ("skip [2.3] <reason>", "skip [2.3] <原因>"),
        ("page <@person|@team|service>", "page <@人员|@团队|服务>"),
        (
            "automation [off|dry-run|ask|auto|allow <plan>] <reason>",
            "automation [off|dry-run|ask|auto|allow <预案>] <原因>",
        ),
        ("plan [name] [resume|start]", "plan [名称] [resume|start]"),
        ("run <action> [param=value …]", "run <动作> [参数=值 …]"),
    ],
)
def test_in_chinese_its_places_are(usage: str, said: str) -> None:
    locale.speak("zh-CN")
    try:
        assert render(t("{a}", a=Typed(spelled(usage))), PlainShow()) == f"/tocsin {said}"
    finally:
        locale.speak("en")


def test_whatever_must_be_filled_in_is_a_place() -> None:
    """A single word in angle brackets is none that anybody types."""
    filled = {word for verb in VERBS.values() for word in re.findall(r"<@?(\w+)>", verb.usage)}
    assert filled <= set(PLACES)
    assert set(PLACES) <= {word for verb in VERBS.values() for word in re.findall(r"\w+", verb.usage)}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_an_example_works_in_chinese_too(verb: Command[Any]) -> None:
    """All that somebody would say is in Chinese; names are, and what is typed to the letter."""
    locale.speak("zh-CN")
    try:
        shown = render(t("{a}", a=Typed(exampled(verb.example), bare=True)), PlainShow())
        line = phrase.line(shown)
        assert line.verb == verb.name
        assert verb.form(verb.parse(typed(verb, line.words))) is None
    finally:
        locale.speak("en")


def test_only_the_words_of_examples_are_translated() -> None:
    assert exampled("note our own words") == "note our own words"
    assert exampled("note {x} the standby is 3 s behind") == "note {x} the standby is 3 s behind"


def test_whatever_is_said_is_an_examples() -> None:
    """And no example that is said in several words is forgotten."""
    examples = " · ".join([*(verb.example for verb in VERBS.values()), *OTHERS])
    assert [said.msgid for said in SAID if said.msgid not in examples] == []
    said = {line for line in examples.split(" · ") if isinstance(exampled(line), Text)}
    long = {line for line in examples.split(" · ") if len(line.split()) > 5}
    assert long - said == {"impact trading 40% from 02:45 to 03:10"}, "names and numbers alone"
