import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.matcher import Matcher, all_hold, parse
from bot.errors import BadInput

LABELS = {"alertname": "DiskFull", "env": "production", "mount": "/var/log"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('env="production"', True),
        ("env=production", True),
        ('env = "production"', True),
        ('env="prod"', False),
        ('env!="staging"', True),
        ('env=~"prod"', False),
        ('env=~"prod.*|staging"', True),
        ('env!~"prod"', True),
        ('mount=~"/var|/var/log"', True),
        ('team=""', True),
        ('team!=""', False),
        ('team!="x"', True),
        ('team=~".*"', True),
        ('team!~".+"', True),
        ('alertname=~"(?i)diskfull"', True),
    ],
)
def test_holds(text: str, holds: bool) -> None:
    assert parse(text).holds(LABELS) is holds


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is no matcher"),
        ("env", "is no matcher"),
        ("1env=x", "is no matcher"),
        ('env=="x"', "in double quotes"),
        ("env=", "in double quotes"),
        ("env=a b", "in double quotes"),
        ('env="a', "in double quotes"),
        ('env="a"b"', "in double quotes"),
        ('env=~"("', "is wrong"),
        ('env=~"[[a]"', "is wrong"),
        ('env=~"a{99999999999999999999}"', "is wrong"),
        ('env=~"' + "a" * 257 + '"', "may have"),
        ('env=~"(a+)+"', "repeats a repeat"),
        ('env=~"(x(a*b)c){2,}"', "repeats a repeat"),
        ('env=~"(?=a)b"', "looks around"),
        ('env=~"(?<!a)b"', "looks around"),
        ('env=~"(a)\\\\1"', "refers back"),
        ('env=~".*a.*b.*c.*"', "more than {n} repeats"),
    ],
)
def test_says_what_is_wrong(text: str, word: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert word in caught.value.sentence.msgid
    assert caught.value.example


def test_branches_are_counted_apart() -> None:
    assert parse('a=~".*b.*|.*c.*|.*d.*"').holds({"a": "xdx"})
    assert parse('a=~"[*+]+(x|y*)"').holds({"a": "*+yy"})


def test_a_hostile_value_is_quick() -> None:
    matcher = parse('a=~".*a.*b.*c"')
    start = time.process_time()
    assert not matcher.holds({"a": "a" * 256 + "b" * 256})
    assert time.process_time() - start < 2


@pytest.mark.parametrize("op", ["=~", "!~"])
def test_a_value_without_end_meets_no_pattern(op: str) -> None:
    assert not parse(f'a{op}"x*"').holds({"a": "x" * 513})


@pytest.mark.parametrize(
    ("text", "positive"),
    [
        ('env="x"', True),
        ('env=""', False),
        ('env!="x"', False),
        ('env=~"a|b"', True),
        ('env=~".*"', False),
        ('env!~"a"', False),
    ],
)
def test_positive(text: str, positive: bool) -> None:
    assert parse(text).positive is positive


def test_no_matchers_hold_of_nothing() -> None:
    assert not all_hold((), LABELS)
    assert all_hold(('env="production"', 'mount!=""'), LABELS)
    assert not all_hold(('env="production"', 'team!=""'), LABELS)


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,4}", fullmatch=True)
OPS = st.sampled_from(["=", "!=", "=~", "!~"])
WORDS = st.text(alphabet='ab.|*\n"\\ é', max_size=6)


@given(NAMES, st.sampled_from(["=", "!="]), st.text(max_size=20))
def test_what_is_written_is_read_again(name: str, op: str, value: str) -> None:
    matcher = Matcher(name, op, value)
    assert parse(str(matcher)) == matcher


@given(NAMES, OPS, WORDS, st.dictionaries(NAMES, WORDS, max_size=3))
def test_agrees_with_a_slow_reference(name: str, op: str, value: str, labels: dict[str, str]) -> None:
    try:
        matcher = parse(str(Matcher(name, op, value)))
    except BadInput:
        return
    found = labels.get(name) or ""
    by_pattern = "~" in op
    same = re.search(r"\A(?:" + value + r")\Z", found) is not None if by_pattern else list(found) == list(value)
    assert matcher.holds(labels) is (same if op in ("=", "=~") else not same)


@given(st.text(max_size=300))
def test_any_text_is_a_matcher_or_a_sentence(text: str) -> None:
    with contextlib.suppress(BadInput):
        parse(text)
