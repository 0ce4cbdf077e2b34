"""What a verb takes is named in the language of who reads it; what is typed to the letter stays."""

import re

import pytest

from bot import locale
from bot.text import English, PlainShow, Typed, render, t
from commands import registry
from commands.places import PLACES, spelled

VERBS = registry.load()


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
