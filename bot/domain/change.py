"""Status, severity, end and beginning again: what people may change in an incident.

Each function is a decision: drafts of events, () if nothing would change, Refused or BadInput with a sentence for people.
"""

from bot.domain.drill import refuse_unreverted
from bot.domain.events import AllClear, Draft, MilestoneMarked, SeverityChanged, Snoozed, StatusChanged
from bot.domain.moments import checked
from bot.domain.people import By, arrive, over, refuse_if_over
from bot.domain.state import Incident
from bot.domain.terms import BOT, Micros, Milestone, Severity, Source, Status
from bot.errors import Refused
from bot.text import Typed, t

_BY_OTHER_WORDS = {Status.RESOLVED: "resolve", Status.CLOSED: "close"}
_WHY = {Status.DECLINED: "not an incident", Status.CANCELLED: "mistake", Status.FALSE_POSITIVE: "false alarm"}
_NO_STEP = frozenset({*_WHY, Status.MERGED})
_ENDED = frozenset({Status.RESOLVED, Status.REVIEW, Status.CLOSED})


def set_status(
    incident: Incident, by: By, status: Status, at: Micros | None = None, reason: str = ""
) -> tuple[Draft, ...]:
    """Where the response stands; going back is legal. Ends have words of their own (`resolve`, `close`)."""
    if status is incident.status:
        return ()
    if status in _BY_OTHER_WORDS:
        word = _BY_OTHER_WORDS[status]
        raise Refused(t("That status has a word of its own: say {word}.", word=Typed(f"{word}")), "own_word")
    if status in _NO_STEP:
        word = "merge INC-7" if status is Status.MERGED else f"decline {_WHY[status]}"
        raise Refused(t("That status has a word of its own: say {word}.", word=Typed(f"{word}")), "own_word")
    if status is Status.REVIEW:
        return _review(incident, reason)
    refuse_if_over(incident)
    at = checked(incident, by.now, at)
    return (*arrive(incident, by), Draft(StatusChanged(incident.status, status, reason=reason), at=at))


def _review(incident: Incident, reason: str) -> tuple[Draft, ...]:
    if incident.status is not Status.RESOLVED:
        raise Refused(
            t("A review begins when the incident is resolved; it is {now}.", now=incident.status), "not_resolved"
        )
    return (Draft(StatusChanged(incident.status, Status.REVIEW, reason=reason)),)


def set_severity(
    incident: Incident, by: By, severity: Severity, required: tuple[str, ...], reason: str = ""
) -> tuple[Draft, ...]:
    """How bad it is. required: the roles that the new severity asks for. () if it is so and was said by somebody."""
    if incident.status in (Status.CLOSED, Status.MERGED):
        raise Refused(over(incident), "over")
    if severity is incident.severity and incident.severity_given:
        return ()
    return (*arrive(incident, by), Draft(SeverityChanged(incident.severity, severity, required, reason)))


def back_since(incident: Incident) -> Micros | None:
    """Since when it seems to be back: as a plan's step or a person said, unless an alert began after they had said so; else the
    end of the last alert.
    """
    said, fired = incident.marks.get(Milestone.RECOVERED), incident.alerts.fired_at
    if said is not None and said.source != Source.DERIVED and (fired is None or said.recorded_at >= fired):
        return said.at
    return incident.alerts.clear_since


def snooze(incident: Incident, by: By, until: Micros) -> tuple[Draft, ...]:
    """Not yet: people are asked again at `until`, if nothing fires then."""
    refuse_if_over(incident)
    if incident.question is None and not incident.alerts.firing:
        raise Refused(t("Nobody has asked whether it is back to normal, and no update is late."), "nothing")
    if incident.alerts.firing:
        raise Refused(t("Alerts still fire. I ask when the last of them is over."), "fires")
    return (*arrive(incident, by), Draft(Snoozed(until)))


def ask_again(incident: Incident, until: Micros, now: Micros) -> tuple[Draft, ...]:
    """The time of a snooze is over: ask, if it is quiet and nobody has put it off again or asked meanwhile (actor: Tocsin)."""
    question = incident.question
    put_off = (question is not None and question.again_at != until) or incident.watched_until is not None
    if not incident.status.open or incident.alerts.firing or put_off:
        return ()
    return (Draft(AllClear(incident.alerts.clear_since or now), actor=BOT, source=Source.DERIVED),)


def resolve(
    incident: Incident, by: By, recovered_at: Micros | None = None, at: Micros | None = None, asked: int = 0
) -> tuple[Draft, ...]:
    """The response ends. recovered_at: since when the service is back, None = nobody said (then: since now, as derived);
    asked: seq of the question that is answered so, 0 for none.

    It is never refused because alerts still fire: people know better. () if it is resolved already.
    """
    if incident.status in _ENDED:
        return ()
    if not incident.status.open:
        raise Refused(over(incident), "over")
    question = incident.question
    if asked and question is not None and (question.seq != asked or question.over):
        raise Refused(t("This question is over. If it is back to normal, say `resolve`."), "stale")
    refuse_unreverted(incident)
    drafts = arrive(incident, by)
    if recovered_at is not None:
        moment = checked(incident, by.now, recovered_at)
        drafts += (Draft(MilestoneMarked(Milestone.RECOVERED.value, how="answer"), at=moment),)
    return (*drafts, Draft(StatusChanged(incident.status, Status.RESOLVED), at=checked(incident, by.now, at)))
