"""A commander of whom nothing is heard: who is asked instead."""

from itertools import count

from bot.domain import calling
from bot.domain.calling import ASKED, Chain, calls
from bot.domain.events import (
    Acknowledged,
    CommanderSilent,
    Heard,
    OutageBegan,
    OutageEnded,
    PageAnswered,
    PageSent,
    RoleOffered,
    RoleTaken,
)
from bot.domain.ladder import Ladder, one_after_the_other
from bot.domain.roles import take
from bot.domain.silence import silence
from bot.domain.terms import COMMANDER, MINUTE, Severity
from bot.flows.consequences import consequences
from tests.bot.domain.log import Log, alerted

ids = count()
ROTA = Ladder(one_after_the_other(("UANA", "UMIA")))


def unheard(others: bool = True) -> Log:
    """Ben commands a sev1 alone, and is asked whether he is there."""
    log = alerted(severity=Severity.SEV1)
    log.add("UBEN", Acknowledged())
    log.add("UBEN", taken(log))
    log.after(15)
    drafts = silence(log.state, log.now, others)
    assert drafts is not None
    log.decided("bot", drafts)
    return log


def taken(log: Log) -> RoleTaken:
    return RoleTaken(COMMANDER, "UBEN", why="alone")


def instead(log: Log) -> list[tuple[str, str]]:
    """Who is called, and for which role."""
    drafts = calling.instead(log.state, ROTA, lambda: f"p{next(ids)}", log.now)
    log.decided("bot", drafts)
    return [(d.payload.person, d.payload.role) for d in drafts if isinstance(d.payload, PageSent)]


def said(log: Log) -> list[str]:
    """Where the last event has a line."""
    made = consequences(log.state, log.events[-1:])
    return [effect.args["where"] for effect in made if effect.args.get("surface") == "line"]


def asks(log: Log) -> str:
    return next(e.payload.then for e in reversed(log.events) if isinstance(e.payload, CommanderSilent))


def test_what_he_is_told_is_what_will_happen() -> None:
    assert asks(unheard()) == "call"
    assert asks(unheard(others=False)) == "nobody"


def test_where_nobody_else_is_here_who_is_on_call_is_called_to_command() -> None:
    log = unheard()
    assert silence(log.after(3).state, log.now, True) is None
    assert instead(log) == [("UANA", COMMANDER)]
    assert said(log) == ["channel"]
    assert instead(log) == [], "it rings already"
    more = calls(log.after(2).state, Chain("orders", ASKED), ROTA, lambda: f"p{next(ids)}", log.now, after=1)
    assert more is not None
    log.decided("bot", more)
    assert [(page.person, page.role) for page in log.state.pages] == [("UANA", COMMANDER), ("UMIA", COMMANDER)]
    log.add("UBEN", Heard())
    assert [(page.answer, page.by) for page in log.state.pages] == [("over", "UBEN")] * 2, "he is there again"
    assert calls(log.after(2).state, Chain("orders", ASKED), ROTA, lambda: f"p{next(ids)}", log.now, after=2) is None


def test_who_answers_takes_command() -> None:
    log = unheard()
    instead(log.after(3))
    log.decided("UANA", take(log.state, log.by("UANA")))
    assert log.state.commander == "UANA"
    assert isinstance(log.events[-1].payload, PageAnswered | RoleTaken)


def test_who_is_here_is_offered_command_and_nobody_is_called() -> None:
    log = alerted(severity=Severity.SEV1)
    log.add("UBEN", Acknowledged())
    log.add("UBEN", taken(log))
    log.add("UMIA", Acknowledged())
    drafts = silence(log.after(15).state, log.now, True)
    assert drafts is not None
    log.decided("bot", drafts)
    assert asks(log) == "offer"
    drafts = silence(log.after(3).state, log.now, True)
    assert [d.payload for d in drafts or ()] == [RoleOffered(COMMANDER, "UMIA", "silent")]


def test_the_moment_that_is_told_is_when_he_was_heard_whatever_moved_his_time() -> None:
    log = alerted(severity=Severity.SEV1)
    log.add("UBEN", Acknowledged())
    log.add("UBEN", taken(log))
    heard = log.now
    log.after(5).add("bot", OutageBegan("unreachable"))
    log.after(4).add("bot", OutageEnded(heard + 5 * MINUTE))
    assert silence(log.after(7).state, log.now) == (), "four minutes were nobody's"
    drafts = silence(log.after(4).state, log.now)
    assert drafts is not None
    [asked] = [draft.payload for draft in drafts]
    assert isinstance(asked, CommanderSilent)
    assert asked.since == heard


def test_whose_time_to_answer_runs_is_not_called_away() -> None:
    """A search that was going on all the same is for one more, until the three minutes are over."""
    log = unheard()
    log.add("UMIA", PageSent("asked", "UANA", ASKED, 1, "", "orders"))
    for minutes, role in ((2, ""), (2, COMMANDER)):
        more = calls(log.after(minutes).state, Chain("orders", ASKED), ROTA, lambda: f"p{next(ids)}", log.now, after=1)
        assert more is not None
        assert [d.payload.role for d in more if isinstance(d.payload, PageSent)] == [role]
