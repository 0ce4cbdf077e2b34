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


@pytest.mark.parametrize("verb", ALONE)
def test_words_are_refused(verb: str) -> None:
    for words, example in (("not me", verb), ("2", f"{verb} INC-2"), ("#2", f"{verb} INC-2"), ("٢", verb)):
        with pytest.raises(BadInput) as asked:
            VERBS[verb].parse(words)
        assert asked.value.example == example


@pytest.mark.parametrize("verb", ALONE)
def test_courtesy_is_none(verb: str) -> None:
    assert VERBS[verb].parse("it please.") == VERBS[verb].parse("")
