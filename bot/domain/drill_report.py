"""The report of a drill: whether its objectives were met, what has to be mended, and who stands for it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import followup
from bot.domain.drill import refuse_no_drill
from bot.domain.events import Draft, DrillFound, DrillSigned
from bot.domain.organisation import Targets
from bot.domain.people import By
from bot.domain.phase_times import phase_times
from bot.domain.plan import Plan
from bot.domain.run_state import Walk
from bot.domain.state import Incident
from bot.domain.terms import Micros, Milestone, Source
from bot.errors import BadInput, Refused
from bot.text import Strong, Text, t


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
