"""A drill as it stands, and what may be done with it. Pure."""

from collections.abc import Iterator, Mapping

from bot.domain.events import (
    ActionStopping,
    Draft,
    DrillBegan,
    DrillInjected,
    DrillStopped,
    PlanEnded,
    StatusChanged,
)
from bot.domain.plan import EXPERIMENT, Action, Plan
from bot.domain.policy import Automation
from bot.domain.run_state import Walk
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Micros, Severity, Source, Status
from bot.domain.walk_next import Roster, Way, go_to
from bot.errors import Refused
from bot.text import Code, t

EVERYBODY = "everybody"
PATIENCE = 2
"""Once may be chance: what cannot be looked at the second time is no guard any more."""


def refuse_no_drill(incident: Incident) -> None:
    if incident.drill is None:
        raise Refused(t("{incident} is no drill.", incident=incident.ref), "no_drill")


def refuse_unreverted(incident: Incident) -> None:
    """Raise Refused while an experiment is walked: whatever ended it now would leave broken what it broke."""
    here, walk = incident.drill, incident.walking
    if here is None or here.ends_at is None or walk is None or walk.sha != here.sha or not incident.status.open:
        return
    if here.stopped:
        sentence = t("The experiment is being taken back: end its last steps first (`done`, `skip`).")
        raise Refused(sentence, "experiment")
    word = Code("drill stop")
    raise Refused(t("An experiment is under way: it is taken back first ({word}).", word=word), "experiment")


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
        if any(takes_back(plan, visit.step) for visit in walk.visits):
            return () if incident.drill.stopped else (said,)
        return (said, *_stopping(incident, walk), *go_to(Way(incident, plan, walk, roster, now), plan.back))
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
    return bool(plan.back) and step.split(".")[0] == plan.back.split(".")[0]


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
