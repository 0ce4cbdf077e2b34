"""Lists for the person who asked: what happened, which incidents are open."""

from collections.abc import Sequence

from bot.domain.events import Event, EvidenceKept, EvidenceLeft, Pinned, Undone, Unpinned
from bot.domain.run_state import Attempt
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.slack.views import words
from bot.slack.views.doing import undoing
from bot.slack.views.lines import line
from bot.slack.views.scene import joined
from bot.text import Code, Room, Span, Strong, Text, When, t, tn

TAKING = frozenset({EvidenceKept, EvidenceLeft, Pinned, Undone, Unpinned})
"""After these something may not be on the timeline; of most events that is all one needs to know."""


def timeline(events: Sequence[Event], incident: Incident, most: int) -> tuple[Text, ...]:
    """What happened last, in the order of its true times; what was entered later says when, and what was taken off is not
    there. most: entries; how many there are before them is said first."""
    found = in_time(events)
    lines = tuple(entry(event, incident) for event in found[-most:])
    left = len(found) - len(lines)
    return (_earlier(left), *lines) if left else lines


def _earlier(count: int) -> Text:
    return tn("{n} earlier entry is in the post-mortem.", "{n} earlier entries are in the post-mortem.", count)


def in_time(events: Sequence[Event]) -> list[Event]:
    """What is kept, in the order in which it happened."""
    return sorted(kept(events), key=lambda e: (e.occurred_at, e.seq))


def kept(events: Sequence[Event]) -> list[Event]:
    """Events without what was taken back or taken off."""
    off = _taken_off(events)
    return [event for event in events if event.seq not in off]


def _taken_off(events: Sequence[Event]) -> set[int]:
    """What was taken back, and messages that were pinned and unpinned again, with both events; what became of a file's copy is told
    where the file is."""
    off: set[int] = set()
    pinned: dict[tuple[str, str], int] = {}
    for event in events:
        if type(event.payload) not in TAKING:
            continue
        if isinstance(event.payload, EvidenceKept | EvidenceLeft):
            off.add(event.seq)
        elif isinstance(event.payload, Pinned):
            pinned[event.payload.channel, event.payload.ts] = event.seq
        elif isinstance(event.payload, Undone):
            off |= set(event.payload.seqs)
        elif isinstance(event.payload, Unpinned):
            off |= {event.seq, pinned.pop((event.payload.channel, event.payload.ts), event.seq)}
    return off


def entry(event: Event, incident: Incident) -> Text:
    said = t("{at} {line}", at=When(event.occurred_at, "secs"), line=line(event, incident))
    late = event.recorded_at - event.occurred_at
    return t("{said} (entered {at})", said=said, at=When(event.recorded_at, "full")) if late > 60_000_000 else said


def incidents(found: Sequence[Incident], now: Micros) -> tuple[Text, ...]:
    """One line per incident, newest first."""
    if not found:
        return (t("No incident is open."),)
    return tuple(_incident(incident, now) for incident in found)


def _incident(incident: Incident, now: Micros) -> Text:
    parts = [
        t("{ref}", ref=Strong(incident.ref)),
        *filter(None, [words.mark(incident)]),
        words.headline(incident),
        t("{age}", age=Span(now - incident.opened_at)),
        t("{title}", title=incident.title or incident.service),
    ]
    if incident.channel:
        parts.append(t("{room}", room=Room(incident.channel, incident.name)))
    return joined(parts)


def runs(incident: Incident) -> tuple[Text, ...]:
    """One line for each thing that was done on a machine, in the order in which they began."""
    if not incident.attempts:
        return (t("Tocsin ran nothing in {ref}.", ref=incident.ref),)
    return tuple(_run(attempt) for attempt in incident.attempts)


def _run(found: Attempt) -> Text:
    what = undoing(found.action, found.target) if found.undoes else t("{action}", action=Strong(found.action))
    parts = [t("{at} {what}", at=When(found.started_at, "secs"), what=what)]
    if found.target and not found.undoes:
        parts.append(t("{target}", target=Code(found.target)))
    parts.append(became(found))
    if found.ended_at is not None:
        parts.append(t("{took}", took=Span(found.ended_at - found.started_at)))
    if found.overridden:
        parts.append(t("on the word of {who}, without its approvals", who=words.people(found.approvers)))
    elif found.approvers:
        parts.append(t("approved by {who}", who=words.people(found.approvers)))
    return joined(parts)


def became(found: Attempt) -> Text:
    """What became of a try, in a word or two."""
    told = {
        "running": t("is running"),
        "exited": t("ended with {exit}, not checked", exit="?" if found.exit is None else found.exit),
        "timed_out": t("took too long and was ended"),
        "stopped": t("was stopped"),
        "never_started": t("was not started"),
        "unknown": t("nobody knows"),
        "failed": t("failed"),
        "ok": t("done, although it ended with {exit}", exit=str(found.exit)) if found.against else t("done"),
        "undone": t("was undone"),
    }
    return told["undone" if found.undone_at is not None else found.state]
