"""Two incidents are one: the younger is folded into the other, and split off again if that was wrong.

Each function is a decision: drafts of events, () if nothing would change, Refused with a sentence for people.
"""

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256

from bot.domain.drill import refuse_unreverted
from bot.domain.events import Draft, Event, LetOut, Merged, SplitOff, TookIn
from bot.domain.events.course import Known
from bot.domain.folds.course import known
from bot.domain.incident import replay
from bot.domain.named import gone_into
from bot.domain.service import Services
from bot.domain.state import Incident
from bot.domain.terms import Micros, Milestone, Source, Status
from bot.errors import Refused
from bot.text import Strong, Typed, t

EARLIEST = (Milestone.STARTED, Milestone.FIRST_SIGNAL, Milestone.DETECTED, Milestone.ACKNOWLEDGED)
"""Milestones of which the earlier one holds for both."""


def mark_of(source: str, kind: str, group_key: str) -> str:
    """How an event remembers an alert group: its key is foreign text."""
    return sha256("\n".join((source, kind, group_key)).encode()).hexdigest()[:12]


def symptoms(services: Services, incident: Incident, others: Iterable[Incident]) -> tuple[int, ...]:
    """Numbers of the open incidents among others that may be symptoms of this one, the oldest first. None is private: everybody
    in the channel reads them."""
    depend = services.dependents(incident.service) if incident.status.open else frozenset()
    alike = (one for one in others if one.service in depend and one.kind is incident.kind and not one.private)
    return tuple(sorted(one.number for one in alike if one.status.open))


def check(into: Incident, other: Incident) -> None:
    """Raise Refused if `other` cannot be folded into `into`."""
    names = {"into": into.ref, "other": other.ref}
    if into.number == other.number:
        raise Refused(t("That is this incident. Name the other one: {word}.", word=Strong("merge INC-7")), "same")
    if other.status is Status.MERGED:
        raise Refused(t("{other} was folded into {there} already.", other=other.ref, there=gone_into(other)), "merged")
    if into.status is Status.MERGED:
        there = gone_into(into)
        raise Refused(t("{into} was folded into {there}. Fold it in there.", into=into.ref, there=there), "merged")
    if into.status is Status.CLOSED or other.status is Status.CLOSED:
        raise Refused(t("{into} or {other} is closed. Reopen it first.", **names), "closed")
    if into.kind is not other.kind:
        raise Refused(t("{into} and {other} are not of one kind: one of them is not real.", **names), "kind")
    refuse_unreverted(other)
    if other.private and not into.private:
        raise Refused(t("{other} is private and {into} is not. Fold it the other way round.", **names), "private")


def refuse_further(child: Incident, parent: Incident) -> None:
    """Raise Refused where the parent was folded in itself since: its alerts, and the child's among them, are elsewhere."""
    if parent.status is Status.MERGED:
        sentence = t(
            "{ref} was folded into {into}, and that into {there}, where its alerts are. Part {into} first: {word}.",
            ref=child.ref,
            into=parent.ref,
            there=gone_into(parent),
            word=Typed(f"split {parent.ref}"),
        )
        raise Refused(sentence, "merged_on")


def merge(into: Incident, other: Incident, groups: Sequence[str]) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Events for `into` and for `other`; ((), ()) if that is done. groups: `mark_of` those that move."""
    if other.status is Status.MERGED and other.merged_into == into.number:
        return (), ()
    check(into, other)
    counts = other.alerts
    people = {*other.answered, *(held[-1].value for held in other.roles.values() if held[-1].end is None)}
    took = TookIn(
        number=other.number,
        firing=counts.firing,
        total=counts.total,
        groups=counts.groups,
        services=tuple(dict.fromkeys(filter(None, (other.service, *counts.services)))),
        first_at=counts.first_at,
        last_at=counts.last_at,
        reached_at=counts.reached_at,
        marks=_earlier(into, other),
        people=tuple(sorted(people)),
        title=other.title,
    )
    hidden = into.private and not other.private
    return (Draft(took),), (Draft(Merged(into.number, other.status, tuple(groups), hidden)),)


def _earlier(into: Incident, other: Incident) -> tuple[Known, ...]:
    """What the other had earlier; what a person has corrected here stays."""
    found = []
    for name in EARLIEST:
        theirs, ours = other.marks.get(name), into.marks.get(name)
        if theirs is None or theirs.source is Source.DERIVED or (ours is not None and _sure(ours.revision, ours.how)):
            continue
        if ours is None or ours.source is Source.DERIVED or theirs.at < ours.at:
            found.append(known(name.value, theirs))
    return tuple(found)


def _sure(revision: int, how: str) -> bool:
    return revision > 0 or how in ("mark", "answer")


def split(
    parent: Incident,
    child: Incident,
    told: Sequence[Event],
    theirs: Sequence[Event],
    counts: tuple[int, int],
    left: Collection[str],
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Events for the parent and the child that goes on by itself. told, theirs: their events; counts: of the child's alerts, how
    many fire and how many there are; left: services of the parent's own."""
    if child.status is not Status.MERGED or child.merged_into != parent.number:
        raise Refused(t("{ref} is not folded into {into}.", ref=child.ref, into=parent.ref), "not_merged")
    merged = next(one for one in reversed(theirs) if isinstance(one.payload, Merged))
    took = next(one for one in reversed(told) if isinstance(one.payload, TookIn) and one.payload.number == child.number)
    assert isinstance(merged.payload, Merged)
    assert isinstance(took.payload, TookIn)
    without = replay(one for one in told if one.seq != took.seq)
    marks, gone = _back(parent, took.payload, without)
    out = LetOut(
        child.number,
        *counts,
        took.payload.groups,
        marks,
        gone,
        tuple(one for one in parent.alerts.services if one in left),
        without.alerts.first_at,
        without.alerts.last_at,
        without.alerts.reached_at,
    )
    before, hidden = merged.payload.before, parent.private and not child.private
    return (Draft(out),), (Draft(SplitOff(parent.number, before, *counts, hidden)),)


def _back(parent: Incident, took: TookIn, without: Incident) -> tuple[tuple[Known, ...], tuple[str, ...]]:
    """The parent's milestones that came from the child, as they would be without it."""
    came = {one[0]: one[1] for one in took.marks}
    names = [n for n, at in came.items() if n in parent.marks and _is(parent, n, at)]
    marks = tuple(known(name, without.marks[name]) for name in names if name in without.marks)
    return marks, tuple(name for name in names if name not in without.marks)


def _is(parent: Incident, name: str, at: Micros) -> bool:
    return parent.marks[name].at == at


def moved(events: Sequence[Event]) -> frozenset[str]:
    """Which groups an incident gave away when it was folded in last, as `mark_of` names them."""
    found = [one.payload.groups for one in events if isinstance(one.payload, Merged)]
    return frozenset(found[-1]) if found else frozenset()
