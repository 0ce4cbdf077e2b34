"""What a person can do in an incident as it stands now: verbs that would not be refused, the most useful first."""

from collections.abc import Iterator

from bot.domain import people, questions
from bot.domain.state import Incident
from bot.domain.terms import Milestone, Status


def verbs(incident: Incident, who: str, decides: bool = False) -> tuple[str, ...]:
    """What fits. decides: the plan's current step is a decision."""
    return tuple(_open(incident, who, decides) if incident.status.open else _over(incident))


def _open(incident: Incident, who: str, decides: bool) -> Iterator[str]:
    if who not in incident.answered or Milestone.ACKNOWLEDGED not in incident.marks:
        yield "ack"
    yield _step(incident, who, decides)
    if incident.paused:
        yield "resume"
    yield "update"
    if people.alone(incident) == who:
        yield "page"
    yield "handoff" if incident.commander == who else "role"
    yield "resolve" if incident.status is Status.MONITORING else "status"
    yield from ("sev", "note", "summary", "timeline")


def _step(incident: Incident, who: str, decides: bool) -> str:
    """What the plan waits for; `plan` says where it stands, or takes one up."""
    here = incident.walking.current if incident.walking is not None else None
    if here is None:
        return "plan"
    if here.state == "open":
        return "answer" if decides else "done"
    second = here.state == "unconfirmed" and here.done_by != who
    return "confirm" if second and incident.holder(here.confirm) == who else "plan"


def _over(incident: Incident) -> Iterator[str]:
    if incident.status is not Status.MERGED:
        yield "reopen"
    if incident.status.counts:
        yield from _afterwards(incident)
    elif incident.channel and not incident.archived:
        yield "archive"
    yield "split" if incident.status is Status.MERGED else "note"
    yield from ("summary", "timeline", "runs", "alerts", "list", "plans")


def _afterwards(incident: Incident) -> Iterator[str]:
    """It was one, and is looked back on."""
    if questions.unanswered(incident):
        yield "questions"
    if any(attempt.state in ("running", "unknown") for attempt in incident.attempts):
        yield "outcome"
    elif incident.status is not Status.CLOSED:
        yield "close"
    elif incident.channel and not incident.archived:
        yield "archive"
    yield from ("metrics", "times", "followup")


def seldom(incident: Incident, undoable: bool) -> tuple[str, ...]:
    """Verbs that nobody needs often, and that fit. undoable: something can be taken back now."""
    open_ = incident.status.open
    fits = {
        "times": True,
        "watch": open_,
        "pause": open_ and incident.paused is None,
        "merge": incident.status not in (Status.CLOSED, Status.MERGED),
        "decline": incident.status not in (Status.CLOSED, Status.MERGED) and incident.status.counts,
        **dict.fromkeys(("decide", "tried", "seen", "impact", "cause", "followup"), True),
        "undo": undoable,
    }
    return tuple(name for name, fit in fits.items() if fit)
