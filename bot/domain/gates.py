"""The gates before an action, in their order; the first that is shut says why. Tried before the question and before the claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.plan import Limits
from bot.domain.policy import Mode
from bot.domain.terms import Micros
from bot.text import Code, Span, Text, When, t

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A gate is shut. params: texts; moments and lengths in µs as digits."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the gates look at, gathered in the transaction that decides.

    flaw: file, line and code of an error that the pinned text has by the rules of this version, "" if it has none; origin: why
    its text may not act, "" if it may, see runbooks/origin.py; program, function, host: what the action would use, and whether
    policy.yaml allows it; breaker_open: of this plan; same_target, all_runs: moments of earlier runs under the plan's
    counters; busy: targets of all runs now; reach: hosts in the limits' `of`;
    lock_holder: who has the lock now, "" if it is free; approved: None = not asked yet, else `given`, `expired`, `changed`, `open`;
    does: what would run, in one line.
    """

    now: Micros
    mode: Mode
    changes: bool
    action: str
    plan: str = ""
    target: str = ""
    flaw: str = ""
    origin: str = ""
    program: str = ""
    program_allowed: bool = True
    function: str = ""
    function_allowed: bool = True
    host: str = ""
    host_allowed: bool = True
    limits: Limits | None = None
    breaker_open: bool = False
    same_target: tuple[Micros, ...] = ()
    all_runs: tuple[Micros, ...] = ()
    busy: frozenset[str] = frozenset()
    reach: int = 0
    lock_holder: str = ""
    override: bool = False
    approved: str | None = None
    does: str = ""


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
    if g.program and not g.program_allowed:
        return Refusal("program", {"program": g.program})
    if g.function and not g.function_allowed:
        return Refusal("function", {"function": g.function})
    return Refusal("host", {"host": g.host}) if g.host and not g.host_allowed else None


def _target(g: Gathered) -> Refusal | None:
    return Refusal("no_target") if g.changes and not g.target else None


def _breaker(g: Gathered) -> Refusal | None:
    return Refusal("breaker", {"plan": g.plan}) if g.changes and g.breaker_open else None


def _cooldown(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None or g.override or not g.same_target:
        return None
    last = max(g.same_target)
    if g.now - last >= g.limits.cooldown:
        return None
    told = {"target": g.target, "ago": g.now - last, "pause": g.limits.cooldown, "until": last + g.limits.cooldown}
    return Refusal("cooldown", {name: str(value) for name, value in told.items()})


def _rate(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None:
        return None
    recent = sorted(at for at in g.all_runs if g.now - at < g.limits.per)
    if len(recent) < g.limits.count:
        return None
    free = recent[len(recent) - g.limits.count] + g.limits.per
    return Refusal("rate", {"count": str(len(recent)), "per": str(g.limits.per), "until": str(free)})


def _blast(g: Gathered) -> Refusal | None:
    if not g.changes or g.limits is None:
        return None
    most = g.limits.max_targets
    if g.limits.of:
        most = min(most, max(1, g.reach * g.limits.max_percent // 100))
    touched = g.busy | {g.target}
    return Refusal("blast", {"n": str(len(touched)), "most": str(most)}) if len(touched) > most else None


def _lock(g: Gathered) -> Refusal | None:
    return Refusal("lock", {"holder": g.lock_holder, "target": g.target}) if g.changes and g.lock_holder else None


def _approval(g: Gathered) -> Refusal | None:
    if g.approved is None or g.approved == "given":
        return None
    known = {"expired": "expired", "changed": "changed"}
    return Refusal(known.get(g.approved, "unapproved"))


def sentence(code: str, params: Params) -> Text:
    """What, why, what now, for any code of this file or of a parameter's refusal."""
    told = _SENTENCES.get(code)
    return told(params) if told else t("Not run: {code}. You can: do it by hand.", code=Code(code))


def _span(params: Params, name: str) -> Span:
    return Span(int(params.get(name, "0")))


def _when(params: Params, name: str) -> When:
    return When(int(params.get(name, "0")))


def _code(params: Params, name: str) -> Code:
    return Code(params.get(name, "?"))


FROM_WHERE: Mapping[str, Text] = {
    "dirty": t("the text of this plan is not committed"),
    "unpushed": t("the commit with this text of the plan is not on the branch that others see"),
    "unsigned": t("the commit with this plan is not signed"),
    "elsewhere": t("the plans do not come from the repository that policy.yaml names"),
    "no_branch": t("nobody said which branch plans come from (automation: plans: branch in policy.yaml)"),
    "git": t("the repository of the plans cannot be read"),
    "unknown": t("nobody knows any more from which commit this text of the plan came"),
}
"""Why the text of a plan may not act, by the refusals of runbooks/origin.py."""
_SENTENCES: Mapping[str, Callable[[Params], Text]] = {
    "off": lambda p: t(
        "Not run: automation is off. You can: do it by hand, or {ask}.", ask=Code("/tocsin automation ask <reason>")
    ),
    "dry_run": lambda p: t(
        "Not run: automation is in dry-run. All else is in order, and this would be run: {does}. You can: do it by hand, or {ask}.",
        does=_code(p, "does"),
        ask=Code("/tocsin automation ask <reason>"),
    ),
    "plan": lambda p: t(
        "Not run: the rules of this version find an error in the plan ({where}). You can: do it by hand, or mend it, and begin it.",
        where=_code(p, "where"),
    ),
    "origin": lambda p: t(
        "Not run: {why}. You can: do it by hand, or start the plan again once that is mended.",
        why=FROM_WHERE.get(p.get("why", ""), FROM_WHERE["unknown"]),
    ),
    "drill": lambda p: t(
        "Not run: this is a drill, and {target} is not there for drills. In earnest it would have run now."
        " You can: go on as if it had.",
        target=_code(p, "target"),
    ),
    "param": lambda p: t(
        "Not run: {name} cannot be {value}: {why}. You can: give another value with `run`, or do it by hand.",
        name=_code(p, "name"),
        value=_code(p, "value"),
        why=p.get("why", "?"),
    ),
    "empty": lambda p: t(
        "Not run: nothing says what {name} is ({source}), and nothing given means nothing done. You can: give it with `run`.",
        name=_code(p, "name"),
        source=_code(p, "source"),
    ),
    "program": lambda p: t(
        "Not run: policy.yaml allows no program {program}. You can: have this line added under automation: programs: [{program}].",
        program=_code(p, "program"),
    ),
    "function": lambda p: t(
        "Not run: policy.yaml allows no function {function}. You can: have this line added under automation: python: [{function}].",
        function=_code(p, "function"),
    ),
    "host": lambda p: t(
        "Not run: policy.yaml does not allow the host {host}. You can: have it added under automation: http_hosts: [{host}].",
        host=_code(p, "host"),
    ),
    "no_target": lambda p: t("Not run: it has no target, and no target is not everything. You can: do it by hand."),
    "breaker": lambda p: t(
        "Not run: it failed too often, so it is locked until a person allows it again. You can: do it by hand, or {allow}.",
        allow=Code(f"/tocsin automation allow {p.get('plan', '?')} <reason>"),
    ),
    "cooldown": lambda p: t(
        "Not run: it was done on {target} {ago} ago (pause is {pause}). You can: wait until {until}, or do it by hand.",
        target=_code(p, "target"),
        ago=_span(p, "ago"),
        pause=_span(p, "pause"),
        until=_when(p, "until"),
    ),
    "rate": lambda p: t(
        "Not run: it ran {count} times in {per}. You can: wait until {until}, or do it by hand.",
        count=p.get("count", "?"),
        per=_span(p, "per"),
        until=_when(p, "until"),
    ),
    "blast": lambda p: t(
        "Not run: {n} targets would be touched at the same time, and {most} may be. You can: wait for the other runs.",
        n=p.get("n", "?"),
        most=p.get("most", "?"),
    ),
    "lock": lambda p: t(
        "Not run: {holder} is doing the same on {target} now. You can: wait for it.",
        holder=_code(p, "holder"),
        target=_code(p, "target"),
    ),
    "unapproved": lambda p: t("Not run: nobody has approved it yet. You can: ask those named on the card."),
    "expired": lambda p: t("Not run: the approval is too old. You can: ask again."),
    "more": lambda p: t("Not run: more people must say yes by now than have. You can: ask again."),
    "changed": lambda p: t("Not run: it is no longer what was approved. You can: ask again."),
}
CODES = frozenset(_SENTENCES)
