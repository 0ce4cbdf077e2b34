"""Reading JSON: quick for what is plain and right, and never more lenient for that."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.text import PlainShow, render
from integrations.payload import read_json

TEXTS = st.text(st.sampled_from('ab":\\ \n\té\0'), max_size=4)
SPACES = st.sampled_from(["", " ", "\n", "\t \r"])
NUMBERS = st.sampled_from(["0", "-1", "1.5", "1e5", "18446744073709551615"])


@st.composite
def objects(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    """An object's text, now and then with a key twice."""
    rows = [
        f"{_spelled(draw, draw(TEXTS))}{draw(SPACES)}:{draw(SPACES)}{value}"
        for value in draw(st.lists(values, max_size=4))
    ]
    return "{" + ",".join(rows) + "}"


def _spelled(draw: st.DrawFn, text: str) -> str:
    return json.dumps(text, ensure_ascii=draw(st.booleans()))


@st.composite
def spelled(draw: st.DrawFn) -> str:
    return _spelled(draw, draw(TEXTS))


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda all_: "[" + ", ".join(all_) + "]")


JSON = st.recursive(
    spelled() | NUMBERS | st.sampled_from(["null", "true"]), lambda v: objects(v) | lists(v), max_leaves=8
)


def strictly(text: str) -> Any:
    """What it means, or ValueError: a key twice, a NUL."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    value = json.loads(text, object_pairs_hook=once)
    if "\\u0000" in json.dumps(value):
        raise ValueError("NUL")
    return value


@given(JSON)
def test_it_reads_what_the_strict_reader_reads_and_refuses_the_same(text: str) -> None:
    try:
        expected = strictly(text)
    except ValueError:
        with pytest.raises(BadInput):
            read_json(text.encode())
        return
    assert read_json(text.encode()) == expected


@pytest.mark.parametrize(
    "body",
    [
        '{"a":1,"a":1}',
        '{"a":1,"a" :2}',
        '{"a":{"b":1,"c":2,"b":3}}',
        '[{"x":1},{"a":1,"\\u0061":1}]',
        '{"a":"x","a":":"}',
        '{"a":"\\u0022:","a":"\\u0022:"}',
    ],
)
def test_a_key_twice_is_found_wherever_it_hides(body: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_json(body.encode())
    assert "twice" in render(refused.value.sentence, PlainShow())


@pytest.mark.parametrize(
    "body", ['{"a":":8080"}', '{"a":"he said \\":\\""}', '{"a" : 1}', '{"a":"\\\\u0000"}', "\ufeff{}"]
)
def test_what_only_looks_odd_is_read(body: str) -> None:
    assert read_json(body.encode()) == json.loads(body.removeprefix("\ufeff"))
