"""Reports and impact in the fold."""

from dataclasses import replace

from bot.domain.events import CauseNamed, Event, Followed, FollowupMade, ImpactTold, SeenBy, Unflagged, Unfollowed
from bot.domain.state import Incident
from bot.domain.told import Cause, Follower, Followup, Impact, Seen


def seen(incident: Incident, event: Event, said: SeenBy) -> Incident:
    one = Seen(event.seq, said.group, event.occurred_at, said.channel, said.ts, event.actor)
    return replace(incident, told=replace(incident.told, seen=(*incident.told.seen, one)))


def impact(incident: Incident, event: Event, said: ImpactTold) -> Incident:
    one = Impact(event.seq, said.function, said.percent, said.began_at, said.ended_at)
    return replace(incident, told=replace(incident.told, impacts=(*incident.told.impacts, one)))


def cause(incident: Incident, event: Event, said: CauseNamed) -> Incident:
    causes = (*incident.told.causes, Cause(event.seq, said.code))
    return replace(incident, told=replace(incident.told, causes=causes))


def followup(incident: Incident, event: Event, said: FollowupMade) -> Incident:
    one = Followup(event.seq, said.owner, said.due, said.channel, said.ts, said.number)
    return replace(incident, told=replace(incident.told, followups=(*incident.told.followups, one)))


def unflagged(incident: Incident, event: Event, off: Unflagged) -> Incident:
    kept = tuple(one for one in incident.told.followups if (one.channel, one.ts) != (off.channel, off.ts))
    return replace(incident, told=replace(incident.told, followups=kept))


def followed(incident: Incident, event: Event, said: Followed) -> Incident:
    one = Follower(said.person or event.actor, said.zone)
    return replace(incident, told=replace(incident.told, followers=(*_others(incident, one.person), one)))


def unfollowed(incident: Incident, event: Event, said: Unfollowed) -> Incident:
    gone = tuple(dict.fromkeys((*incident.told.unfollowed, event.actor)))
    return replace(incident, told=replace(incident.told, followers=_others(incident, event.actor), unfollowed=gone))


def _others(incident: Incident, person: str) -> tuple[Follower, ...]:
    return tuple(one for one in incident.told.followers if one.person != person)
