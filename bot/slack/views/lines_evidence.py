"""One sentence each for the files that people share, and their copies."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.domain.evidence import MOST
from bot.domain.state import Evidence, Incident
from bot.slack.views.scene import clauses
from bot.text import Code, Strong, Text, Who, t

SHORT = 12
"""Digits of a sha256 that people read; all of them stand in the post-mortem."""
MEBI, KIBI = 1 << 20, 1 << 10


def size(count: int) -> Text:
    """`1.2 MiB`."""
    if count >= MEBI:
        return t("{n} MiB", n=f"{count / MEBI:.1f}")
    return t("{n} KiB", n=f"{count / KIBI:.1f}") if count >= KIBI else t("{n} B", n=count)


def _found(i: Incident, event: e.Event) -> Evidence | None:
    return next((one for one in i.evidence if one.seq == event.seq), None)


def _shared(p: e.EvidenceShared, who: Who, event: e.Event, i: Incident) -> Text:
    """With what became of it: the copy's own event is not told apart."""
    by, one = Who(p.by), _found(i, event)
    if one is not None and one.gone:
        return t("{who} shared a file that was deleted later; its copy is removed.", who=by)
    said = t("{who} shared {name}", who=by, name=Strong(p.name or "…"))
    parts = [t("{said} ({size})", said=said, size=size(one.size if one else p.size))]
    if one is not None and one.sha:
        parts.append(t("kept as {sha}", sha=Code(one.sha[:SHORT])))
    if one is not None and one.left:
        parts.append(t("no copy is kept"))
    return clauses(parts)


def _kept(p: e.EvidenceKept, who: Who, event: e.Event, i: Incident) -> Text:
    return t("A copy of a file is kept as {sha} ({size}).", sha=Code(p.sha[:SHORT]), size=size(p.size))


def _left(p: e.EvidenceLeft, who: Who, event: e.Event, i: Incident) -> Text:
    """To whoever shared it: why there is no copy, and what they can do."""
    shared = next((one.by for one in i.evidence if one.file == p.file), "")
    name = Strong(p.name or "…")
    if p.reason == "too_large":
        most = t("{n} MiB", n=MOST // MEBI)
        why = t("I keep copies of files up to {most}; {name} is larger, so it is in Slack alone.", most=most, name=name)
    elif p.reason == "elsewhere":
        why = t("{name} does not lie with Slack, so I keep no copy of it.", name=name)
    elif p.reason == "closed":
        why = t("I may not read {name}, so I keep no copy of it.", name=name)
    else:
        return t("A file was deleted before it could be copied.")
    what = t("Say with {note} what it shows, if it matters.", note=Code("note"))
    said = t("{why} {what}", why=why, what=what)
    return t("{who}: {said}", who=Who(shared), said=said) if shared else said


def _gone(p: e.EvidenceGone, who: Who, event: e.Event, i: Incident) -> Text:
    if not p.sha:
        return t("A file of {who} was deleted in Slack; there was no copy.", who=who)
    return t("A file of {who} was deleted in Slack; its copy {sha} is removed.", who=who, sha=Code(p.sha[:SHORT]))


EVIDENCE_LINES: Mapping[type[e.Payload], Callable[[Any, Who, e.Event, Incident], Text]] = {
    e.EvidenceShared: _shared,
    e.EvidenceKept: _kept,
    e.EvidenceLeft: _left,
    e.EvidenceGone: _gone,
}
"""Kind of event → its sentence."""
