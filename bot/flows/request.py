"""A sender's request on its way in, and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.alert import Alert
from bot.domain.route import Routed
from bot.domain.terms import Kind
from bot.flows.seen import Body, Said
from bot.ports import Cause, Json
from storage.alerts import Episode, Key

_KINDS = {kind: kind.value for kind in Kind}


class Item:
    """An alert of a request, what it means here, and under which keys the store remembers it and the group it names."""

    __slots__ = ("alert", "group", "home", "key", "routed")

    def __init__(self, alert: Alert, routed: Routed) -> None:
        kind = _KINDS[alert.kind]
        self.alert = alert
        self.routed = routed
        self.key: Key = (alert.source, kind, alert.fingerprint)
        self.group: Key = (alert.source, kind, routed.group_key)
        self.home = self.group  # the group that it belongs to, once that is known


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a sender; raw_sha: sha256 of its body."""

    items: Sequence[Item]
    raw_sha: str
    cause: Cause

    def __len__(self) -> int:
        return len(self.items)

    @property
    def source(self) -> str:
        return self.items[0].alert.source

    def as_body(self) -> Body | None:
        """For `again`, once it said nothing new; None if its bytes do not say enough: a start is missing, or alerts are."""
        said = []
        for item in self.items:
            alert = item.alert
            if alert.starts_at is None or alert.truncated:
                return None
            said.append(Said(Episode(item.key, str(alert.status), alert.starts_at), item.home))
        return Body(said, frozenset(key for item in self.items for key in (item.group, item.home)))


def answer(fingerprint: str, status: str, decision: str, incident: int | None, why: str) -> Json:
    """What became of one alert."""
    return {"fingerprint": fingerprint, "status": status, "decision": decision, "incident": incident, "why": why}
