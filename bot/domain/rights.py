"""What a plan may do, compared with what it might before: each right that has grown.

A right is what the bot may do without asking anew: what runs, on what, how long, how often, how many at once, with how little
proof, who must say yes, until when and how soon others may, who must confirm what people did, and for which alerts all this is.
Whatever differs and cannot be weighed counts as more. That a step of people is gone is a right only where it is all that is before
an action that nobody is asked about. No rights: words, names (but see `renamed`) and `kind` of an action (for the numbers alone).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.plan import Action, ApprovalRule, Check, Limits, Need, Param, Plan, Settings, Step
from bot.domain.unattended import unattended

NONE = Need(0, (), ())


@dataclass(frozen=True, slots=True)
class More:
    """A right that has grown. of: the action or parameter that has it, "" for the whole plan; right: its name."""

    of: str
    right: str

    def __str__(self) -> str:
        return f"{self.of}: {self.right}" if self.of else self.right


def more(old: Plan, new: Plan) -> Iterator[More]:
    """All rights that the new text gives and the old one did not."""
    if (old.kind, new.kind) == ("experiment", "plan"):
        yield More("", "outside drills")
    if old.takes is not None and old.kind == "experiment" and (new.takes is None or new.takes > old.takes):
        yield More("", "takes")
    if (new.kind == old.kind and _sees_less(old, new)) or _looks_anew(old, new):
        yield More("", "abort when")
    for action, before in _paired(old, new):
        names = ("new action",) if before is None else _action(before, action)
        yield from (More(action.id, name) for name in names)
    yield from _alone(old, new)
    yield from _settings(old.settings, new.settings)
    yield from _offered(old, new)
    yield from _unconfirmed(old, new)


def renamed(old: Plan, new: Plan) -> Iterator[More]:
    """Where pauses, rates, trust or an open breaker begin anew: they go by the ids of plan and action."""
    acting = [(action, was) for action, was in _paired(old, new) if action.changes]
    if acting and old.id != new.id:
        yield More("", "counted anew")
    yield from (More(action.id, "counted anew") for action, was in acting if was is not None and was.id != action.id)


def _sees_less(old: Plan, new: Plan) -> bool:
    """What ends an experiment is not looked at any more, otherwise, or the answer is waited for longer."""
    return any(
        not any(check.does == was.does and check.timeout <= was.timeout for _, check in new.abort_checks)
        for _, was in old.abort_checks
    )


def _looks_anew(old: Plan, new: Plan) -> bool:
    """Something else than before is run to see whether an experiment must end."""
    seen = [check.does for _, check in old.abort_checks]
    return any(check.does not in seen for _, check in new.abort_checks)


def _offered(old: Plan, new: Plan) -> Iterator[More]:
    """For more alerts. Only a matcher or a severity that is added or taken away can be weighed; without any matcher a plan is
    chosen by name alone, and its first matchers open it to alerts."""
    if not set(old.match) <= set(new.match) or (new.match and not old.match):
        yield More("", "match")
    if old.severity and (not new.severity or not set(new.severity) <= set(old.severity)):
        yield More("", "severity")


def _unconfirmed(old: Plan, new: Plan) -> Iterator[More]:
    """A second person is asked no longer, is somebody else, or may be passed by again by somebody who is alone."""
    for was, step in same_steps(old, new):
        if was is None or not was.confirmed_by:
            continue
        number = f"step {was.number} (gone)" if step is None else f"step {step.number}"
        other = step is None or step.confirmed_by != was.confirmed_by
        if other or (was.confirm_always and step is not None and not step.confirm_always):
            yield More(number, "confirmed by")


def same_steps(old: Plan, new: Plan) -> Iterator[tuple[Step | None, Step | None]]:
    """Each step with what it was, None for one that came or went. One that is worded anew is known by its place."""
    before, after = ({step.text: step for phase in plan.phases for step in phase.steps} for plan in (old, new))
    placed = {step.number: step for text, step in before.items() if text not in after}
    for text, step in after.items():
        yield before.get(text) or placed.pop(step.number, None), step
    yield from ((gone, None) for gone in placed.values())


def _alone(old: Plan, new: Plan) -> Iterator[More]:
    """Where nobody may have to be asked, a step of people before an action was what held it: it is gone, or passed by."""
    if not any(rule.auto for rule in new.settings.rules):
        return
    before, after = _begun_alone(old), _begun_alone(new)
    for action, was in _paired(old, new):
        if action.changes and was is not None and action.id in after and was.id not in before:
            yield More(action.id, "begins with nobody there")


def _begun_alone(plan: Plan) -> set[str]:
    return {action.id for number in unattended(plan) if (action := plan.step(number).action) is not None}


def _paired(old: Plan, new: Plan) -> Iterator[tuple[Action, Action | None]]:
    """Each action with what it was: by its id, else by what it does."""
    before, after = _actions(old), _actions(new)
    gone = [action for action in before.values() if action.id not in after]
    for action in after.values():
        same = next((one for one in gone if one.does == action.does), None)
        yield action, before.get(action.id, same)


def _actions(plan: Plan) -> Mapping[str, Action]:
    steps = (step for phase in plan.phases for step in phase.steps)
    return {step.action.id: step.action for step in steps if step.action}


def _action(old: Action, new: Action) -> Iterator[str]:
    grown = {
        "does": new.does != old.does,
        "changes": new.changes != old.changes,
        "timeout": new.timeout > old.timeout,
        "idempotent": new.idempotent and not old.idempotent,
        "retries": new.retries > old.retries,
        "check": _weaker(old.verify, new.verify),
        "rollback": new.rollback != old.rollback,
        "rollback timeout": new.rollback is not None and new.rollback_timeout > old.rollback_timeout,
        "after a failure": new.on_failure not in (old.on_failure, "stop"),
        "answers": _turned(old.answer, new.answer),
    }
    yield from _those(grown)


def _weaker(old: Check | None, new: Check | None) -> bool:
    """It proves less, looks at something else, or looks longer or more often until it is content."""
    if old is None or new is None:
        return old is not new
    longer = (new.timeout, new.attempts, new.wait), (old.timeout, old.attempts, old.wait)
    return new.does != old.does or any(now > was for now, was in zip(*longer))


def _turned(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """A code answers otherwise than before. One that no longer answers leaves it to people."""
    codes = {*old, *new}
    here, there = ({code: said.get(code, said.get("otherwise", "")) for code in codes} for said in (old, new))
    return any(there[code] not in ("", here[code]) for code in codes)


def _settings(old: Settings, new: Settings) -> Iterator[More]:
    yield from (More("", name) for name in _limits(old.limits, new.limits))
    yield from (More("", name) for name in _need(old.default or NONE, new.default or NONE))
    if old.default and new.default:
        yield from (More("", name) for name in _times(old.default, new.default))
    yield from (More("", name) for name in _rules(old, new))
    for name, param in new.params.items():
        before = old.params.get(name)
        if before is not None and _wider(before, param):
            yield More(name, "targets" if param.type == "host" else "values")
    if new.after_failure not in ("", old.after_failure):
        yield More("", "after a failure")


def _limits(old: Limits | None, new: Limits | None) -> Iterator[str]:
    """blast radius: a share of the targets counts only where more than one may be touched."""
    if old is None:
        return
    if new is None:
        yield "limits"
        return
    shares = new.max_targets > 1 and (new.max_percent > old.max_percent or new.of != old.of)
    grown = {
        "pause": new.cooldown < old.cooldown,
        "rate": new.count > old.count or new.per < old.per,
        "lock": new.lock_key != old.lock_key or new.lock_max > old.lock_max,
        "blast radius": new.max_targets > old.max_targets or shares,
    }
    yield from _those(grown)


def _need(old: Need, new: Need) -> Iterator[str]:
    grown = {
        "people": new.need < old.need,
        "groups": not set(new.groups) <= set(old.groups) and bool(old.groups),
        "not": not set(new.forbid) >= set(old.forbid),
    }
    yield from _those(grown)


def _times(old: Need, new: Need) -> Iterator[str]:
    """A yes counts for longer, or the next group may give it sooner."""
    yield from _those({"expires": new.expires > old.expires, "then after": new.then_after < old.then_after})


def _rules(old: Settings, new: Settings) -> Iterator[str]:
    """Nobody is asked where somebody was; fewer or others are; or another rule is the first that holds."""
    before, after = ({rule.when: rule for rule in settings.rules} for settings in (old, new))
    grown = {
        "without asking": any(rule.auto and not (when in before and before[when].auto) for when, rule in after.items()),
        "rules": any(_asks_less(rule, after.get(when), old, new) for when, rule in before.items())
        or any(
            _asks_less(rule, None, new, old) and not rule.auto for when, rule in after.items() if when not in before
        ),
        "order of rules": _common(before, after) != _common(after, before),
    }
    yield from _those(grown)


def _asks_less(rule: ApprovalRule, other: ApprovalRule | None, of: Settings, there: Settings) -> bool:
    """A rule that asks people is gone, asks fewer or asks others. That an automatic one is gone asks for more."""
    if rule.auto:
        return False
    if other is None or other.auto:
        return True
    return (other.need or 0) < (rule.need or 0) or not _asked(other, there) <= _asked(rule, of)


def _asked(rule: ApprovalRule, settings: Settings) -> set[str]:
    return set(rule.groups or (settings.default or NONE).groups)


def _common(these: Iterable[tuple[str, ...]], those: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    there = set(those)
    return [when for when in these if when in there]


def _wider(old: Param, new: Param) -> bool:
    """It takes a value that it did not take before, or takes it from elsewhere. What must no longer be given is wider, too."""
    elsewhere = new.source not in ("", old.source) or new.default not in (None, old.default)
    if new.type != old.type or (old.required and not new.required) or elsewhere:
        return True
    return any(not _within(key, new.rest.get(key), value) for key, value in old.rest.items())


def _within(key: str, new: object, old: object) -> bool:
    if isinstance(new, int) and isinstance(old, int):
        return new >= old if key == "min" else new <= old
    if isinstance(new, tuple) and isinstance(old, tuple):
        return set(new) <= set(old)
    return new == old or (key, old) == ("allow", "inventory:all")


def _those(grown: Mapping[str, bool]) -> Iterator[str]:
    return (name for name, holds in grown.items() if holds)
