"""The machines of a rehearsal: an action goes through the real gates and approvals, and its answer is what the test says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import approval, drill, walk_action
from bot.domain.asking import Wanted, asked_before, canonical, digest
from bot.domain.events import ActionEnded, ActionRefused, ActionSettled, ActionStarted, ActionVerified, Draft
from bot.domain.gates import Gathered, shut, sooner
from bot.domain.need import Requirement, requirement
from bot.domain.people import By
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.run_state import Attempt, Visit
from bot.domain.terms import BOT, SECOND, Micros
from bot.errors import Refused
from runbooks import params
from runbooks import rehearsal_world as world
from runbooks.cases import Case, Fake
from runbooks.rehearsal import MOST_MOVES, Rehearsal, roster
from runbooks.rehearsal_abort import look
from runbooks.rehearsal_undo import undo
from runbooks.trail import Trail

MOST_LOOKS = 3


def rehearse(plan: Plan, case: Case) -> Trail:
    """Walk the plan until it ends, or until it waits for something that the case does not say."""
    walked = Rehearsal(plan, case)
    for _ in range(MOST_MOVES):
        if walked.ended():
            break
        look(walked, world.automation(case, plan))
        begun = walked.begun()
        if begun is not None:
            _Machine(walked).propose(begun, {})
        elif not walked.people():
            break
    walked.trail.states = _states(walked)
    return walked.trail


def _states(walked: Rehearsal) -> list[str]:
    """What the machines left behind: OK, FAILED, TIMED_OUT or UNKNOWN."""
    changing = [attempt for attempt in walked.incident.attempts if attempt.changes and not attempt.undoes]
    return [_state(attempt, outcome) for attempt, outcome in zip(changing, walked.trail.states)]


def _state(attempt: Attempt, outcome: str) -> str:
    if outcome == "exited" or (outcome == "unknown" and attempt.verified):
        return "OK" if attempt.state == "ok" else "FAILED"
    return outcome.upper()


@dataclass(frozen=True, slots=True)
class _Ready:
    action: Action
    wanted: Wanted
    requirement: Requirement
    gathered: Gathered


@dataclass(frozen=True, slots=True)
class _Machine:
    walked: Rehearsal

    def propose(self, visit: Visit, asked: Mapping[str, str]) -> None:
        """Through the gates, then to the people who must say yes, or straight to the machine."""
        walked, action = self.walked, self.walked.plan.step(visit.step).action
        assert action is not None, "it was proposed because it is there"
        first = sooner(Gathered(now=walked.now, mode=walked.case.mode, changes=action.changes, action=action.id))
        if first is not None:
            self._refuse(visit, first.code, first.params)
            return
        try:
            ready = self._ready(visit, action)
        except params.BadValue as bad:
            self._refuse(visit, bad.refusal.code, bad.refusal.params)
            return
        gate = shut(ready.gathered)
        if gate is not None:
            self._refuse(visit, gate.code, gate.params)
        elif ready.requirement.auto:
            self._start(visit, ready, ())
        else:
            self._ask(visit, ready)

    def _ready(self, visit: Visit, action: Action) -> _Ready:
        walked, plan, case = self.walked, self.walked.plan, self.walked.case
        automation = world.automation(case, plan)
        given = params.Given(case.alert, asked=case.run)
        values = params.resolve(action, plan.settings, given, automation.hosts)
        target = params.target(plan.settings, values)
        bound = {"executor": action.does.executor, "spec": params.fill(action.does, values)}
        again = asked_before(walked.incident, 1, visit.step, visit.visit)
        sha = digest(1, 1, visit.step, visit.visit, plan.sha, bound, values, (target,), again)
        return _Ready(
            action,
            Wanted(1, visit.step, visit.visit, action.id, sha, plan.sha, target, canonical(bound), action.kind),
            requirement(
                plan.settings, world.facts(case, target, automation), automation, changes=action.changes, mode=case.mode
            ),
            self._gathered(action, visit.step, target, automation),
        )

    def _gathered(self, action: Action, step: str, target: str, automation: Automation) -> Gathered:
        limits = self.walked.plan.settings.limits
        before = [self.walked.now - ago for ago in self.walked.case.ran]
        return Gathered(
            now=self.walked.now,
            mode=automation.mode,
            changes=action.changes,
            action=action.id,
            target=target,
            limits=limits,
            same_target=(*before, *self._ran(action.id)),
            all_runs=(*before, *self._ran("")),
            reach=len(automation.hosts(limits.of)) if limits and limits.of else 0,
            back=drill.takes_back(self.walked.plan, step),
        )

    def _ran(self, action: str) -> tuple[Micros, ...]:
        """When actions that change something ran: what did not happen, as a person says, did not."""
        own = [a for a in self.walked.incident.attempts if a.changes and not a.undoes]
        ran = [a for a in own if action in ("", a.action)]
        return tuple(a.started_at for a in ran if not (a.settled_by and a.state != "ok"))

    def _refuse(self, visit: Visit, code: str, told: Mapping[str, str]) -> None:
        action = self.walked.plan.step(visit.step).action
        name = action.id if action else ""
        self.walked.record((Draft(ActionRefused(1, visit.step, visit.visit, name, code, dict(told))),))

    def _ask(self, visit: Visit, ready: _Ready) -> None:
        walked, wanted = self.walked, ready.wanted
        try:
            walked.record(approval.ask(walked.incident, wanted, ready.requirement, world.members, "", walked.now))
        except Refused as refused:
            self._refuse(visit, refused.code, {})
            return
        asked = walked.incident.approvals[-1]
        if walked.case.approve == "nobody":
            walked.now = asked.expires_at
            walked.record(approval.expire(walked.incident, asked.digest, walked.now))
            return
        if walked.case.approve == "no":
            by = By(asked.may[0], walked.now)
            walked.record(approval.deny(walked.incident, by, asked.may, asked.digest), by.who)
            return
        for person in asked.may[: asked.need]:
            walked.record(approval.give(walked.incident, By(person, walked.now), asked.may, asked.digest), person)
        self._approved(visit, ready)

    def _approved(self, visit: Visit, ready: _Ready) -> None:
        given = self.walked.incident.approvals[-1]
        gate = shut(replace(ready.gathered, approved="given" if given.state == "given" else "open"))
        if gate is not None:
            self._refuse(visit, gate.code, gate.params)
        else:
            self._start(visit, ready, given.given)

    def _start(self, visit: Visit, ready: _Ready, approvers: tuple[str, ...], retry: int = 0) -> None:
        walked, action, wanted = self.walked, ready.action, ready.wanted
        before = [a for a in walked.incident.attempts if a.action == action.id and not a.undoes]
        attempt = f"attempt-{len(walked.incident.attempts) + 1}"
        started = ActionStarted(
            run=1,
            step=visit.step,
            visit=visit.visit,
            action=action.id,
            attempt=attempt,
            n=len(before) + 1,
            changes=action.changes,
            kind=action.kind,
            digest=wanted.digest if approvers else "",
            approvers=approvers,
            target=wanted.target,
            check=action.verify is not None,
            retry=retry,
        )
        step = walked.plan.step(visit.step)
        walked.record((Draft(started), *walk_action.begun(step, walked.incident)))
        walked.now += SECOND
        self._end(visit, ready, attempt, walked.case.answers_to(action.id, len(before)))

    def _end(self, visit: Visit, ready: _Ready, attempt: str, fake: Fake) -> None:
        walked, action = self.walked, ready.action
        outcome = "unknown" if fake.crash else "timed_out" if fake.timed_out else "exited"
        code = None if outcome != "exited" else walk_action.good(action.does)[0] if fake.code is None else fake.code
        walked.record((Draft(ActionEnded(attempt, outcome, code)),))
        if action.verify is not None and outcome in ("exited", "unknown"):
            walked.record((Draft(ActionVerified(attempt, fake.verified)),))
        found = walked.incident.attempt(attempt)
        if found is not None and found.state == "unknown":
            self._unknown(visit, action, found)
            return
        if found is not None and walk_action.tries_again(action, found) and self._again(visit, ready, found):
            return
        if found is not None and walk_action.calls_for_undo(action, found) and undo(walked, found):
            return
        walked.record(walk_action.action_done(walked.incident, walked.plan, attempt, roster, walked.now))

    def _again(self, visit: Visit, ready: _Ready, found: Attempt) -> bool:
        """Once more under the same yes, through the gates: each try counts for the rate, and none is a pause to the next."""
        gathered = replace(ready.gathered, now=self.walked.now, all_runs=(*ready.gathered.all_runs, found.started_at))
        gate = shut(gathered)
        if gate is not None:
            self._refuse(visit, gate.code, gate.params)
            return False
        self._start(visit, replace(ready, gathered=gathered), found.approvers, found.retry + 1)
        return True

    def _unknown(self, visit: Visit, action: Action, found: Attempt) -> None:
        """Nobody knows: what only looks is done again, and so is, if people say so, what may be done twice. The rest waits."""
        who = roster(self.walked.plan.roles[0].who)[0] if self.walked.plan.roles else "@first"
        if action.changes and not action.idempotent:
            return
        self.walked.record((Draft(ActionSettled(found.id, "not")),), who if action.changes else BOT)
        if found.n < MOST_LOOKS or action.changes:
            self.propose(visit, {})
