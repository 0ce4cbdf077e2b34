"""The update that nobody has promised: due from the beginning, as often as the severity asks. A person's word goes before it."""

from collections.abc import Iterable

from bot.domain.events import Draft, KindChanged, Payload, SeverityChanged, StatusChanged, Undone, UpdateExpected
from bot.domain.mine import SOON
from bot.domain.people import By, arrive, refuse_if_over
from bot.domain.saying import cadence
from bot.domain.state import Incident
from bot.domain.terms import BOT, MINUTE, Kind, Micros, Source, Status
from bot.errors import Refused
from bot.text import t

LATER: Micros = 10 * MINUTE
"""So long an update is put off."""


def first(incident: Incident, every: Micros | None, now: Micros) -> tuple[Draft, ...]:
    """The first update, counted from when the incident was declared. every: of its severity, None: none is asked for."""
    wait = cadence(incident, every)
    begun = incident.statuses[0].start + wait if wait else None
    due = begun if begun is None or begun > now else now + (wait or 0)
    return () if incident.updates else _expected(incident, due, now)


def again(incident: Incident, every: Micros | None, now: Micros) -> tuple[Draft, ...]:
    """It goes on after its end: what was due before it is due anew. () if somebody has promised one since, or that was said."""
    return () if (incident.next_update_at or 0) > now else _anew(incident, every, now)


def worse(incident: Incident, every: Micros | None, now: Micros) -> tuple[Draft, ...]:
    """It is as bad as it is now: what was due stays due, but no later than its severity asks."""
    wait, old = cadence(incident, every), incident.next_update_at
    if incident.updates or not wait:
        return ()
    return _expected(incident, now + wait if old is None else min(old, now + wait), now)


def turned(incident: Incident, said: Iterable[Payload], every: Micros | None, now: Micros) -> tuple[Draft, ...]:
    """What has just been said changes how often people hear of it: how severe it is, that it is mitigated, that it goes on after
    its end."""
    drafts: tuple[Draft, ...] = ()
    for payload in said:
        if (_goes_on(payload) or _back(payload)) and (incident.next_update_at or 0) <= now:
            drafts = _anew(incident, every, now)
        elif _louder(payload):
            drafts = worse(incident, every, now)
        elif _calmer(payload) and not incident.updates:
            drafts = _anew(incident, every, now)
    return drafts


def late(incident: Incident, now: Micros) -> bool:
    """An update is due now, or soon: what can be put off."""
    return incident.status.open and incident.next_update_at is not None and incident.next_update_at - SOON <= now


def put_off(incident: Incident, by: By) -> tuple[Draft, ...]:
    """`snooze`, where an update is late: everybody sees until when."""
    refuse_if_over(incident)
    if not late(incident, by.now):
        raise Refused(t("No update is due now."), "nothing")
    if (incident.next_update_at or 0) > by.now + LATER - MINUTE:
        return ()  # somebody has just done so
    return (*arrive(incident, by), Draft(UpdateExpected(by.now + LATER)))


def _anew(incident: Incident, every: Micros | None, now: Micros) -> tuple[Draft, ...]:
    wait = cadence(incident, every)
    return _expected(incident, now + wait if wait else None, now)


def _goes_on(payload: Payload) -> bool:
    if isinstance(payload, Undone):
        return payload.status is not None
    return isinstance(payload, StatusChanged) and not payload.before.open


def _back(payload: Payload) -> bool:
    """It is not mitigated after all. (What was late while it was calm, nobody would ask for again.)"""
    return isinstance(payload, StatusChanged) and payload.before is Status.MONITORING and payload.after.open


def _louder(payload: Payload) -> bool:
    if isinstance(payload, SeverityChanged):
        return payload.after.rank < payload.before.rank
    return _goes_on(payload) or _back(payload)


def _calmer(payload: Payload) -> bool:
    if isinstance(payload, StatusChanged):
        return payload.after is Status.MONITORING
    if isinstance(payload, Undone):
        return payload.severity is not None or payload.kind is not None
    return isinstance(payload, SeverityChanged | KindChanged)


def _expected(incident: Incident, due: Micros | None, now: Micros) -> tuple[Draft, ...]:
    """Only for what is real and open: a drill teaches no habit of being late."""
    if incident.kind is not Kind.REAL or not incident.status.open or due == incident.next_update_at:
        return ()
    return (Draft(UpdateExpected(due), at=now, actor=BOT, source=Source.DERIVED),)
