"""What turned out to be real is no drill any more: a table."""

import pytest

from bot.domain import drill, walk
from bot.domain.events import DrillBegan, DrillStopped, KindChanged, Payload, PlanEnded, StepStarted
from bot.domain.people import By
from bot.domain.plan import Plan
from bot.domain.terms import Kind
from tests.bot.domain.log import Log, alerted
from tests.bot.domain.plans import roster
from tests.runbooks.pages import FRONT, read
from tests.runbooks.test_experiment import INJECTS
from tests.runbooks.test_experiment import PAGE as EXPERIMENT

DRILLED = f"{FRONT}## Do\n\n- [ ] Look.{INJECTS}"


def plan_of(text: str) -> Plan:
    plan = read(text).plan
    assert plan is not None
    return plan


def begun(text: str, *then: Payload, step: str = "1.1") -> tuple[Log, Plan]:
    """A drill of a page, at a step of it, and what happened then."""
    plan, log = plan_of(text), alerted(Kind.DRILL)
    log.add("bot", DrillBegan(plan.id, plan.sha, "UANA"))
    log.decided("bot", walk.attach(log.state, plan, "asked", 0, roster, log.now))
    if step != "1.1":
        log.add("bot", StepStarted(1, step, 1))
    for payload in then:
        log.add("UANA", payload)
    return log, plan


REAL = KindChanged(Kind.DRILL, Kind.REAL, "it really hangs")


@pytest.mark.parametrize(
    ("text", "then", "ended"),
    [
        (DRILLED, [], ["DrillStopped", "PlanEnded", "StatusChanged"]),
        (DRILLED, [REAL], []),
        (DRILLED, [PlanEnded(1, "finished"), REAL], []),
        (EXPERIMENT, [], ["DrillStopped", "StepStarted"]),
        (EXPERIMENT, [REAL], ["DrillStopped", "StepStarted"]),
        (EXPERIMENT, [PlanEnded(1, "finished"), REAL], []),
    ],
)
def test_only_people_end_what_is_real(text: str, then: list[Payload], ended: list[str]) -> None:
    log, plan = begun(text, *then)
    found = drill.ending(log.state, plan, roster, log.now, "real", 43)
    kinds = [type(draft.payload).__name__ for draft in found]
    assert [name for name in kinds if name in {"DrillStopped", "PlanEnded", "StatusChanged", "StepStarted"}] == ended


def test_nothing_goes_on_as_a_drill_in_what_is_real() -> None:
    log, plan = begun(DRILLED)
    assert drill.under_way(log.state, plan.id)
    assert drill.injected(log.state, plan, 0)
    log.add("UANA", REAL)
    assert not drill.under_way(log.state, plan.id)
    assert not drill.injected(log.state, plan, 0)


@pytest.mark.parametrize(
    ("step", "then", "there", "undoes", "code"),
    [
        ("2.1", [], True, False, ""),
        ("2.1", [], False, False, "drill"),
        ("2.1", [REAL], True, False, "experiment"),  # nothing more is broken
        ("3.1", [REAL], True, False, ""),  # what was broken is taken back
        ("2.1", [REAL], True, True, ""),
        ("3.1", [REAL], False, False, "experiment"),
    ],
)
def test_what_an_experiment_broke_is_taken_back(
    step: str, then: list[Payload], there: bool, undoes: bool, code: str
) -> None:
    log, plan = begun(EXPERIMENT, *then, step=step)
    action = plan.step("2.1").action
    assert action is not None
    assert drill.pretended(log.state, plan, action, step, there, undoes) == code


def test_nothing_more_is_broken_once_it_is_taken_back() -> None:
    """Also if somebody goes back to the step; what was broken is taken back."""
    log, plan = begun(EXPERIMENT, DrillStopped("asked"), step="2.1")
    action = plan.step("2.1").action
    assert action is not None
    assert drill.pretended(log.state, plan, action, "2.1", True, False) == "experiment_over"
    assert drill.pretended(log.state, plan, action, "2.1", True, True) == ""
    assert drill.pretended(log.state, plan, action, "3.1", True, False) == ""


def test_an_experiment_is_never_begun_in_anything_else() -> None:
    plan = plan_of(EXPERIMENT)
    action = plan.step("2.1").action
    assert action is not None
    assert drill.pretended(alerted().state, plan, action, "3.1", True, False) == "experiment"
    called_so = alerted()
    called_so.add("UANA", KindChanged(Kind.REAL, Kind.DRILL))
    assert drill.pretended(called_so.state, plan, action, "2.1", True, False) == "experiment", "it begins with `drill`"


def test_what_goes_round_too_often_is_taken_back() -> None:
    """Any other plan ends after the third time, and people decide."""
    round_again = EXPERIMENT.replace("**No** → [Revert](#revert)", "**No** → [Inject](#inject)")
    log, plan = begun(round_again, step="2.1")

    def by(who: str) -> By:
        return log.after(1).by(who)

    for visit in (1, 2, 3):
        log.decided("UANA", walk.done(log.state, plan, by("UANA"), roster, step="2.1", visit=visit))
        log.decided("UANA", walk.answer(log.state, plan, by("UANA"), roster, "No", step="2.2", visit=visit))
    assert log.state.walk is not None
    assert log.state.walk.current is not None
    assert (log.state.walk.current.step, log.state.walk.outcome) == ("3.1", "")
