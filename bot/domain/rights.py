"""What a plan may do, compared with what it might before: each right that has grown.

A right is what the bot may do without asking anew: what runs, on what, how long, how often, how many at once, with how little
proof, and who must say yes. Whatever differs and cannot be weighed counts as more. The steps of people are a right only where one
of them is all that is before an action that nobody is asked about. No rights: words, names
(`id`), for which alerts the plan is offered, `kind` of an action (for the numbers alone), and how long a question stays open or
when it goes to the next group, since nobody but those who are named answers it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.plan import Action, ApprovalRule, Check, Limits, Need, Param, Plan, Settings
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
    seen = [check.does for _, check in new.abort_checks]
    if new.kind == old.kind and any(check.does not in seen for _, check in old.abort_checks):
        yield More("", "abort when")
    for action, before in _paired(old, new):
        names = ("new action",) if before is None else _action(before, action)
        yield from (More(action.id, name) for name in names)
    yield from _alone(old, new)
    yield from _settings(old.settings, new.settings)


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
    if new.type != old.type or (old.required and not new.required):
        return True
    if new.source not in ("", old.source) or new.default not in (None, old.default):
        return True
    return any(not _within(key, new.rest.get(key), value) for key, value in old.rest.items())


def _within(key: str, new: object, old: object) -> bool:
    if isinstance(new, int) and isinstance(old, int):
        return new >= old if key == "min" else new <= old
    if isinstance(new, tuple) and isinstance(old, tuple):
        return set(new) <= set(old)
    return new == old


def _those(grown: Mapping[str, bool]) -> Iterator[str]:
    return (name for name, holds in grown.items() if holds)
