"""Decided, tried, seen, impact: what is understood, what is asked back, what the fold and the facts keep."""

from collections.abc import Callable

import pytest

from bot.domain import telling, undo
from bot.domain.events import Decided, Draft, SeenBy, StatusChanged, Tried, Undone
from bot.domain.facts import facts_of
from bot.domain.terms import Source, Status
from bot.domain.told import Impact
from bot.errors import BadInput
from bot.text import PlainShow, render
from tests.bot.domain.log import Log, alerted, declared, fired, minute
from tests.bot.domain.test_saying import answered


def test_also_after_the_end() -> None:
    log = answered()
    log.add("UANA", StatusChanged(Status.INVESTIGATING, Status.CLOSED))
    by = log.by("UANA")
    assert telling.decide(log.state, by, " we keep it ") == (Draft(Decided("we keep it")),)
    assert telling.tried(log.state, by, "restart", "no change") == (Draft(Tried("restart", "no change")),)
    assert [d.payload for d in telling.seen(log.state, by, "customers", "slow")] == [SeenBy("customer", text="slow")]


@pytest.mark.parametrize(
    ("word", "who"),
    [("customer", "customer"), ("Customers:", "customer"), ("business", "business"), ("vendor", "partner")],
)
def test_who_sees_it(word: str, who: str) -> None:
    assert telling.whose(word) == who


@pytest.mark.parametrize(("word", "said"), [("custmer", "Did you mean"), ("orders", "Say one of")])
def test_who_else(word: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        telling.whose(word)


@pytest.mark.parametrize("read", [telling.cause_of, telling.whose])
def test_a_wrong_word_is_said_back_no_longer_than_it_takes(read: Callable[[str], str]) -> None:
    """Also where it is near enough to be taken for another."""
    for word in ("c" * 3_000, "customer" + "s" * 3_000, "a " * 1_500):
        with pytest.raises(BadInput) as wrong:
            read(word)
        assert len(render(wrong.value.sentence, PlainShow())) < 300


def test_nothing_is_asked_for() -> None:
    log = answered()
    wrong: tuple[Callable[[], object], ...] = (
        lambda: telling.decide(log.state, log.by("UANA"), " "),
        lambda: telling.tried(log.state, log.by("UANA"), " ", "x"),
        lambda: telling.seen(log.state, log.by("UANA"), "customer", " "),
        lambda: telling.impact(log.state, log.by("UANA"), ""),
        lambda: telling.impact(log.state, log.by("UANA"), "x" * 41),
        lambda: telling.impact(log.state, log.by("UANA"), "<!here>"),
        lambda: telling.impact(log.state, log.by("UANA"), "trading", 0),
        lambda: telling.impact(log.state, log.by("UANA"), "trading", 101),
        lambda: telling.impact(log.state, log.by("UANA"), "trading", 40, minute(-1), minute(-2)),
        lambda: telling.impact(log.state, log.by("UANA"), "trading", 40, minute(60)),
    )
    for decide in wrong:
        with pytest.raises(BadInput):
            decide()


def impact(log: Log, *said: object) -> None:
    log.decided("UANA", telling.impact(log.state, log.by("UANA"), *said))  # type: ignore[arg-type]


def test_silence_is_no_answer_and_the_last_word_holds() -> None:
    log = answered()
    assert log.state.told.impact is facts_of(log.state).impact is None
    impact(log, "Trading", 40, minute(-5))
    impact(log, "trading", 30, minute(-5), minute(-1))
    impact(log, "login")
    assert log.state.told.impact == (
        Impact(log.state.seq - 1, "trading", 30, minute(-5), minute(-1)),
        Impact(log.state.seq, "login", None, None),
    )
    assert telling.impact(log.state, log.by("UANA"), "login") == ()
    log.decided("UANA", telling.no_impact(log.state, log.by("UANA")))
    assert log.state.told.impact == facts_of(log.state).impact == ()
    assert telling.no_impact(log.state, log.by("UANA")) == ()
    impact(log, "login")
    now = log.state.told.impact
    assert now is not None
    assert [one.function for one in now] == ["login"]


def test_what_is_taken_back_was_never_said() -> None:
    log = answered()
    impact(log, "trading", 40)
    log.decided("UBEN", telling.seen(log.state, log.by("UBEN"), "customer", "slow"))
    taken = undo.last_of("UBEN", log.events, log.now)
    [draft] = undo.undo(log.state, taken, log.events)
    assert isinstance(draft.payload, Undone)
    log.decided("UBEN", [draft])
    assert log.state.told.seen == ()
    assert log.state.told.impact is not None


@pytest.mark.parametrize(
    ("began", "reported", "found"),
    [(-1, None, "monitoring"), (-1, -0.5, "monitoring"), (-1, -1, "monitoring"), (-5, -3, "people_despite_signal")],
)
def test_who_found_what_an_alert_opened(began: float, reported: float | None, found: str) -> None:
    log = alerted(began=began)
    if reported is not None:
        log.after(1).add("UANA", SeenBy("customer"), minute(reported))
    assert facts_of(log.state).found == found


def test_a_report_before_the_declaration_counts() -> None:
    log = declared()
    log.after(0.5).add("alert:alertmanager", fired(1, -9))
    assert facts_of(log.state).found == "monitoring"
    log.add("UANA", SeenBy("customer"), minute(-10))
    assert facts_of(log.state).found == "people_before_monitoring"
    assert [one.by for one in facts_of(log.state).seen] == ["customer"]


def test_who_sees_it_too_has_not_answered_the_call() -> None:
    """Whoever reads the announcement says so once; that makes nobody a responder, or a commander."""
    log = alerted()
    log.source = Source.BUTTON
    log.decided("UMIA", telling.seen_too(log.state, "UMIA"))
    assert [(one.by, one.person) for one in log.state.told.seen] == [("colleague", "UMIA")]
    assert (log.state.answered, dict(log.state.people), log.state.commander) == ((), {}, "")
    assert telling.seen_too(log.state, "UMIA") == ()
    assert telling.seen_too(log.state, "ULI") != ()


def test_a_message_is_one_report() -> None:
    log = answered()
    where = telling.Message("C1", "1.2", "UBEN", minute(-3))
    log.decided("UANA", telling.seen(log.state, log.by("UANA"), "partner", "no orders come", message=where))
    assert (log.events[-1].occurred_at, log.state.told.seen[0].at) == (minute(-3), minute(-3))
    assert telling.seen(log.state, log.by("UBEN"), "customer", "no orders come", message=where) == ()
