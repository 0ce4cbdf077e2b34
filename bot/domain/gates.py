"""The gates before an action, in their order; the first that is shut says why. Tried before the question and before the claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.plan import Limits
from bot.domain.policy import Mode
from bot.domain.terms import Micros

PRIVATE = "private"
"""Stands for an incident that is not named."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A gate is shut. params: texts; moments and lengths in µs as digits."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the gates look at, gathered in the transaction that decides.

    flaw: file, line and code of an error that the pinned text has by the rules of this version, "" if it has none; origin: why
    its text may not act, "" if it may, see runbooks/origin.py; refused: what policy.yaml does not let the
    action, its check or its rollback do; breaker_open: of this plan;
    same_target, all_runs: moments of earlier runs under the plan's counters; busy: what is in hand now, target → incident; reach:
    hosts in the limits' `of`; lock_holder: the incident that has the lock now, "" if it is free; lock_unsure: nobody knows what
    became of what it runs there; may_override: groups whom break_glass names; approved: None = not asked yet, else `given`,
    `expired`, `changed`, `open`; does: what would run, in one line; back: it takes an experiment back, for which no pause, no rate
    and no locked plan is in the way.
    """

    now: Micros
    mode: Mode
    changes: bool
    action: str
    plan: str = ""
    target: str = ""
    flaw: str = ""
    origin: str = ""
    refused: Refusal | None = None
    limits: Limits | None = None
    breaker_open: bool = False
    same_target: tuple[Micros, ...] = ()
    all_runs: tuple[Micros, ...] = ()
    busy: Mapping[str, str] = field(default_factory=dict)
    reach: int = 0
    lock_holder: str = ""
    lock_unsure: bool = False
    override: bool = False
    may_override: str = ""
    approved: str | None = None
    does: str = ""
    back: bool = False


def shut(g: Gathered) -> Refusal | None:
    """The first gate that is shut, None if all are open."""
    order = (_off, _plan, _allowed, _target, _breaker, _cooldown, _rate, _blast, _lock, _dry, _approval)
    return next((found for gate in order if (found := gate(g)) is not None), None)


def sooner(g: Gathered) -> Refusal | None:
    """The gates before the values: what they say comes before what is wrong with a value."""
    return _off(g) or _plan(g)


def _off(g: Gathered) -> Refusal | None:
    return Refusal("off") if g.mode is Mode.OFF else None


def _dry(g: Gathered) -> Refusal | None:
    """After all gates but the people's: what would run is told only if nothing else is against it."""
    return Refusal("dry_run", {"does": g.does}) if g.mode is Mode.DRY_RUN and g.changes else None


def _plan(g: Gathered) -> Refusal | None:
    if g.flaw:
        return Refusal("plan", {"where": g.flaw})
    return Refusal("origin", {"why": g.origin}) if g.origin else None


def _allowed(g: Gathered) -> Refusal | None:
    return g.refused


def _target(g: Gathered) -> Refusal | None:
    return Refusal("no_target") if g.changes and not g.target else None


def _breaker(g: Gathered) -> Refusal | None:
    return Refusal("breaker", {"plan": g.plan}) if g.changes and g.breaker_open and not g.back else None


def _cooldown(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None or g.override or g.back or not g.same_target:
        return None
    last = max(g.same_target)
    if g.now - last >= g.limits.cooldown:
        return None
    told = {"target": g.target, "ago": g.now - last, "pause": g.limits.cooldown, "until": last + g.limits.cooldown}
    told |= {"who": g.may_override} if g.may_override else {}
    return Refusal("cooldown", {name: str(value) for name, value in told.items()})


def _rate(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None or g.back:
        return None
    recent = sorted(at for at in g.all_runs if g.now - at < g.limits.per)
    if len(recent) < g.limits.count:
        return None
    free = recent[len(recent) - g.limits.count] + g.limits.per
    return Refusal("rate", {"count": str(len(recent)), "per": str(g.limits.per), "until": str(free)})


def _blast(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None:
        return None
    most, others = at_once(g), beside(g)
    if 1 + len(others) <= most:
        return None
    named = {target: "" if incident == PRIVATE else f" ({incident})" for target, incident in others.items()}
    where = ", ".join(f"{target}{incident}" for target, incident in sorted(named.items())[:5])
    return Refusal("blast", {"n": str(1 + len(others)), "most": str(most), "where": where})


def at_once(g: Gathered) -> int:
    """So many targets may be in hand at the same time; 0 if the plan sets no limit."""
    if g.limits is None or not g.limits.of:
        return g.limits.max_targets if g.limits else 0
    return min(g.limits.max_targets, max(1, g.reach * g.limits.max_percent // 100))


def beside(g: Gathered) -> Mapping[str, str]:
    """What is in hand now beside the target → the incident."""
    return {target: incident for target, incident in g.busy.items() if target != g.target}


def _lock(g: Gathered) -> Refusal | None:
    if not (g.changes and g.lock_holder):
        return None
    told = {"holder": g.lock_holder, "target": g.target}
    return Refusal("lock_unsure", told) if g.lock_unsure else Refusal("lock", told)


def _approval(g: Gathered) -> Refusal | None:
    if g.approved is None or g.approved == "given":
        return None
    known = {"expired": "expired", "changed": "changed"}
    return Refusal(known.get(g.approved, "unapproved"))
