"""What follows from what people say: updates, decisions, reports (the rest: consequences.py)."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.flows.incoming import Incoming, Made


def _line(i: Incoming, p: e.Payload) -> Made:
    yield i.line("thread")


def _update(i: Incoming, p: e.UpdateSent) -> Made:
    yield i.say("update")
    yield from i.card()
    if p.next_at is not None:
        yield i.clock("clock.update", "update", p.next_at, due=p.next_at)


def _update_missed(i: Incoming, p: e.UpdateMissed) -> Made:
    yield from i.card()
    if i.incident.commander:
        yield i.direct("nudge", i.incident.commander, due=p.due_at)


FOLLOWS: Mapping[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.Noted: _line,
    e.Decided: _line,
    e.Tried: _line,
    e.SeenBy: _line,
    e.ImpactTold: _line,
    e.UpdateSent: _update,
    e.UpdateMissed: _update_missed,
}
"""What follows from each kind of event."""
