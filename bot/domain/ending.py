"""The end, what it lacks, and beginning again.

Each function is a decision: drafts of events, () if nothing would change, Refused or BadInput with a sentence for people.
"""

from collections.abc import Sequence

from bot.domain import named, questions
from bot.domain.drill import refuse_unreverted
from bot.domain.events import Archived, Draft, Event, KindChanged, StatusChanged
from bot.domain.people import By, arrive, over, unseen
from bot.domain.state import Incident
from bot.domain.terms import Kind, Milestone, Status
from bot.errors import BadInput, Refused
from bot.text import Span, Strong, Text, Typed, Who, t, tn

DECLINED = {"false_alarm": Status.FALSE_POSITIVE, "mistake": Status.CANCELLED, "not_incident": Status.DECLINED}
"""Why something is no incident → the status it ends in."""


def reopen(incident: Incident, by: By, reason: str) -> tuple[Draft, ...]:
    """It is back, or it was ended too early: people investigate again. () if it is open."""
    if incident.status.open:
        return ()
    if incident.status is Status.MERGED:
        raise Refused(over(incident), "merged")
    if not reason.strip():
        raise BadInput(t("Say why it is opened again, in a few words."), "reopen it fails again since 14:02")
    return (Draft(StatusChanged(incident.status, Status.INVESTIGATING, reason=reason.strip())),)


def close(incident: Incident, by: By) -> tuple[Draft, ...]:
    """The review is done. What is missing (`missing`) is told and does not block; what still runs does."""
    if incident.status is Status.CLOSED:
        return ()
    if incident.status.open:
        raise Refused(
            t(
                "{incident} is still {status}. Resolve it first: {word}.",
                incident=incident.ref,
                status=named.STATUS[incident.status],
                word=Typed("resolve"),
            ),
            "not_resolved",
        )
    if not incident.status.counts:
        raise Refused(over(incident), "over")
    hanging = next((a for a in incident.attempts if a.state in ("running", "unknown")), None)
    if hanging is not None:
        raise Refused(
            t(
                "What became of {action} is not known. Say it first: {word}.",
                action=Strong(hanging.action),
                word=Typed(f"outcome {hanging.step} done"),
            ),
            "unknown_outcome",
        )
    return (Draft(StatusChanged(incident.status, Status.CLOSED)),)


def missing(incident: Incident) -> tuple[Text, ...]:
    """What a good end would still have, one sentence each."""
    marks = incident.marks
    started = marks.get(Milestone.STARTED)
    gaps: list[Text] = []
    if started is None or started.source == "derived":
        gaps.append(t("When it began is not known."))
    if Milestone.DIAGNOSED not in marks:
        gaps.append(t("When the cause was known is not said."))
    if Milestone.MITIGATED not in marks:
        gaps.append(t("When the impact stopped is not said."))
    recovered = marks.get(Milestone.RECOVERED)
    if recovered is None or recovered.source == "derived":
        gaps.append(t("Since when the service is back is not said."))
    if not incident.severity_given:
        gaps.append(t("Nobody has said how bad it was."))
    if open_ := [question for question in questions.unanswered(incident) if question != questions.BEGAN]:
        gaps.append(
            tn("One of the five questions is not answered.", "{n} of the five questions are not answered.", len(open_))
        )
    gaps += [t("{ref} has no owner.", ref=one.ref) for one in incident.told.followups if one.ref and not one.owner]
    if incident.status is not Status.REVIEW:
        gaps.append(t("It was not reviewed."))
    return tuple(gaps)


def decline(incident: Incident, by: By, why: str, reason: str = "") -> tuple[Draft, ...]:
    """It is no incident. why: false_alarm | mistake | not_incident (`merge` is for what is the same as another)."""
    if why not in DECLINED:
        known = ", ".join(DECLINED)
        raise BadInput(t("Why is it no incident? There are: {known}.", known=known), "decline false_alarm")
    after = DECLINED[why]
    if incident.status is after:
        return ()
    if incident.status in (Status.CLOSED, Status.MERGED):
        raise Refused(over(incident), "over")
    refuse_unreverted(incident)
    return (Draft(StatusChanged(incident.status, after, reason=reason)),)


def only_just(incident: Incident, events: Sequence[Event], by: By, seen: int = 0) -> Text | None:
    """Somebody else ended it a moment ago, or after event `seen`, and who ends it in another way may not know. events: all of
    the incident; seen: the last one when the form was opened, 0 without one."""
    if incident.status.open:
        return None
    last = next((e for e in reversed(events) if isinstance(e.payload, StatusChanged)), None)
    if last is None:
        return None
    since = 0 < seen < last.seq and last.actor != by.who
    if not (since or unseen(last, by)):
        return None
    ago, status = Span(by.now - last.recorded_at), named.STATUS[incident.status]
    return t("{who} ended it {ago} ago: it is {status}.", who=Who(last.actor), ago=ago, status=status)


def kind(incident: Incident, by: By, after: Kind, reason: str) -> tuple[Draft, ...]:
    """What it really is; only what is real counts. () if it is that."""
    if after is incident.kind:
        return ()
    if not reason.strip():
        raise BadInput(t("Say why, in a few words: it changes what is counted."), f"kind {after.value} we practised")
    return (*arrive(incident, by), Draft(KindChanged(incident.kind, after, reason.strip())))


def archive(incident: Incident) -> tuple[Draft, ...]:
    """Its channel is put away. () if it is."""
    if incident.archived:
        return ()
    if incident.status.open or incident.status in (Status.RESOLVED, Status.REVIEW):
        raise Refused(
            t(
                "{incident} is {status}. Its channel is archived once it is closed: {word}.",
                incident=incident.ref,
                status=named.STATUS[incident.status],
                word=Typed("close"),
            ),
            "not_over",
        )
    if not incident.channel:
        raise Refused(t("{incident} has no channel.", incident=incident.ref), "no_channel")
    return (Draft(Archived(incident.channel)),)
