"""Files that people share in an incident's channel, and the copies that are kept of them."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event


@event("evidence_shared")
@dataclass(frozen=True, slots=True)
class EvidenceShared(Payload):
    """Somebody shared a file, or 📌 was put on it; occurred_at is the message's own time. file: Slack's id; by: who wrote the
    message; size: bytes, as Slack says."""

    file: str
    channel: str
    ts: str
    by: str
    size: int
    name: str = body()


@event("evidence_kept")
@dataclass(frozen=True, slots=True)
class EvidenceKept(Payload):
    """The copy is there. sha: sha256 hex of its bytes, by which it is found; size: bytes that were copied."""

    file: str
    sha: str
    size: int


@event("evidence_left")
@dataclass(frozen=True, slots=True)
class EvidenceLeft(Payload):
    """There is no copy, and there will be none. reason: too_large | elsewhere (it does not lie with Slack) | closed (Tocsin may not
    read it) | gone (it was deleted first)."""

    file: str
    reason: str
    name: str = body()


@event("evidence_gone")
@dataclass(frozen=True, slots=True)
class EvidenceGone(Payload):
    """It was deleted in Slack, so its copy is removed, too. sha: of the copy, "" if there was none."""

    file: str
    sha: str = ""
