"""Evidence: files that people share in an incident's channel. A copy is kept, since Slack forgets and people delete by mistake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.events import Draft, EvidenceGone, EvidenceLeft, EvidenceShared
from bot.domain.people import By, arrive
from bot.domain.reading import posted
from bot.domain.state import Incident

MOST = 20 * 1024 * 1024
"""Bytes of a file of which a copy is kept."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A file as Slack tells of it. size: bytes; elsewhere: it does not lie with Slack, or is no file (a canvas); gone: it was
    deleted; url: where its bytes are, for those who have our token."""

    id: str
    name: str = ""
    size: int = 0
    elsewhere: bool = False
    gone: bool = False
    url: str = ""


def share(incident: Incident, by: By, channel: str, ts: str, author: str, files: Sequence[Shared]) -> tuple[Draft, ...]:
    """Files of a message, at its own time. () for those that are known; of what is too large, or elsewhere, no copy is made."""
    known = {one.file for one in incident.evidence if not one.gone}
    found: list[Draft] = []
    for file in files:
        if file.id in known or file.gone:
            continue
        shared = EvidenceShared(file.id, channel, ts, author, file.size, file.name)
        found.append(Draft(shared, at=posted(ts)))
        if file.elsewhere or file.size > MOST:
            found.append(Draft(EvidenceLeft(file.id, "elsewhere" if file.elsewhere else "too_large", file.name)))
    return (*arrive(incident, by), *found) if found else ()


def delete(incident: Incident, files: Iterable[str], ts: str = "") -> tuple[Draft, ...]:
    """Files that were deleted in Slack, or taken away with the message `ts` that brought them ("": wherever they stood)."""
    wanted = set(files)
    here = [one for one in incident.evidence if one.file in wanted and not one.gone and ts in ("", one.ts)]
    return tuple(Draft(EvidenceGone(one.file, one.sha)) for one in here)
