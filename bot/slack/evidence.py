"""Copies of files that people shared, kept and taken away again."""

from bot.domain.events import Draft, EvidenceKept, EvidenceLeft
from bot.domain.evidence import MOST, Shared
from bot.errors import ChatError
from bot.ports import Call, Done, Outcome, Retry, TooLarge
from bot.slack.surfaces import Stage

GONE = frozenset({"file_deleted", "file_not_found"})
CLOSED = frozenset({"missing_scope", "not_visible", "access_denied", "not_slacks"})
REST = 600.0
"""Seconds for which a copy is left alone: the same bytes may just have been shared in another incident, and not yet be recorded."""


async def keep(stage: Stage, call: Call) -> Outcome:
    """Look where the file is now, and copy it. Copied twice it is the same copy."""
    name = str(call.effect.args["file"])
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if any(one.file == name and one.gone for one in incident.evidence):
        return Done()
    file = Shared(name)
    try:
        file = await stage.chat.file(name)
        if reason := _why_not(file):
            return _left(file, reason)
        sha, size = await stage.copies.keep(stage.chat.content(file), MOST)
    except TooLarge:
        return _left(file, "too_large")
    except ChatError as error:
        if error.code not in GONE | CLOSED:
            raise
        return _left(file, "gone" if error.code in GONE else "closed")
    except OSError as error:
        return Retry(0.0, f"the copy cannot be written: {error.strerror or error}")
    return Done((Draft(EvidenceKept(file.id, sha, size)),))


def _why_not(file: Shared) -> str:
    if file.gone:
        return "gone"
    if file.elsewhere:
        return "elsewhere"
    return "too_large" if file.size > MOST else ""


def _left(file: Shared, reason: str) -> Done:
    return Done((Draft(EvidenceLeft(file.id, reason, file.name)),))


async def drop(stage: Stage, call: Call) -> Outcome:
    """Remove a copy, unless another file with the same bytes is kept."""
    sha = str(call.effect.args["sha"])
    age = await stage.copies.age(sha)
    if age is None:
        return Done()
    if age < REST:
        return Retry(REST - age, "it was stored a moment ago", counted=False)
    async with stage.store.read() as reads:
        if await reads.keeps_copy(sha):
            return Done()
    try:
        await stage.copies.drop(sha)
    except OSError as error:
        return Retry(0.0, f"the copy cannot be removed: {error.strerror or error}")
    return Done()
