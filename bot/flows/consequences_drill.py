"""What follows from the events of drills, and what stops them (the rest: consequences.py)."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.domain.drill import needs_everybody
from bot.domain.terms import ORG, Kind
from bot.flows.incoming import Incoming, Made
from bot.ports import Effect
from bot.work.effects import NOTICE


def began(i: Incoming, p: e.DrillBegan) -> Made:
    yield from i.card()
    if p.by:
        yield i.invite(p.by)
    yield i.line("channel")
    for n, after in enumerate(p.injects):
        yield i.clock("clock.inject", str(n), i.event.occurred_at + after, n=n)
    if p.ends_at is not None:
        yield i.clock("clock.drill_end", "end", p.ends_at)
    for check in p.checks:
        yield i.clock("clock.abort", check, i.event.occurred_at, check=check, n=0)


def injected(i: Incoming, p: e.DrillInjected) -> Made:
    yield i.line("channel")
    if p.person:
        yield i.direct("inject", p.person, seq=i.event.seq)


def stopped(i: Incoming, p: e.DrillStopped) -> Made:
    yield from i.card()
    yield i.topic()
    yield i.line("channel")
    yield from report(i)


def seen(i: Incoming, p: e.ConditionSeen) -> Made:
    """That it holds is said with what follows from it."""
    if p.what == "blind":
        yield i.line("channel")


def found(i: Incoming, p: e.DrillFound) -> Made:
    yield i.line("thread")
    yield from report(i)


def signed(i: Incoming, p: e.DrillSigned) -> Made:
    yield i.line("channel")
    yield from report(i)


def report(i: Incoming) -> Made:
    """Once the drill is over there is a report, and it shows what is known now."""
    if i.incident.drill is not None and not i.incident.status.open:
        yield i.show("drill_report", "drill_report")


def after(i: Incoming) -> Made:
    """What any event means for drills: one that ends its plan or itself, or something real that needs everybody."""
    payload = i.event.payload
    if i.incident.kind is Kind.DRILL:
        if isinstance(payload, e.PlanEnded | e.DrillStopped):
            key = f"{i.stream}:drill.clear:{i.event.seq}"
            yield Effect(key, "drill.clear", f"{i.stream}:drill", i.stream, {}, NOTICE)
        if isinstance(payload, e.StatusChanged):
            yield from report(i)
        return
    if isinstance(payload, e.KindChanged) and i.incident.drill is not None:
        yield i.clock("clock.drill_end", "real", i.event.recorded_at, why="real")
    if isinstance(payload, e.Opened | e.SeverityChanged | e.KindChanged | e.StatusChanged) and needs_everybody(
        i.incident
    ):
        key = f"{ORG}:drills:{i.incident.number}:{i.event.seq}"
        yield Effect(key, "clock.drills", f"{ORG}:clock:drills", ORG, {"incident": i.incident.number})


FOLLOWS: Mapping[type[e.Payload], Callable[[Incoming, Any], Made]] = {
    e.DrillBegan: began,
    e.DrillInjected: injected,
    e.DrillStopped: stopped,
    e.ConditionSeen: seen,
    e.DrillFound: found,
    e.DrillSigned: signed,
}
