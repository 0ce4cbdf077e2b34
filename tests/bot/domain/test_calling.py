"""Who is called, in which order, and when nobody has to be."""

from collections.abc import Sequence
from itertools import count

import pytest

from bot.domain.calling import AGAIN, NEXT_LEVEL, calls
from bot.domain.events import Acknowledged, NobodyCalled, PageAnswered, PageSent
from bot.domain.terms import COMMANDER
from tests.bot.domain.log import Log, alerted, declared

ROTA = ("UANA", "UBEN")


def call(log: Log, callees: Sequence[str] = ROTA, service: str = "orders") -> list[tuple[str, int]] | None:
    """(who, level) of the calls made now, which the log then has; None: nobody has to be called."""
    ids = count(len(log.events))
    drafts = calls(log.state, service, callees, "platform, default", lambda: f"p{next(ids)}", log.now)
    if drafts is None:
        return None
    log.decided("bot", drafts)
    return [(d.payload.person, d.payload.level) for d in drafts if isinstance(d.payload, PageSent)]


def test_one_after_the_other_and_then_all_of_them_until_somebody_answers() -> None:
    log = alerted()
    assert call(log) == [("UANA", 1)]
    assert call(log.after(2)) == [("UBEN", 2)]
    assert call(log.after(2)) == [("UANA", 3), ("UBEN", 3)]
    assert call(log.after(10)) == [("UANA", 5), ("UBEN", 5)]
    assert {page.role for page in log.state.pages} == {COMMANDER}
    due = [e.payload.due_at for e in log.events if isinstance(e.payload, PageSent)]
    gaps = [at and at - page.at for at, page in zip(due, log.state.pages, strict=True)]
    assert gaps == [NEXT_LEVEL, NEXT_LEVEL, AGAIN, None, AGAIN, None], "one timer for each level"
    log.add("UBEN", PageAnswered(log.state.pages[-1].id, "UBEN", "take"))
    assert call(log.after(10)) is None


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
