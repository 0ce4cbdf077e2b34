"""A verb that takes no words does nothing where some stand behind it: they say that something else was meant."""

import pytest

from bot.errors import BadInput
from commands import registry

VERBS = registry.load()
ALONE = [
    *("ack", "archive", "close", "escalate", "list", "plans", "private", "questions", "resume", "runs", "snooze"),
    *("split", "stop", "summary", "timeline", "undo"),
]


def test_they_are_the_verbs_whose_usage_is_the_verb() -> None:
    assert sorted(verb.name for verb in VERBS.values() if verb.usage == verb.name) == sorted(ALONE)


@pytest.mark.parametrize("verb", [verb for verb in ALONE if verb != "list"])
def test_words_are_refused(verb: str) -> None:
    for words, example in (("not me", verb), ("2", f"{verb} INC-2"), ("#2", f"{verb} INC-2"), ("٢", verb)):
        with pytest.raises(BadInput) as asked:
            VERBS[verb].parse(words)
        assert asked.value.example == example


@pytest.mark.parametrize("verb", ALONE)
def test_courtesy_is_none(verb: str) -> None:
    assert VERBS[verb].parse("it please.") == VERBS[verb].parse("")


@pytest.mark.parametrize(
    ("words", "instead"), [("INC-7", "summary INC-7"), ("7", "summary INC-7"), ("all", "list"), ("INC-7 all", "list")]
)
def test_list_is_of_all(words: str, instead: str) -> None:
    with pytest.raises(BadInput) as refused:
        VERBS["list"].parse(words)
    assert refused.value.example == instead


def test_one_time_is_enough() -> None:
    with pytest.raises(BadInput, match="two times"):
        registry.timed(VERBS["mark"], "back --at 08:40 --at 08:50")


def test_the_form_of_an_update_knows_what_was_typed() -> None:
    update = VERBS["update"]
    form = update.form(update.parse("--next 90m"))
    assert form is not None
    assert {field.name: field.value for field in form.fields}["next"] == "90m"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("status 已定位 磁盘满", "identified"),
        ("status Monitoring", "monitoring"),
        ("kind 演练 周五例行", "drill"),
        ("kind real it was none", "real"),
    ],
)
def test_words_of_the_screen_may_be_typed(line: str, said: str) -> None:
    verb, _, words = line.partition(" ")
    args = VERBS[verb].parse(words)
    assert (args.status if verb == "status" else args.kind) == said
    assert args.reason == words.partition(" ")[2]
