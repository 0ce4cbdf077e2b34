"""What must happen outside because of what was decided: pure, so without a database."""

import pytest

from bot.domain.change import resolve
from bot.domain.events import (
    ActionEnded,
    ActionStarted,
    AllClear,
    ApprovalAsked,
    ApprovalExpired,
    ApprovalWaits,
    ApprovalWidened,
    Archived,
    ChannelMade,
    Draft,
    MadePrivate,
    PageSent,
    Payload,
    PlanAttached,
    RoleTaken,
    StatusChanged,
    StepDone,
    StepStarted,
    UpdateMissed,
    UpdateSent,
)
from bot.domain.moments import mark
from bot.domain.people import acknowledge
from bot.domain.terms import MINUTE, Severity, Status
from bot.flows.consequences import consequences
from tests.bot.domain.log import Log, alerted, minute

DIGEST = "7f3a" * 16


def shown(log: Log) -> list[str]:
    """Surfaces that the last event brings up to date, or posts."""
    return [str(effect.args.get("key")) for effect in consequences(log.state, log.events[-1:])]


def test_the_numbers_that_were_posted_follow_what_is_said_after_the_end() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    log.after(9).decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(7)))
    assert not any("resolution" in key for key in shown(log)), "there are no numbers yet"
    log.after(1).decided("UANA", resolve(log.state, log.by("UANA"), minute(9)))
    posted = f"inc:42:resolution:{log.state.seq}"
    assert posted in shown(log)
    log.after(60).decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(8), "the graph says so"))
    assert shown(log).count(posted) == 1


def lines(log: Log, since: int) -> list[tuple[int, str]]:
    """Which of the events since then have a line of their own, and where."""
    made = consequences(log.state, [one for one in log.events if one.seq > since])
    return [(effect.args["seq"], effect.args["where"]) for effect in made if effect.args.get("surface") == "line"]


def test_nobodys_message_waits_for_what_goes_to_somebody_else() -> None:
    """In a burst a hand-over's question, whose time runs, came half a minute late. What goes to one person keeps its order."""
    log = alerted()
    calls = [PageSent(f"p{n}", who, "incident", 1) for n, who in enumerate(("UANA", "UBEN"))]
    log.decided("bot", tuple(Draft(call) for call in calls))
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    lanes: dict[str, set[str]] = {}
    for effect in consequences(log.state, log.events):
        if effect.args.get("room", "").startswith("dm:"):
            lanes.setdefault(effect.lane, set()).add(effect.args["room"])
    assert lanes == {"inc:42:dm:UANA": {"dm:UANA"}, "inc:42:dm:UBEN": {"dm:UBEN"}}


def test_who_answers_and_takes_roles_at_one_stroke_is_told_of_once() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    taken = [one.seq for one in log.events if isinstance(one.payload, RoleTaken)]
    assert len(taken) == 2, "command, and what nobody else does"
    assert lines(log, 1) == [(taken[0], "thread")], "it fell to her, so it concerns nobody else"
    log.decided("UBEN", acknowledge(log.state, log.by("UBEN")))
    assert lines(log, taken[-1]) == [(taken[-1] + 1, "thread")]
    before = len(log.events)
    log.decided(
        "UBEN", (Draft(RoleTaken("scribe", "UBEN", why="asked")), Draft(RoleTaken("deputy", "UBEN", why="asked")))
    )
    assert lines(log, before) == [(before + 1, "channel")]
    before = len(log.events)
    log.decided("UBEN", (Draft(RoleTaken("commander", "UBEN", "UANA", "asked")),))
    assert lines(log, before) == [(before + 1, "channel")], "who it was before is said"


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (ApprovalWidened(DIGEST, ("UDAN",)), True),
        (ApprovalExpired(DIGEST), True),
        (ApprovalExpired(DIGEST, "ac6a" * 16), False),  # the question in its place asks by itself
    ],
)
def test_the_channel_is_told_when_nobody_answers(payload: Payload, told: bool) -> None:
    """Nobody is notified of a card that is edited."""
    log = alerted()
    log.add("bot", PlanAttached(1, "failover", "sha", "matched"))
    log.add("bot", StepStarted(1, "1.1", 1, "operations", "UBEN"))
    log.add("bot", ApprovalAsked(1, "1.1", 1, "restart", DIGEST, 1, ("UANA",), minute(15), "", ("owners",), minute(5)))
    before = len(log.events)
    log.add("bot", payload)
    assert lines(log, before) == ([(before + 1, "channel")] if told else [])


@pytest.mark.parametrize(("length", "where", "direct"), [(15, "channel", ["UANA"]), (8, "thread", [])])
def test_half_of_the_time_is_told_no_more_often_than_every_5_min(length: int, where: str, direct: list[str]) -> None:
    log = alerted()
    log.add("bot", PlanAttached(1, "failover", "sha", "matched"))
    log.add("bot", StepStarted(1, "1.1", 1, "operations", "UBEN"))
    log.add("bot", ApprovalAsked(1, "1.1", 1, "restart", DIGEST, 1, ("UANA",), log.now + length * MINUTE))
    made = {effect.kind: effect for effect in consequences(log.state, log.events[-1:])}
    assert made["clock.half"].not_before == log.now + length * MINUTE // 2
    before = len(log.events)
    log.after(length / 2).add("bot", ApprovalWaits(DIGEST, ("UANA",)))
    assert lines(log, before) == [(before + 1, where)]
    made_now = consequences(log.state, log.events[-1:])
    assert [one.args["person"] for one in made_now if one.args.get("surface") == "approval_waits"] == direct


def test_whoever_is_next_is_called_when_nobody_said_yes() -> None:
    log = alerted()
    log.add("bot", ApprovalAsked(1, "1.1", 1, "restart", DIGEST, 1, ("UANA",), minute(15)))
    log.after(15).add("bot", ApprovalExpired(DIGEST, told=("UEVA",)))
    made = consequences(log.state, log.events[-1:])
    assert [one.args["person"] for one in made if one.args.get("surface") == "approval_over"] == ["UEVA"]
    [ring] = [one for one in made if one.kind == "clock.ring"]
    assert (ring.args["person"], ring.args["about"]) == ("UEVA", "expired")
    assert ring.not_before == log.now + 2 * MINUTE


@pytest.mark.parametrize(
    ("severity", "promised", "status", "further"),
    [
        (Severity.SEV1, False, Status.INVESTIGATING, True),
        (Severity.SEV2, False, Status.INVESTIGATING, True),
        (Severity.SEV3, False, Status.INVESTIGATING, False),
        (Severity.SEV3, True, Status.INVESTIGATING, True),
        (Severity.SEV1, True, Status.MONITORING, False),
    ],
)
def test_who_hears_of_a_late_update(severity: Severity, promised: bool, status: Status, further: bool) -> None:
    """The commander always; others of what is grave, or was promised, and is not calmer."""
    log = alerted(severity=severity)
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    if promised:
        log.add("UANA", UpdateSent(minute(20)))
    if status is not log.state.status:
        log.add("UANA", StatusChanged(log.state.status, status))
    log.after(20).add("bot", UpdateMissed(minute(20)))
    made = consequences(log.state, log.events[-1:])
    assert [one.args["person"] for one in made if one.args.get("surface") == "nudge"] == ["UANA"]
    assert [one.args["asked"] for one in made if one.kind == "clock.update"] == ["manager"] * further


def test_what_waits_for_people_goes_along_into_another_channel() -> None:
    """In one that was put away nobody can answer it."""
    log = alerted()
    log.add("bot", ChannelMade("C0OLD", "inc-42-orders-db-down"))
    log.add("bot", PlanAttached(1, "failover", "sha", "matched"))
    log.add("bot", StepStarted(1, "1.1", 1, "operations", "UBEN"))
    log.add("bot", ApprovalAsked(1, "1.1", 1, "restart", DIGEST, 1, ("UANA",), minute(15), "", ("owners",), minute(5)))
    log.add("bot", ActionStarted(1, "1.1", 1, "dump", "a1", 1, changes=False))
    asked = log.add("bot", AllClear(minute(0))).seq
    names = ("context", "step:1:1.1:1", f"approval:{DIGEST[:16]}", "attempt:a1", f"allclear:{asked}")
    waits = {f"inc:42:{name}" for name in names}
    log.add("UANA", MadePrivate("C0OLD"))
    assert waits <= set(shown(log))
    log.add("UANA", StatusChanged(log.state.status, Status.RESOLVED))
    log.add("UANA", Archived("C0NEW"))
    log.add("UANA", StatusChanged(log.state.status, Status.INVESTIGATING))
    assert {one for one in waits if "step" in one or "context" in one} <= set(shown(log)), "so if it begins again"
    log.add("bot", ActionEnded("a1", "exited", 0))
    log.add("UBEN", StepDone(1, "1.1", 1))
    log.add("bot", ApprovalExpired(DIGEST))
    log.after(1).add("UANA", MadePrivate("C0NEW"))
    assert waits & set(shown(log)) == {"inc:42:context"}, "what is over stays"
