"""Reports and impact in the fold."""

from dataclasses import replace

from bot.domain.events import Event, ImpactTold, SeenBy
from bot.domain.state import Incident
from bot.domain.told import Impact, Seen


def seen(incident: Incident, event: Event, said: SeenBy) -> Incident:
    one = Seen(event.seq, said.group, event.occurred_at, said.channel, said.ts)
    return replace(incident, told=replace(incident.told, seen=(*incident.told.seen, one)))


def impact(incident: Incident, event: Event, said: ImpactTold) -> Incident:
    one = Impact(event.seq, said.function, said.percent, said.began_at, said.ended_at)
    return replace(incident, told=replace(incident.told, impacts=(*incident.told.impacts, one)))
