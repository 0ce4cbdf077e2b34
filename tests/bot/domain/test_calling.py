"""Who is called, in which order, and when nobody has to be."""

from collections.abc import Sequence
from itertools import count

import pytest

from bot.domain.calling import AGAIN, ASKED, Chain, asked, calls
from bot.domain.deadlines import called_until
from bot.domain.events import (
    Acknowledged,
    NobodyAnswers,
    NobodyCalled,
    PageAnswered,
    PageSent,
    RoleOffered,
    StatusChanged,
)
from bot.domain.ladder import REPEAT, WAIT, Ladder, Level, one_after_the_other
from bot.domain.terms import COMMANDER, Status
from bot.flows.consequences import consequences
from tests.bot.domain.log import Log, alerted, declared

ROTA = ("UANA", "UBEN")


def ladder(callees: Sequence[str] = ROTA) -> Ladder:
    """A rota without levels of its own."""
    return Ladder(one_after_the_other(tuple(callees)), ("platform", "default"))


def call(
    log: Log,
    callees: Sequence[str] | Ladder = ROTA,
    service: str = "orders",
    about: str = "incident",
    after: int | None = None,
) -> list[tuple[str, int]] | None:
    """(who, level) of the calls made now, which the log then has; None: nobody has to be called."""
    ids = count(len(log.events))
    found = callees if isinstance(callees, Ladder) else ladder(callees)
    drafts = calls(log.state, Chain(service, about), found, lambda: f"p{next(ids)}", log.now, after)
    if drafts is None:
        return None
    log.decided("bot", drafts)
    return [(d.payload.person, d.payload.level) for d in drafts if isinstance(d.payload, PageSent)]


def test_one_after_the_other_and_then_all_of_them_until_somebody_answers() -> None:
    log = alerted()
    assert call(log) == [("UANA", 1)]
    assert call(log.after(2)) == [("UBEN", 2)]
    assert call(log.after(2)) == [("UANA", 3), ("UBEN", 3)]
    assert call(log.after(10)) == [("UANA", 4), ("UBEN", 4)]
    assert {page.role for page in log.state.pages} == {COMMANDER}
    due = [e.payload.due_at for e in log.events if isinstance(e.payload, PageSent)]
    gaps = [at and at - page.at for at, page in zip(due, log.state.pages, strict=True)]
    assert gaps == [WAIT, WAIT, REPEAT, None, REPEAT, None], "one timer for each level"
    assert [e.payload for e in log.events if isinstance(e.payload, NobodyAnswers)] == [NobodyAnswers("orders", REPEAT)]
    assert log.state.unanswered == ("orders",)
    log.add("UBEN", PageAnswered(log.state.pages[-1].id, "UBEN", "take"))
    assert call(log.after(10)) is None
    assert {(page.person, page.answer, page.by) for page in log.state.pages} == {
        ("UANA", "over", "UBEN"),
        ("UBEN", "take", "UBEN"),
    }
    assert not log.state.unanswered


def test_who_cannot_is_not_an_answer() -> None:
    log = alerted()
    call(log)
    log.add("UANA", PageAnswered(log.state.pages[0].id, "UANA", "pass"))
    assert call(log.after(2)) == [("UBEN", 2)]


@pytest.mark.parametrize(("who", "expected"), [("UMIA", [("UANA", 1)]), ("UBEN", None)])
def test_who_declares_is_no_answer_unless_on_call(who: str, expected: object) -> None:
    log = Log()
    log.add(who, declared().events[0].payload)
    log.add(who, Acknowledged())
    assert call(log) == expected


def test_nobody_is_said_once_and_looked_for_again() -> None:
    log = alerted()
    assert call(log, ()) == []
    [nobody] = [e.payload for e in log.events if isinstance(e.payload, NobodyCalled)]
    assert (nobody.service, nobody.due_at, nobody.names) == ("orders", log.now + AGAIN, "platform, default")
    assert call(log.after(10), ()) == []
    assert len([e for e in log.events if isinstance(e.payload, NobodyCalled)]) == 1
    assert log.state.uncalled == ("orders",)
    assert call(log) == [("UANA", 1)]
    assert not log.state.uncalled


def test_another_service_of_a_storm_is_called_though_somebody_leads_it() -> None:
    log = alerted()
    log.add("UMIA", Acknowledged())
    assert call(log) is None
    assert call(log, service="payments") == [("UANA", 1)]
    assert log.state.pages[-1].role == ""
    assert call(log.after(2), service="payments") == [("UBEN", 2)]
    log.add("UBEN", PageAnswered(log.state.pages[-1].id, "UBEN", "take"))
    assert call(log.after(2), service="payments") is None
    assert call(log, ("UMIA",), service="search") is None, "who is here and on call for it"


def test_levels_call_one_of_a_rota_and_all_of_a_group_and_wait_as_they_say() -> None:
    log = alerted()
    levels = (
        Level(("UANA", "UBEN"), 300),
        Level(("UBEN", "UCAT"), 60, whole=True),
        Level(("UANA", "UBEN")),
        Level(("UDAN",)),
    )
    steps = Ladder(levels, repeat=600, last=("UBOSS",))
    assert call(log, steps) == [("UANA", 1)]
    assert call(log, steps) == [("UBEN", 2), ("UCAT", 2)]
    assert call(log, steps) == [("UDAN", 4)], "of the third level all were called"
    due = [e.payload.due_at for e in log.events if isinstance(e.payload, PageSent)]
    assert due == [log.now + 300, log.now + 60, None, log.now + WAIT]
    everybody = [("UANA", 5), ("UBEN", 5), ("UCAT", 5), ("UDAN", 5), ("UBOSS", 5)]
    assert call(log, steps) == everybody


def test_a_timer_of_a_level_that_was_left_already_calls_nobody() -> None:
    log = alerted()
    call(log)
    call(log)
    assert call(log, after=1) is None
    assert call(log, after=2) == [("UANA", 3), ("UBEN", 3)]


def passes(log: Log, who: str) -> None:
    for page in [page for page in log.state.pages if page.person == who and not page.answer]:
        log.add(who, PageAnswered(page.id, who, "pass"))


def said_no(log: Log) -> list[tuple[str, ...]]:
    return [e.payload.no for e in log.events if isinstance(e.payload, NobodyAnswers)]


def test_who_cannot_is_called_again_only_if_all_cannot() -> None:
    log = alerted()
    call(log)
    call(log)
    passes(log, "UANA")
    assert call(log) == [("UBEN", 3)]
    passes(log, "UBEN")
    assert call(log) == [], "not at once"
    assert said_no(log)[-1] == ("UANA", "UBEN")
    due = log.now + REPEAT
    assert {page.due_at for page in log.state.pages if page.due_at is not None} == {due}, (
        "what was to come earlier waits"
    )
    assert called_until(log.state, Chain("orders")) == due
    timers = [one for one in consequences(log.state, log.events[-1:]) if one.kind == "clock.page"]
    assert [(one.not_before, one.args["level"]) for one in timers] == [(due, 3)]
    assert call(log.after(10), after=3) == [("UANA", 4), ("UBEN", 4)], "nobody is there still"


def test_who_was_asked_for_and_cannot_is_called_no_more() -> None:
    log = alerted()
    log.add("UANA", Acknowledged())
    assert want(log, "UMIA", ("UMIA",)) == [("UMIA", 1)]
    passes(log, "UMIA")
    assert call(log, ("UMIA",), "UMIA", ASKED) == []
    assert said_no(log) == [("UMIA",)]
    assert "channel" in [one.args.get("where") for one in consequences(log.state, log.events[-1:])], "she is told"
    assert not log.state.unanswered, "nobody is called, so nobody has yet to answer"
    assert call(log.after(2), ("UMIA",), "UMIA", ASKED, after=1) is None
    assert want(log, "UMIA", ("UMIA",)) == [("UMIA", 2)], "asked for anew"


def test_an_end_stops_all_calls_and_offers() -> None:
    log = alerted()
    log.add("UANA", Acknowledged())
    want(log, "UMIA", ("UMIA",))
    log.add("UANA", RoleOffered("commander", "UBEN", "handoff", log.now + REPEAT))
    log.add("UANA", StatusChanged(log.state.status, Status.RESOLVED))
    ended = log.state.seq
    asked_for = log.state.pages[-1]
    assert (asked_for.answer, asked_for.by, asked_for.ended) == ("ended", "", ended)
    [offer] = log.state.past_offers
    assert (log.state.offers, offer.answer, offer.ended) == ((), "ended", ended)
    shown = {effect.args.get("surface") for effect in consequences(log.state, log.events[-1:])}
    assert {"invite", "offer_told"} <= shown, "their messages say so"


def test_who_acts_in_the_channel_stops_the_calls() -> None:
    log = alerted()
    call(log)
    log.add("UMIA", Acknowledged())
    assert [(page.answer, page.by) for page in log.state.pages] == [("over", "UMIA")]
    assert call(log) is None


def want(log: Log, name: str, callees: Sequence[str], on: bool = False) -> list[tuple[str, int]]:
    """Ana wants one more; the calls are made."""
    ids = count(100 + len(log.events))
    drafts = asked(log.state, name, ladder(callees), lambda: f"p{next(ids)}", log.now, on)
    log.decided("UANA", drafts)
    return [(d.payload.person, d.payload.level) for d in drafts if isinstance(d.payload, PageSent)]


def test_one_more_is_called_until_somebody_answers() -> None:
    log = alerted()
    log.add("UANA", Acknowledged())
    assert want(log, "dba", ("UANA", "UBEN", "UCAT")) == [("UBEN", 1)], "who is here is not called"
    assert want(log, "dba", ("UANA", "UBEN")) == [], "it rings already"
    assert call(log, ("UANA", "UBEN", "UCAT"), "dba", ASKED, after=1) == [("UCAT", 2)]
    log.add("UCAT", PageAnswered(log.state.pages[-1].id, "UCAT", "take"))
    assert [page.answer for page in log.state.pages] == ["over", "take"]
    assert call(log, ("UANA", "UBEN", "UCAT"), "dba", ASKED, after=2) is None
    assert want(log, "dba", ("UANA", "UBEN", "UCAT")) == [("UBEN", 3)], "asked for anew, it begins anew"


def test_escalating_goes_on_where_the_calls_stand() -> None:
    log = alerted()
    call(log, ("UANA", "UBEN", "UCAT"))
    log.add("UANA", PageAnswered(log.state.pages[-1].id, "UANA", "take"))
    assert want(log, "orders", ("UANA", "UBEN", "UCAT"), on=True) == [("UBEN", 2)]
    assert want(log, "orders", ("UANA", "UBEN", "UCAT"), on=True) == [("UCAT", 3)]
    assert want(log, "orders", ("UANA", "UBEN", "UCAT"), on=True) == []
