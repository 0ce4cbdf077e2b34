"""What people type in other words than the usage says is read as they mean it, or asked about with a line that works."""

import pytest

from bot.domain import phrase, reading
from bot.domain.terms import DAY
from bot.errors import BadInput
from commands import registry
from tests.commands.test_registry import VERBS, sent


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("mitigated 08:50 the graph", "mark mitigated --at 08:50 the graph"),
        ("began at 08:40", "mark began --at 08:40"),
        ("began since 8.40, the graph", "mark began --at 8:40 the graph"),
        ("began today 08:40", "mark began --at 08:40"),
        ("began yesterday", "mark began --at yesterday 23:50"),
        ("began yesterday 23:40 the graph", "mark began --at yesterday 23:40 the graph"),
        ("began 昨天 23:40", "mark began --at yesterday 23:40"),
        ("began 2026-11-20 14:02", "mark began --at 2026-11-20 14:02"),
        ("began -5m", "mark began --at -5m"),
        ("began 5 min ago", "mark began --at -5m"),
        ("began 2小时前", "mark began --at -2h"),
        ("began 8am", "mark began --at 14:02"),
    ],
)
def test_a_moment_that_is_marked_is_never_taken_for_the_reason(words: str, example: str) -> None:
    """It would be now, silently."""
    with pytest.raises(BadInput, match="Then write it behind") as asked:
        VERBS["mark"].parse(words)
    assert asked.value.example == example
    rest, when = registry.timed(VERBS["mark"], phrase.line(example).words)
    assert (when, reading.moment(when or "", "UTC", 3 * DAY + 50 * 365 * DAY) > 0) == (when, True)
    VERBS["mark"].parse(rest)


@pytest.mark.parametrize("words", ["mitigated", "mitigated 3 hosts are back", "began the graph says 08:40"])
def test_a_reason_that_says_a_number_is_one(words: str) -> None:
    assert VERBS["mark"].parse(words).reason == words.partition(" ")[2]


@pytest.mark.parametrize("words", ["none", "None.", "no impact", "无", "没有影响"])
def test_no_impact_is_none(words: str) -> None:
    assert VERBS["impact"].parse(words).none
    assert VERBS["impact"].fill({"function": words}, {}).none


@pytest.mark.parametrize("words", ["unknown", "Unknown.", "未知", "不清楚", "?"])
def test_that_nobody_knows_it_is_no_impact(words: str) -> None:
    with pytest.raises(BadInput, match="stays unknown"):
        VERBS["impact"].parse(words)
    with pytest.raises(BadInput, match="stays unknown"):
        VERBS["impact"].fill({"function": words}, {})


@pytest.mark.parametrize(
    ("line", "person", "role"),
    [
        ("handoff to @ben", "U0BEN", "commander"),
        ("handoff command to @li", "U0LI", "command"),
        ("handoff 给 @ben 沟通联络", "U0BEN", "沟通联络"),
        ("role give @li scribe", "U0LI", "scribe"),
        ("role scribe to @li", "U0LI", "scribe"),
        ("role @li as scribe", "U0LI", "scribe"),
    ],
)
def test_words_around_a_person_are_no_role(line: str, person: str, role: str) -> None:
    said = phrase.line(sent(line))
    args = VERBS[said.verb].parse(said.words)
    assert (args.person, args.role) == (person, role)


@pytest.mark.parametrize("verb", ["role", "handoff"])
def test_an_id_is_no_part_of_a_role(verb: str) -> None:
    with pytest.raises(BadInput, match="complete the name") as asked:
        VERBS[verb].parse("commander U0BEN")
    assert "u0ben" not in asked.value.example


@pytest.mark.parametrize("verb", ["take", "pass"])
def test_what_is_taken_or_passed_without_a_name_is_the_latest(verb: str) -> None:
    assert [VERBS[verb].parse(words) for words in ("it", "", "the  Scribe role")] == ["", "", "scribe"]


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("done 2.1 INC-8", "INC-8 done 2.1"),
        ("skip step 2.1: inc 8", "INC-8 skip 2.1"),
        ("assist 2.1 INC-8", "INC-8 assist 2.1"),
        ("assign 2.1 @ben INC-8", "INC-8 assign 2.1"),
        ("sev 1 inc8", "INC-8 sev 1"),
        ("status identified INC-8.", "INC-8 status identified"),
        ("kind drill INC-8", "INC-8 kind drill"),
        ("mark mitigated INC-8", "INC-8 mark mitigated"),
        ("cause CHG.config INC-8", "INC-8 cause CHG.config"),
        ("times began 02:40 INC-8", "INC-8 times began 02:40"),
        ("decline mistake INC-8", "INC-8 decline mistake"),
    ],
)
def test_an_incident_behind_what_is_to_be_done_is_asked_about(line: str, instead: str) -> None:
    """It would be done in the one of the channel."""
    said = phrase.line(sent(line))
    with pytest.raises(BadInput) as asked:
        VERBS[said.verb].parse(said.words)
    assert asked.value.example == instead
    assert phrase.line(instead).incident == 8


@pytest.mark.parametrize(
    "line",
    [
        "done 2.1 as in INC-8",
        "done see INC-8",
        "sev 1 as INC-8",
        "done 2.1 INC-8 has the graph",
        "decline same as INC-8",
    ],
)
def test_words_may_name_another_incident(line: str) -> None:
    said = phrase.line(line)
    assert said.incident is None
    VERBS[said.verb].parse(said.words)
