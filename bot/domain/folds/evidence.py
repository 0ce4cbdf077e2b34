"""Evidence in the fold."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.events import Event, EvidenceGone, EvidenceKept, EvidenceLeft, EvidenceShared
from bot.domain.state import Evidence, Incident


def shared(incident: Incident, event: Event, said: EvidenceShared) -> Incident:
    others = tuple(one for one in incident.evidence if one.file != said.file)
    one = Evidence(said.file, event.seq, said.ts, said.by, said.size)
    return incident.renewed(evidence=(*others, one))


def kept(incident: Incident, event: Event, copy: EvidenceKept) -> Incident:
    """What was deleted while it was copied has no copy: it is removed at once."""
    return _with(incident, copy.file, lambda one: one if one.gone else replace(one, sha=copy.sha, size=copy.size))


def left(incident: Incident, event: Event, said: EvidenceLeft) -> Incident:
    return _with(incident, said.file, lambda one: replace(one, left=said.reason))


def gone(incident: Incident, event: Event, said: EvidenceGone) -> Incident:
    return _with(incident, said.file, lambda one: replace(one, gone=True, sha=""))


def _with(incident: Incident, file: str, change: Callable[[Evidence], Evidence]) -> Incident:
    changed = (change(one) if one.file == file else one for one in incident.evidence)
    return incident.renewed(evidence=tuple(changed))
