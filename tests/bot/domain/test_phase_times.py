"""How long the phases of a plan took: from the first step that began to the last that was done."""

from bot.domain import walk
from bot.domain.phase_times import phase_times
from bot.domain.terms import MINUTE
from tests.bot.domain.log import Log
from tests.bot.domain.plans import PAGE, do, walking
from tests.runbooks.pages import read

TIMED = read(PAGE.replace("**Lead:** Database lead", "**Target:** 10 min · **Lead:** Database lead")).plan


def taken(log: Log) -> dict[str, int | None]:
    assert log.state.walk is not None
    assert TIMED is not None
    return {one.phase.slug: one.took and one.took // MINUTE for one in phase_times(log.state.walk, TIMED)}


def test_from_the_first_step_to_the_last_that_was_done() -> None:
    """A phase without a target is none of it, nor one to which it did not come."""
    log = walking()
    assert taken(log) == {"look": None}
    do(log.after(3), walk.done, evidence="x")
    assert taken(log) == {"look": 4}
    do(log.after(4), walk.answer, choice="yes")
    assert taken(log) == {"look": 9}, "each of these is said a minute later"


def test_what_is_done_meanwhile_holds_up_no_phase() -> None:
    log = walking()
    do(log.after(3), walk.done, evidence="x")
    do(log, walk.answer, choice="yes")
    do(log.after(40), walk.done, "UCAT", step="1.1")
    assert taken(log) == {"look": 5}
