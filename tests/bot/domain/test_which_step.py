"""The number of a step in every dress in which people write it; what only looks like one is asked about, never acted on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import which_step
from bot.errors import BadInput
from commands import registry
from commands.stepping import At

VERBS = registry.load()


BARE = ("ask", "assist", "rollback")
"""Verbs that take a step and nothing else."""


@pytest.mark.parametrize(
    ("words", "step", "rest"),
    [
        ("", "", ""),
        ("2.3", "2.3", ""),
        ("2.3 fenced", "2.3", "fenced"),
        ("step 2.3", "2.3", ""),
        ("Step 2.3: fenced", "2.3", "fenced"),
        ("the step 2.3 because it is done", "2.3", "because it is done"),
        ("#2.3", "2.3", ""),
        ("step #2.3", "2.3", ""),
        ("(2.3)", "2.3", ""),
        ("[2.3] fenced", "2.3", "fenced"),
        ("*2.3* fenced", "2.3", "fenced"),
        ("`2.3`", "2.3", ""),
        ("2.3. fenced", "2.3", "fenced"),
        ("2.3, fenced", "2.3", "fenced"),
        ("2.3 - fenced", "2.3", "fenced"),
        ("步骤 2.3", "2.3", ""),
        ("步骤2.3已隔离", "2.3", "已隔离"),
        ("第2.3步", "2.3", ""),
        ("第 2.3 步：已隔离", "2.3", "已隔离"),
        ("2.3\uff0c已隔离", "2.3", "已隔离"),
        ("\uff082.3\uff09", "2.3", ""),
        ("\uff12.\uff13", "2.3", ""),
        ("12\uff0e10 ok", "12.10", "ok"),
        ("it is done", "", "it is done"),
        ("stepped back to 2.3", "", "stepped back to 2.3"),
        ("step by step as written", "", "step by step as written"),
        ("promoted at 03:04:11", "", "promoted at 03:04:11"),
        ("03:04:11 promoted", "", "03:04:11 promoted"),
        ("3 rows, 2.3 s", "", "3 rows, 2.3 s"),
        ("https://g.example/2.3", "", "https://g.example/2.3"),
        ("第3次重试成功", "", "第3次重试成功"),
    ],
)
def test_a_step_is_read(words: str, step: str, rest: str) -> None:
    assert which_step.read(words, "done") == (step, rest)


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("1,1", "done 1.1"),
        ("step 1,1 fenced", "done 1.1 fenced"),
        ("1\uff0c1", "done 1.1"),
        ("2。3 已隔离", "done 2.3 已隔离"),
        ("2.3.4", "done 2.3 2.3.4"),
        ("step 2", "done 2.3"),
        ("第2步", "done 2.3"),
        ("第二步", "done 2.3 第二步"),
        ("2.3-2.5", "done 2.3 2.3-2.5"),
        ("7", "done 2.3"),
        ("#7", "done 2.3"),
        ("10.0.0.7 is primary", "done 2.3 10.0.0.7 is primary"),
        ("99.9% are back", "done 2.3 99.9% are back"),
    ],
)
def test_what_looks_like_a_step_is_asked_about(words: str, example: str) -> None:
    with pytest.raises(BadInput) as asked:
        which_step.read(words, "done")
    assert asked.value.example == example
    assert which_step.read(example.removeprefix("done "), "done")[0] in ("1.1", "2.3")


@pytest.mark.parametrize(
    "verb", ["answer", "ask", "assign", "assist", "back", "confirm", "done", "outcome", "override", "rollback", "skip"]
)
def test_every_verb_about_a_step_reads_it_so(verb: str) -> None:
    words = {"outcome": "step 2.3 done", "assign": "step 2.3 @[U0LI]", **dict.fromkeys(BARE, "step 2.3 please")}
    args = VERBS[verb].parse(words.get(verb, "step 2.3 yes"))
    found = args if isinstance(args, str | At) else getattr(args, "at", None) or args.step
    assert getattr(found, "step", found) == "2.3"
    with pytest.raises(BadInput) as asked:
        VERBS[verb].parse("1,1 yes")
    assert asked.value.example.startswith(f"{verb} 1.1")


@pytest.mark.parametrize("verb", BARE)
@pytest.mark.parametrize("words", ["everybody", "2.3 not now", "2.3 5", "77"])
def test_who_says_more_than_the_step_is_asked(verb: str, words: str) -> None:
    with pytest.raises(BadInput) as asked:
        VERBS[verb].parse(words)
    assert asked.value.example in (verb, f"{verb} 2.3")


def test_an_answer_may_be_a_number() -> None:
    assert which_step.read("2", "answer") == ("", "2")


@given(st.text())
def test_any_words_are_read_or_asked_about(words: str) -> None:
    try:
        step, rest = which_step.read(words, "done")
    except BadInput as asked:
        which_step.read(asked.example.removeprefix("done "), "done")
        return
    assert rest == rest.strip()
    assert step.replace(".", "").isdigit() or not step
