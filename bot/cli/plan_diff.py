"""What a new revision of a plan changes: rights first, then what people do, then words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

from bot.cli.plan_text import rules, told
from bot.domain.plan import Action, Check, Does, Limits, Need, Param, Plan, Settings, Step
from bot.domain.rights import same_steps
from runbooks.canonical import span
from runbooks.ways import steps

NOBODY = "nobody"


def rights(old: Plan, new: Plan) -> Iterator[str]:
    """What it may do, to what, and who must say yes."""
    before, after = _actions(old), _actions(new)
    for name in dict.fromkeys([*before, *after]):
        if name not in before:
            yield f"{name}: new action: {told(after[name].does)}" + (
                "" if after[name].changes else " (changes nothing)"
            )
        elif name not in after:
            yield f"{name}: gone"
        else:
            yield from (f"{name}: {line}" for line in _action(before[name], after[name]))
    yield from _aborts(old, new)
    yield from _settings(old.settings, new.settings)
    yield from _seconds(old, new)


def reach(old: Plan, new: Plan) -> Iterator[str]:
    """For which alerts it is, and whose it is."""
    yield from _turned("match", old.match or "by name only", new.match or "by name only")
    yield from _turned("severity", old.severity or "all", new.severity or "all")
    for key in ("kind", "owner", "id"):
        yield from _turned(key, getattr(old, key), getattr(new, key))
    yield from _turned("abort when", old.abort_when, new.abort_when)
    yield from _turned("takes", _span(old.takes), _span(new.takes))
    before, after = ({role.name: (role.who, role.standby, role.after) for role in plan.roles} for plan in (old, new))
    for name in dict.fromkeys([*before, *after]):
        yield from _turned(f"role {name}", _role(before.get(name)), _role(after.get(name)))


def walk(old: Plan, new: Plan) -> Iterator[str]:
    """Steps that came, went, or are done otherwise. A step is known by its words."""
    before, after = ({step.text: step for step in steps(plan)} for plan in (old, new))
    for text, step in before.items():
        if text not in after:
            yield f"- {step.number} {text}"
    for text, step in after.items():
        if text not in before:
            yield f"+ {step.number} {text}"
        else:
            was = before[text]
            yield from _turned(f"{step.number} {text}", ", ".join(rules(was)), ", ".join(rules(step)))
            yield from _turned(f"{step.number} {text}", _ways(was), _ways(step))
            if (was.copy, was.update_text) != (step.copy, step.update_text):
                yield f"{step.number} {text}: other text to copy"
    if _common(before, after) != _common(after, before):
        yield "steps: in another order"
    yield from _phases(old, new)
    yield from _injects(old, new)


def _phases(old: Plan, new: Plan) -> Iterator[str]:
    """What phases aim at, and who leads them. A phase is known by its heading."""
    before, after = ({phase.title: phase for phase in plan.phases} for plan in (old, new))
    for title in _common(after, before):
        was, now = before[title], after[title]
        yield from _turned(f"phase {title}: target", _span(was.target), _span(now.target))
        yield from _turned(f"phase {title}: lead", was.lead or NOBODY, now.lead or NOBODY)


def _injects(old: Plan, new: Plan) -> Iterator[str]:
    """What a drill tells, and when."""
    before, after = ([f"{span(i.after)}, {i.tell}: {i.text}" for i in plan.injects] for plan in (old, new))
    yield from (f"- inject {inject}" for inject in before if inject not in after)
    yield from (f"+ inject {inject}" for inject in after if inject not in before)


def _actions(plan: Plan) -> Mapping[str, Action]:
    return {step.action.id: step.action for step in steps(plan) if step.action}


def _action(old: Action, new: Action) -> Iterator[str]:
    yield from _done("does", old.does, new.does)
    for key in ("changes", "idempotent", "retries", "on_failure", "rollback_reason", "kind"):
        yield from _turned(key.replace("_", " "), getattr(old, key), getattr(new, key))
    yield from _turned("timeout", span(old.timeout), span(new.timeout))
    yield from _turned("answers", dict(old.answer), dict(new.answer))
    yield from _check(old.verify, new.verify)
    yield from _done("rollback", old.rollback, new.rollback)
    if old.rollback and new.rollback:
        yield from _turned("rollback timeout", span(old.rollback_timeout), span(new.rollback_timeout))


def _check(old: Check | None, new: Check | None) -> Iterator[str]:
    yield from _done("check", _does(old), _does(new))
    if old and new:
        yield from _turned("check: timeout", span(old.timeout), span(new.timeout))
        yield from _turned("check: attempts", old.attempts, new.attempts)
        yield from _turned("check: wait", span(old.wait), span(new.wait))


def _does(one: Action | Check | None) -> Does | None:
    return one.does if one else None


def _done(what: str, old: Does | None, new: Does | None) -> Iterator[str]:
    """What is run or asked; of a request also what its line does not hold (headers, body)."""
    yield from _turned(what, told(old) if old else "none", told(new) if new else "none")
    if old and new and "url" in old.spec and "url" in new.spec:
        for key in dict.fromkeys([*old.spec, *new.spec]):
            if key not in ("method", "url", "expect"):
                yield from _turned(f"{what} {key}", old.spec.get(key, "none"), new.spec.get(key, "none"))


def _aborts(old: Plan, new: Plan) -> Iterator[str]:
    """What is looked at while an experiment goes on. A look is known by its id."""
    before, after = ({check.id: (words, check) for words, check in plan.abort_checks} for plan in (old, new))
    for name in dict.fromkeys([*before, *after]):
        was, now = (found[name][1] if name in found else None for found in (before, after))
        what = f"abort when ({(after.get(name) or before[name])[0]})"
        yield from _done(what, _does(was), _does(now))
        if was and now:
            yield from _turned(f"{what} timeout", span(was.timeout), span(now.timeout))


def _settings(old: Settings, new: Settings) -> Iterator[str]:
    yield from (f"approval: {line}" for line in _need(old.default, new.default))
    before, after = ([_rule(rule.when, rule.auto, rule.need, rule.groups) for rule in s.rules] for s in (old, new))
    yield from (f"approval rule gone: {rule}" for rule in before if rule not in after)
    yield from (f"approval rule new: {rule}" for rule in after if rule not in before)
    if sorted(before) == sorted(after) and before != after:
        yield "approval rules: in another order, and the first that holds decides"
    for name in dict.fromkeys([*old.params, *new.params]):
        before_it, after_it = (_param(settings.params.get(name)) for settings in (old, new))
        yield from _turned(f"targets ({name})" if "host" in before_it + after_it else name, before_it, after_it)
    names = [f.name for f in fields(Limits)]
    for name in names:
        yield from _turned(f"limit {name.replace('_', ' ')}", _limit(old, name), _limit(new, name))
    yield from _turned("after a failure", old.after_failure or "people", new.after_failure or "people")


def _need(old: Need | None, new: Need | None) -> Iterator[str]:
    if old is None or new is None:
        yield from _turned("default", "none" if old is None else f"{old.need} of {', '.join(old.groups)}", _whom(new))
        return
    yield from _turned("people", old.need, new.need)
    yield from _turned("groups", ", then ".join(old.groups), ", then ".join(new.groups))
    yield from _turned("not", ", ".join(old.forbid) or NOBODY, ", ".join(new.forbid) or NOBODY)
    yield from _turned("expires", span(old.expires), span(new.expires))
    yield from _turned("then after", span(old.then_after), span(new.then_after))


def _whom(need: Need | None) -> str:
    return "none" if need is None else f"{need.need} of {', '.join(need.groups)}"


def _rule(when: Sequence[str], auto: bool, need: int | None, groups: Sequence[str]) -> str:
    what = "nobody is asked" if auto else f"{need} people" + (f" of {', '.join(groups)}" if groups else "")
    return f"{' and '.join(when)}: {what}"


def _param(param: Param | None) -> str:
    if param is None:
        return "none"
    default = f" or {param.default}" if param.default is not None else ""
    more = "".join(f", {key} {_list(value)}" for key, value in param.rest.items())
    left_out = "" if param.required else ", may be left out"
    return f"{param.type} from {param.source or 'its default'}{default}{left_out}{more}"


def _limit(settings: Settings, name: str) -> object:
    if settings.limits is None:
        return "none"
    value = getattr(settings.limits, name)
    return span(value) if name in ("cooldown", "per") else value


def _seconds(old: Plan, new: Plan) -> Iterator[str]:
    """Second persons who are no longer asked, or newly are. A step that is worded anew is known by its place."""
    for was, step in same_steps(old, new):
        if step is not None:
            yield from _turned(f"step {step.number} confirmed by", _second(was) if was else NOBODY, _second(step))
        elif was is not None:
            yield from _turned(f"step {was.number} (gone) confirmed by", _second(was), NOBODY)


def _common(these: Iterable[str], those: Collection[str]) -> list[str]:
    return [text for text in these if text in those]


def _second(step: Step) -> str:
    return f"{step.confirmed_by} always" if step.confirm_always else step.confirmed_by or NOBODY


def _ways(step: Step) -> str:
    return ", ".join(f"{answer.label} → {answer.to}" for answer in step.answers)


def _role(row: tuple[str, str, int | None] | None) -> str:
    if row is None:
        return "none"
    who, standby, after = row
    return f"{who or NOBODY}, standby {standby or NOBODY}" + ("" if after is None else f" after {span(after)}")


def _span(length: int | None) -> str:
    return "not said" if length is None else span(length)


def _list(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, (list, tuple)) else str(value)


def _turned(what: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{what} {_list(old) or 'nothing'} → {_list(new) or 'nothing'}"
