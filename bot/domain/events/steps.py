"""The plan and its steps."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("plan_attached")
@dataclass(frozen=True, slots=True)
class PlanAttached(Payload):
    """A plan begins in this incident. run: 1, 2 …; sha: of its text (kept as plan_revision); title: of the plan.

    why: matched | default | tied | storm | asked; commit: that holds the text, "" if there is none.
    """

    run: int
    plan: str
    sha: str
    why: str
    matchers: int = 0
    commit: str = ""
    title: str = body()


@event("plan_revised")
@dataclass(frozen=True, slots=True)
class PlanRevised(Payload):
    """The plan that is walked has a newer text; the run stays with its own. sha: of the newest text."""

    run: int
    plan: str
    sha: str


@event("plans_tied")
@dataclass(frozen=True, slots=True)
class PlansTied(Payload):
    """Several plans fit equally well (their ids, and their titles in the same order, a line each): people choose."""

    plans: tuple[str, ...]
    titles: str = body()


@event("plan_ended")
@dataclass(frozen=True, slots=True)
class PlanEnded(Payload):
    """outcome: finished | stopped | replaced | limit (a step came round too often: people decide).

    left: of `replaced`, the step that was current and can go on there.
    """

    run: int
    outcome: str
    left: str = ""


@event("plan_resumed")
@dataclass(frozen=True, slots=True)
class PlanResumed(Payload):
    """A plan that was left for another one goes on, under its own run, at a step (whose new visit begins right after this)."""

    run: int
    plan: str
    step: str


@event("step_started")
@dataclass(frozen=True, slots=True)
class StepStarted(Payload):
    """A step becomes current. step: `2.3`; visit: 1 for the first time; person: who holds its role ("" = nobody).

    by_bot: its action only reads, so that Tocsin does it by itself and nobody has to be shown it unless that fails.
    """

    run: int
    step: str
    visit: int
    role: str = ""
    person: str = ""
    due_at: Micros | None = None
    meanwhile: bool = False
    by_bot: bool = False


@event("step_assigned")
@dataclass(frozen=True, slots=True)
class StepAssigned(Payload):
    """why: asked | standby | not_mine."""

    run: int
    step: str
    visit: int
    person: str
    before: str = ""
    why: str = "asked"


@event("step_help")
@dataclass(frozen=True, slots=True)
class StepHelp(Payload):
    """Somebody calls the role's standby to a step."""

    run: int
    step: str
    visit: int
    person: str


@event("step_overdue")
@dataclass(frozen=True, slots=True)
class StepOverdue(Payload):
    run: int
    step: str
    visit: int


@event("step_done")
@dataclass(frozen=True, slots=True)
class StepDone(Payload):
    """The step is ticked. by_bot: an action of the step did it; proven: evidence was given (it stays true without its text).

    confirm: the role that must confirm before the step counts as done, "" if none.
    """

    run: int
    step: str
    visit: int
    by_bot: bool = False
    confirm: str = ""
    proven: bool = False
    evidence: str = body()


@event("step_confirmed")
@dataclass(frozen=True, slots=True)
class StepConfirmed(Payload):
    """A second person confirms; alone: there was nobody else, and the plan allows that (a deviation)."""

    run: int
    step: str
    visit: int
    alone: bool = False
    reason: str = body()


@event("step_skipped")
@dataclass(frozen=True, slots=True)
class StepSkipped(Payload):
    run: int
    step: str
    visit: int
    reason: str = body()


@event("step_back")
@dataclass(frozen=True, slots=True)
class StepBack(Payload):
    """People go back to a step (its new visit begins right after this). left, left_visit: what was current, "" if nothing was."""

    run: int
    step: str
    visit: int
    left: str = ""
    left_visit: int = 0
    reason: str = body()


@event("plan_reported")
@dataclass(frozen=True, slots=True)
class PlanReported(Payload):
    """The owner of the plan is told how it went. person: who is told, "" if nobody is known behind the plan's `owner`; edit: the
    address where the text that was walked is edited, with `{line}`, "" if nobody knows it or it is another by now."""

    run: int
    plan: str
    person: str = ""
    edit: str = body()


@event("step_answered")
@dataclass(frozen=True, slots=True)
class StepAnswered(Payload):
    """A decision is taken. answer: its words as in the plan; to: continue | stop | phase:<slug> | plan:<id>.

    denies: it says that the milestone which the decision marks is not reached.
    """

    run: int
    step: str
    visit: int
    answer: str
    to: str
    denies: bool = False
