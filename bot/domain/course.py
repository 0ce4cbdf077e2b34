"""Watching over an opening, and waiting for somebody else.

Each function is a decision: drafts of events, () if nothing would change, Refused or BadInput with a sentence for people.
"""

from collections.abc import Sequence

from bot.domain.events import AllClear, Draft, MadePrivate, Paused, Resumed, Watched
from bot.domain.people import By, arrive, refuse_if_over
from bot.domain.state import Incident
from bot.domain.terms import BOT, DAY, Micros, Source
from bot.errors import BadInput, Refused
from bot.text import When, t

LONGEST_WATCH: Micros = 7 * DAY


def watch(incident: Incident, by: By, until: Micros | None) -> tuple[Draft, ...]:
    """It stays open until then. None: no longer. () if that is so."""
    refuse_if_over(incident)
    if until is not None and not by.now < until <= by.now + LONGEST_WATCH:
        sentence = t("{at} is over, or more than a week ahead. Until when?", at=When(until, "full"))
        raise BadInput(sentence, "watch until 09:45")
    if until == incident.watched_until:
        return ()
    return (*arrive(incident, by), Draft(Watched(until)))


def watch_over(incident: Incident, until: Micros, now: Micros) -> tuple[Draft, ...]:
    """The watch ends (actor: Tocsin): people are asked, if nothing fires. () if it was moved meanwhile."""
    if incident.watched_until != until or not incident.status.open:
        return ()
    over = Draft(Watched(None), actor=BOT, source=Source.DERIVED)
    if incident.alerts.firing:
        return (over,)
    since = incident.alerts.clear_since or incident.alerts.last_at or now
    return (over, Draft(AllClear(since), actor=BOT, source=Source.DERIVED))


def make_private(incident: Incident, kept: Sequence[str] = ()) -> tuple[Draft, ...]:
    """From now on only its people see it. kept: followers who see private incidents by policy. () if that is so."""
    if incident.private:
        return ()
    if not incident.channel or incident.archived:
        raise Refused(t("{ref} has no channel at present. Try again in a moment.", ref=incident.ref), "no_channel")
    return (Draft(MadePrivate(incident.channel, tuple(kept))),)


def watched(incident: Incident, now: Micros) -> bool:
    """Somebody wants it to be kept open still."""
    return incident.watched_until is not None and incident.watched_until > now


def pause(incident: Incident, by: By, reason: str) -> tuple[Draft, ...]:
    """People wait for something: nobody is reminded or late. () if it is paused."""
    refuse_if_over(incident)
    if incident.paused:
        return ()
    if not reason.strip():
        raise BadInput(t("Say what you wait for, in a few words."), "pause the vendor calls back at 09:00")
    return (*arrive(incident, by), Draft(Paused(reason.strip())))


def resume(incident: Incident, by: By) -> tuple[Draft, ...]:
    """The work goes on. () if it does."""
    refuse_if_over(incident)
    return (*arrive(incident, by), Draft(Resumed())) if incident.paused else ()
