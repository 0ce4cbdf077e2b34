"""A drill as it stands, what may be done with it, and whether its objectives were met. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain import followup
from bot.domain.events import (
    ActionStopping,
    Draft,
    DrillBegan,
    DrillFound,
    DrillInjected,
    DrillSigned,
    DrillStopped,
    PlanEnded,
    StatusChanged,
)
from bot.domain.organisation import Targets
from bot.domain.people import By
from bot.domain.phase_times import phase_times
from bot.domain.plan import Action, Plan
from bot.domain.policy import Automation
from bot.domain.run_state import Walk
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Micros, Milestone, Severity, Source, Status
from bot.domain.walk_next import Roster, Way, first_of, go_to
from bot.errors import BadInput, Refused
from bot.text import Strong, Text, t

EVERYBODY = "everybody"
EXPERIMENT, REVERT = "experiment", "revert"
PATIENCE = 2
"""Once may be chance: what cannot be looked at the second time is no guard any more."""


def refuse_no_drill(incident: Incident) -> None:
    if incident.drill is None:
        raise Refused(t("{incident} is no drill.", incident=incident.ref), "no_drill")


def is_live(plan: Plan, labels: Mapping[str, str], automation: Automation) -> bool:
    """All hosts that the alert names for the plan are there for drills."""
    names = [p.source.removeprefix("label.") for p in plan.settings.params.values() if p.type == "host"]
    hosts = [labels[name] for name in names if labels.get(name)]
    entries = [automation.entry_of(host) for host in hosts]
    return bool(entries) and all(entry is not None and entry.drill for entry in entries)


def began(plan: Plan, by: str, live: bool, now: Micros) -> Draft:
    ends = now + plan.takes if plan.kind == EXPERIMENT and plan.takes else None
    delays = tuple(inject.after for inject in plan.injects)
    checks = tuple(check.id for _, check in plan.abort_checks)
    return Draft(DrillBegan(plan.id, plan.sha, by, delays, live, ends, checks, "\n".join(plan.abort_when)))


def injected(incident: Incident, plan: Plan, n: int) -> tuple[Draft, ...]:
    """Row n of the table is told to its role's holder; () if the drill is over, or it was told before."""
    drill = incident.drill
    over = not incident.status.open or incident.kind is not Kind.DRILL
    if drill is None or n in drill.injected or over or n >= len(plan.injects):
        return ()
    inject = plan.injects[n]
    person = "" if inject.tell == EVERYBODY else incident.holder(inject.tell)
    return (Draft(DrillInjected(n, inject.tell, person, inject.text), actor=BOT, source=Source.AUTOMATION),)


def ending(
    incident: Incident, plan: Plan, roster: Roster, now: Micros, why: str, other: int = 0, reason: str = ""
) -> tuple[Draft, ...]:
    """The drill ends where it is; an experiment that is not on its way back goes there. () if it is over, or was told before.

    What turned out to be real is ended by people alone; what an experiment broke in it is taken back all the same.
    """
    walk = incident.walking
    if incident.drill is None or not incident.status.open:
        return ()
    said = Draft(DrillStopped(why, other, reason))
    if walk is not None and plan.kind == EXPERIMENT and walk.sha == plan.sha:
        back = first_of(plan, REVERT)
        assert back is not None, "an experiment has its way back"
        if any(takes_back(plan, visit.step) for visit in walk.visits):
            return () if incident.drill.stopped else (said,)
        return (said, *_stopping(incident, walk), *go_to(Way(incident, plan, walk, roster, now), back))
    if incident.kind is not Kind.DRILL:
        return ()
    ended = (Draft(PlanEnded(walk.run, "stopped")),) if walk is not None else ()
    return (said, *ended, Draft(StatusChanged(incident.status, Status.RESOLVED)))


def _stopping(incident: Incident, walk: Walk) -> Iterator[Draft]:
    """What still breaks something is to end: the way back does not wait for it."""
    for attempt in incident.attempts:
        mends = attempt.undoes or not attempt.changes
        if attempt.run == walk.run and attempt.state == "running" and not (mends or attempt.stop_by):
            yield Draft(ActionStopping(attempt.id))


def goes_on(incident: Incident, plan: Plan) -> bool:
    """The experiment is neither over nor on its way back."""
    drill, walk = incident.drill, incident.walk
    if drill is None or drill.stopped or not incident.status.open:
        return False
    if walk is None or walk.ended_at is not None or walk.sha != plan.sha:
        return False
    return not any(takes_back(plan, visit.step) for visit in walk.visits)


def judged(incident: Incident, plan: Plan, roster: Roster, now: Micros, check: str, what: str) -> tuple[Draft, ...]:
    """What follows when it was seen that a condition holds, or could not be seen for the second time: it is taken back."""
    drill = incident.drill
    if drill is None or not goes_on(incident, plan) or (what == "blind" and drill.blind.count(check) < PATIENCE):
        return ()
    words = next((said for said, one in plan.abort_checks if one.id == check), check)
    return ending(incident, plan, roster, now, "blind" if what == "blind" else "abort", reason=words)


def takes_back(plan: Plan, step: str) -> bool:
    """The step is on an experiment's way back."""
    back = first_of(plan, REVERT)
    return plan.kind == EXPERIMENT and back is not None and step.split(".")[0] == back.split(".")[0]


def pretended(incident: Incident, plan: Plan, action: Action, step: str, there: bool, undoes: bool) -> str:
    """Code of the refusal of an action, "" if it may run. there: its target is there for drills.

    A drill changes nothing but what is there for drills. An experiment, which begins with `drill`, is never more than that, and
    breaks nothing once it is being taken back; what it broke is taken back also in what turned out to be real.
    """
    here = incident.kind is Kind.DRILL
    if here and action.changes and not there:
        return "drill"
    if action.kind != EXPERIMENT:
        return ""
    begun = incident.drill is not None and incident.drill.sha == plan.sha
    back = undoes or takes_back(plan, step)
    if there and begun and (back or (here and goes_on(incident, plan))):
        return ""
    return "experiment_over" if begun and here else "experiment"


def under_way(incident: Incident, plan: str) -> bool:
    """A drill of this plan is under way; what turned out to be real is none any more."""
    return incident.kind is Kind.DRILL and incident.drill is not None and incident.drill.plan == plan


def needs_everybody(incident: Incident) -> bool:
    """It is real, and so bad that no drill goes on beside it."""
    return incident.kind is Kind.REAL and incident.status.open and incident.severity in (Severity.SEV1, Severity.SEV2)


def found(incident: Incident, by: By, words: str) -> tuple[Draft, ...]:
    """A person says what has to be mended; it is a follow-up at once, so that it does not end with the report.

    words: as of `followup`: text, and who and by when, if that is known.
    """
    refuse_no_drill(incident)
    text, owner, due = followup.read(words)
    if not text.strip():
        raise BadInput(t("What has to be mended?"), "drill finding the standby's number was wrong @ben 14d")
    return (Draft(DrillFound("said", text=text.strip())), *followup.make(incident, by, text, owner, due))


def signed(incident: Incident, plan: Plan, targets: Targets, by: By, words: str) -> tuple[Draft, ...]:
    """A person stands for the report; once, and when the drill is over."""
    refuse_no_drill(incident)
    drill = incident.drill
    assert drill is not None
    if incident.status.open:
        raise Refused(t("The drill goes on. Resolve it, or say `drill stop`."), "open")
    if drill.signed_by:
        raise Refused(t("The report is signed already."), "signed")
    judged = [one.met for one in objectives(incident, plan, targets)]
    met, missed = judged.count(True), judged.count(False)
    return (Draft(DrillSigned(met, missed, drill.findings, words.strip())),)


@dataclass(frozen=True, slots=True)
class Objective:
    """What the drill was to show. took, limit: µs; met None = it did not come to that."""

    said: Text
    limit: Micros | None
    took: Micros | None
    met: bool | None


def objectives(incident: Incident, plan: Plan, targets: Targets) -> tuple[Objective, ...]:
    """The targets of the severity, the plan's own times, and that it was walked to its end."""
    return tuple(_objectives(incident, plan, targets))


def _objectives(incident: Incident, plan: Plan, targets: Targets) -> Iterator[Objective]:
    begin = incident.opened_at
    for said, limit, reached in (
        (t("Somebody has seen it"), targets.acknowledge, _seen(incident)),
        (t("All required roles are there"), targets.together, incident.mark(Milestone.QUORUM)),
        (t("It is back to normal"), targets.recover, _back(incident)),
    ):
        if limit is not None:
            yield _timed(said, begin, reached, limit)
    walk = next((w for w in reversed(incident.walks) if w.sha == plan.sha), None)
    ended = walk.ended_at if walk is not None and walk.done else None
    yield Objective(t("The plan was walked to its end"), None, None, ended is not None)
    if plan.takes is not None:
        yield _timed(t("The plan took no longer than it says"), begin, ended, plan.takes)
    for role in plan.roles:
        held = incident.roles.get(role.name)
        took = held[0].start - begin if held else None
        met = None if took is None or role.after is None else took <= role.after
        yield Objective(t("{role} was taken", role=Strong(role.name)), role.after, took, met if held else False)
    if walk is not None:
        for one in phase_times(walk, plan):
            yield _timed(t("Phase {phase}", phase=Strong(one.phase.title)), one.began, one.ended, one.target)
        yield from _steps(walk, plan)


def _seen(incident: Incident) -> Micros | None:
    """Who takes a role or does something has seen it, said so or not."""
    signs = (Milestone.ACKNOWLEDGED, Milestone.FIRST_RESPONDER, Milestone.COMMANDER)
    return min((at for sign in signs if (at := incident.mark(sign)) is not None), default=None)


def _back(incident: Incident) -> Micros | None:
    """What was stopped was not brought back, unless somebody has said when."""
    mark = incident.marks.get(Milestone.RECOVERED)
    stopped = incident.drill is not None and incident.drill.stopped
    return None if mark is None or (stopped and mark.source is Source.DERIVED) else mark.at


def _timed(said: Text, begin: Micros, at: Micros | None, limit: Micros) -> Objective:
    took = None if at is None else at - begin
    return Objective(said, limit, took, None if took is None else took <= limit)


def _steps(walk: Walk, plan: Plan) -> Iterator[Objective]:
    """Steps with a time; one that came round again counts each time."""
    for visit in walk.visits:
        within = plan.step(visit.step).within
        if within is not None and visit.state in ("done", "skipped"):
            took = (visit.done_at or visit.started_at) - visit.started_at
            yield Objective(
                t("Step {step}", step=Strong(visit.step)), within, took, visit.state == "done" and took <= within
            )
