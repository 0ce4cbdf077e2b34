"""A plan walked without people, machines and time: the domain decides everything, and this only says what each would answer.

The roads are those of bot/flows: a step that begins proposes its action (`rehearsal_action`), people tick what is theirs. The
people of a rehearsal do what they are asked, answer decisions as the test says, and stop where it says nothing.
"""

from collections.abc import Iterable

from bot.domain import drill, walk
from bot.domain import incident as life
from bot.domain.events import (
    ActionEnded,
    ActionRefused,
    ActionStarted,
    ActionUndone,
    ApprovalAsked,
    Draft,
    Event,
    Opened,
    StepStarted,
)
from bot.domain.people import By
from bot.domain.plan import Plan, Step
from bot.domain.run_state import Visit, Walk
from bot.domain.state import Incident
from bot.domain.terms import BOT, MINUTE, Kind, Micros, Severity, Source, Status
from bot.domain.walk_next import holder, role_of
from runbooks.cases import Case
from runbooks.experiment import KIND
from runbooks.trail import Trail
from runbooks.ways import steps

START: Micros = 1_767_225_600_000_000
MOST_MOVES = 500
FIRST, SECOND = "@first", "@second"
"""Who does what nobody is named for, and who confirms it."""


class Rehearsal:
    """One walk of a plan for one case."""

    def __init__(self, plan: Plan, case: Case) -> None:
        self.plan, self.case, self.now = plan, case, START
        self.trail = Trail()
        self.phase = ""
        self.actions = {step.action.id for step in steps(plan) if step.action}
        self.proposed: set[tuple[str, int]] = set()
        severity = case.alert.get("severity", "")
        worst = Severity(severity) if severity in set(Severity) else Severity.SEV3
        kind = Kind.DRILL if plan.kind == KIND else Kind.REAL  # an experiment is walked in no other
        opened = Opened(1, kind, worst, Status.INVESTIGATING, case.alert.get("service", ""), "alert")
        self.incident: Incident = life.fold(None, self._event(1, Draft(opened), BOT))
        if plan.kind == KIND:
            self.record((drill.began(plan, FIRST, True, self.now),))
        self.record(walk.attach(self.incident, plan, "matched", len(plan.match), roster, self.now))

    @property
    def here(self) -> Walk:
        """The plan as it is being walked."""
        found = self.incident.walk
        assert found is not None, "it was attached at the beginning"
        return found

    def record(self, drafts: Iterable[Draft], actor: str = BOT) -> None:
        """Events happen."""
        for draft in drafts:
            event = self._event(self.incident.seq + 1, draft, actor)
            self.incident = life.fold(self.incident, event)
            self._note(event)

    def visit(self, step: str, number: int) -> Visit | None:
        """The visit of a step, as it stands."""
        return next((v for v in self.here.visits if (v.step, v.visit) == (step, number)), None)

    def begun(self) -> Visit | None:
        """An open step whose action was not proposed yet."""
        for found in self.here.open:
            if self.plan.step(found.step).action and (found.step, found.visit) not in self.proposed:
                self.proposed.add((found.step, found.visit))
                return found
        return None

    def ended(self) -> bool:
        """The plan has ended; how, is on the trail."""
        if self.here.ended_at is None:
            return False
        self.trail.ends = self.here.outcome
        return True

    def people(self) -> bool:
        """The next person does what waits for them. False if everything waits for something that the case does not say."""
        for found in reversed(self.here.open):
            self.now += MINUTE
            if self._does(found, self.plan.step(found.step)):
                return True
        waiting = [attempt.step for attempt in self.incident.attempts if attempt.state == "unknown"]
        waiting += [found.step for found in reversed(self.here.open)]
        self.trail.ends = f"waits at {waiting[0]}" if waiting else "waits"
        return False

    def _does(self, found: Visit, step: Step) -> bool:
        role = role_of(self.plan, step)
        by = By(holder(self.incident, self.plan, role, roster) or FIRST, self.now)
        where = (step.number, found.visit)
        if found.state == "unconfirmed":
            other = holder(self.incident, self.plan, found.confirm, roster)
            by = By(other if other not in ("", found.done_by) else SECOND, self.now)
            drafts = walk.confirm(self.incident, self.plan, by, roster, *where)
        elif found.state != "open" or (step.action is not None and not step.answers and not self.case.by_hand):
            return False
        elif step.answers:
            said = self.case.answers.get(step.number)
            if said is None:
                return False
            choice = said[min(found.visit, len(said)) - 1]
            drafts = walk.answer(self.incident, self.plan, by, roster, choice, *where)
        else:
            drafts = walk.done(self.incident, self.plan, by, roster, *where, evidence="seen")
        self.record(drafts, by.who)
        return True

    def _event(self, seq: int, draft: Draft, actor: str) -> Event:
        at, who = draft.at or self.now, draft.actor or actor
        return Event("inc:1", seq, at, at, who, draft.source or Source.BOT_COMMAND, f"rehearsal-{seq}", draft.payload)

    def _note(self, event: Event) -> None:
        match event.payload:
            case StepStarted(step=step):
                slug = self.plan.phase_of(step).slug
                if slug != self.phase and slug not in self.actions:
                    self.trail.places.append(slug)
                self.phase = slug
                self.trail.places.append(step)
            case ActionStarted(action=action, undoes=""):
                self.trail.places.append(action)
            case ActionRefused(code=code):
                self.trail.refused.append(code)
            case ApprovalAsked(need=need):
                self.trail.approvals += need
            case ActionEnded(attempt=attempt, outcome=outcome):
                self._ended(attempt, outcome)
            case ActionUndone(attempt=attempt, ok=True):
                self.trail.undone += [a.action for a in self.incident.attempts if a.id == attempt]

    def _ended(self, attempt: str, outcome: str) -> None:
        found = self.incident.attempt(attempt)
        if found is not None and found.changes and not found.undoes:
            self.trail.states.append(outcome)


def roster(name: str) -> tuple[str, ...]:
    """Behind every name of a Roles table stands one person, who is there."""
    return (name,) if name else ()
