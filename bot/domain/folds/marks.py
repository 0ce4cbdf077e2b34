"""Milestones are set by what happens: the first time counts, a correction by a person wins and is kept apart."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.events import Event
from bot.domain.state import Mark
from bot.domain.terms import Micros, Milestone, Source

Marks = Mapping[str, Mark]


def reached(marks: Marks, milestone: Milestone, event: Event, at: Micros | None = None, how: str = "") -> Marks:
    """The milestone was reached by this event, at its time or at `at`; what is known already stays."""
    if milestone in marks:
        return marks
    moment = event.occurred_at if at is None else at
    return {**marks, milestone.value: Mark(moment, event.source, event.actor, event.recorded_at, first=moment, how=how)}


def derived(marks: Marks, milestone: Milestone, event: Event, at: Micros) -> Marks:
    """The milestone is taken over from another one: shown, and marked as derived."""
    return {**marks, milestone.value: Mark(at, Source.DERIVED, event.actor, event.recorded_at, first=at)}


def corrected(marks: Marks, milestone: Milestone, event: Event, how: str) -> Marks:
    """A person says when it was: their value holds from now on, what was recorded first is kept beside it."""
    old = marks.get(milestone)
    mark = Mark(event.occurred_at, event.source, event.actor, event.recorded_at, first=event.occurred_at, how=how)
    if old is not None and old.source is not Source.DERIVED:
        mark = replace(mark, revision=old.revision + 1, first=old.first)
    return {**marks, milestone.value: mark}


def without(marks: Marks, milestones: Collection[Milestone]) -> Marks:
    """These are no longer reached."""
    return {name: mark for name, mark in marks.items() if name not in milestones}


def with_start(marks: Marks, event: Event) -> Marks:
    """`started` as long as nobody has said it: that of the first signal, if the signal was there before we knew.

    A signal that came after people had noticed says nothing about when it began.
    """
    signal, detected, started = (
        marks.get(name) for name in (Milestone.FIRST_SIGNAL, Milestone.DETECTED, Milestone.STARTED)
    )
    if started is not None and started.source is not Source.DERIVED:
        return marks
    if signal is None or detected is None or signal.at > detected.at:
        return without(marks, {Milestone.STARTED}) if started else marks
    if started is not None and started.at == signal.at:
        return marks
    return derived(marks, Milestone.STARTED, event, signal.at)
