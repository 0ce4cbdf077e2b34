"""Times in which nobody is judged: without Slack, without the database, without Tocsin itself; and a clock that was set."""

from dataclasses import replace

from bot.domain.deadlines import held, moved, stepped
from bot.domain.events import ClockSet, DatabaseAway, Event, OutageBegan, OutageEnded, Stopped
from bot.domain.state import Incident, Interval


def outage_began(incident: Incident, event: Event, outage: OutageBegan) -> Incident:
    """Until it ends, timers stand still (bot/flows/reactions.py)."""
    if incident.away is not None:
        return incident
    return replace(incident, outages=(*incident.outages, Interval(outage.why, event.occurred_at)))


def outage_ended(incident: Incident, event: Event, outage: OutageEnded) -> Incident:
    """Ends the outage that is open; one whose beginning was not written here is added whole."""
    away = incident.away
    if away is None:
        away = Interval("", outage.began_at)
        incident = replace(incident, outages=(*incident.outages, away))
    until = max(event.occurred_at, away.start)
    over = tuple(replace(one, end=until) if one is away else one for one in incident.outages)
    return moved(replace(incident, outages=over), held(away.start, until))


def absent(incident: Incident, event: Event, absence: DatabaseAway | Stopped) -> Incident:
    """A time that is known when it is over. While Slack is away timers stand still anyway, and its end moves them."""
    gone = Interval(event.kind, absence.began_at, max(event.occurred_at, absence.began_at))
    here = replace(incident, outages=(*incident.outages, gone))
    return here if incident.away is not None else moved(here, held(gone.start, gone.end or gone.start))


def clock_set(incident: Incident, event: Event, clock: ClockSet) -> Incident:
    return moved(replace(incident, clock_set_at=event.occurred_at), stepped(event.occurred_at, clock.jump))
