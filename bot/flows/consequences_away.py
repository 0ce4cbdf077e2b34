"""What follows when nobody could be judged for a while: the timers made anew, and one word (the rest: consequences.py)."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain.deadlines import Deadline, deadlines
from bot.domain.terms import MINUTE, Micros
from bot.flows.incoming import Incoming, Made
from bot.ports import Effect

LOOK: Micros = 10 * MINUTE


def began(i: Incoming, p: e.OutageBegan) -> Made:
    """Who can still be written to is told why nothing that they do arrives."""
    if p.why == "deaf" and i.incident.status.open:
        yield i.line("channel")


def over(i: Incoming, p: e.Absence) -> Made:
    yield from _again(i)
    if p.told:
        yield i.line("channel")


def clock_set(i: Incoming, p: e.ClockSet) -> Made:
    yield from _again(i)


def heard(i: Incoming) -> Effect:
    """Whether its alerts are still heard of is looked for the first time a while after it was opened."""
    return i.clock("clock.stale", "stale", i.event.recorded_at + LOOK)


def reopened(i: Incoming, p: e.StatusChanged) -> Made:
    if p.after.open and not p.before.open:
        yield heard(i)


def _again(i: Incoming) -> Made:
    """A timer for each deadline as it is now, and what shows the moment."""
    for n, one in enumerate(deadlines(i.incident)):
        if one.what == "update" and one.at <= i.event.recorded_at:
            continue  # it was late before, and was asked for
        yield timer(i, one, n)
        if one.what == "step":
            yield from i.step(**one.args)
        if one.what == "approval":
            yield i.approval(one.args["digest"])
    yield from i.card()


def timer(i: Incoming, one: Deadline, n: int) -> Effect:
    """For a deadline as it is now, the nth."""
    return i.clock("clock.page" if one.what == "call" else f"clock.{one.what}", _name(one, n), one.at, **one.args)


def _name(one: Deadline, n: int) -> Any:
    """The lane of its first timer where it has one of its own, so that lanes do not grow with outages."""
    if one.what == "step":
        return "{run}:{step}:{visit}".format(**one.args)
    if one.what in ("approval", "half", "widen"):
        return one.args["digest"][:16]
    return {"role": one.name, "update": "update"}.get(one.what, f"held{n}")


FOLLOWS: dict[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.OutageBegan: began,
    e.OutageEnded: over,
    e.DatabaseAway: over,
    e.Stopped: over,
    e.ClockSet: clock_set,
}
