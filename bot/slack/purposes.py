"""The purpose of an incident's channel: the mark by which we know it as ours, and whether what is written there is kept."""

import hashlib
from collections.abc import Mapping

from bot import mentions
from bot.domain.state import Incident
from bot.domain.terms import stream_of
from bot.domain.transcript import KEPT, purpose_key, wanted
from bot.errors import ChatError
from bot.ports import Call, Channel, Done, GiveUp, MessageAt, Outcome, Retry
from bot.slack.surfaces import Stage
from bot.text import PlainShow, one_line, render

LONGEST = 250
NOBODY: Mapping[str, str] = {}
LEAST = 10
"""Characters of a title below which it is left out."""
FORBIDDEN = frozenset({"restricted_action", "missing_scope", "user_is_restricted", "no_permission", "not_in_channel"})
"""A rule forbids it, which an administrator may lift while the incident is open."""
ASKED_AGAIN = 600.0
"""Seconds after which Slack is asked again then."""


def purpose(incident: Incident, instance: str, private: bool, said: str = "", names: Mapping[str, str] = NOBODY) -> str:
    """`INC-42 · Orders cannot be placed · <said> · <mark>`: people read it, and a channel is known by it as ours."""
    first, last = _marks(incident, mark(instance))
    words = [said] if said else []
    title = one_line(mentions.named(incident.title, names)).rstrip(".")
    room = LONGEST - len(first) - len(last) - len(said) - (len(" · ") if said else 0)
    if title and not private and room >= LEAST:
        words.insert(0, title if len(title) <= room else title[: room - 1] + "…")
    return f"{first}{' · '.join(words)}{last}" if words else f"{incident.ref}{last}"


def mark(instance: str) -> str:
    """What names an installation: no link, for there is nothing to be read at its address."""
    return f"tocsin-{hashlib.sha256(instance.encode()).hexdigest()[:8]}" if instance else "tocsin"


def _marks(incident: Incident, last: str) -> tuple[str, str]:
    """What our channel's purpose begins and ends with."""
    return f"{incident.ref} · ", f" · {last}"


def ours(stage: Stage, incident: Incident, found: Channel) -> bool:
    """Whether a channel has the mark of this incident and this installation, which earlier versions named by its address."""
    marks = (_marks(incident, last) for last in (mark(stage.instance), stage.instance) if last)
    return any(found.purpose.startswith(first) and found.purpose.endswith(last) for first, last in marks)


def transcript(stage: Stage, incident: Incident) -> str:
    """What the purpose has to say of the transcript, "" where none is kept."""
    return render(KEPT, PlainShow()) if wanted(stage.organisation(), incident) else ""


def row(incident: Incident, channel: str, said: str) -> MessageAt:
    """What a channel's purpose says of the transcript: only where it says so, something is kept."""
    return MessageAt(purpose_key(incident.number), stream_of(incident.number), "purpose", channel, said)


async def say(stage: Stage, call: Call) -> Outcome:
    """The purpose says of the transcript what holds now. One that has not our mark is not ours to write: that of a channel that was
    there before, or that people have changed. There nothing is kept. mark: it is our channel, and has no mark yet."""
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if not incident.channel:
        return GiveUp("no_channel")
    found = await stage.chat.channel(incident.channel)
    bare = bool(call.effect.args.get("mark")) and not found.purpose
    if not (bare or ours(stage, incident, found)):
        return Done(rows=(row(incident, found.id, ""),))
    said = transcript(stage, incident)
    should = purpose(incident, stage.instance, incident.private, said, stage.names.last)
    if found.purpose != should:
        try:
            await stage.chat.set_purpose(found.id, should)
        except ChatError as error:
            if error.code not in FORBIDDEN or not incident.status.open:
                raise
            return Retry(ASKED_AGAIN, error.code, counted=False)
    return Done(rows=(row(incident, found.id, said),))
