"""A plan as plain text: what people and the bot would do, in order."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cli.plan_settings import bounds, settings
from bot.domain.plan import Action, Does, Phase, Plan, Step
from runbooks.canonical import span


def shown(plan: Plan) -> Iterator[str]:
    """The whole plan, line by line."""
    takes = f", takes {span(plan.takes)}" if plan.takes else ""
    yield f"{plan.title} ({plan.id}, owner {plan.owner}{takes})"
    yield f"for alerts with: {', '.join(plan.match) or 'no matchers; chosen by name only'}"
    if plan.severity:
        yield f"at {', '.join(plan.severity)}"
    for role in plan.roles:
        standby = f"; standby {role.standby}" if role.standby else ""
        after = f", takes over after {span(role.after)}" if role.after else ""
        yield f"{role.name}: {role.who or 'whoever takes it'}{standby}{after}"
    for phase in plan.phases:
        yield from _phase(phase)
    if plan.abort_when:
        checks = dict(plan.abort_checks)
        yield from ("", "Ends at once when")
        for words in plan.abort_when:
            yield f"  {words}" + (f" (looked at: {told(checks[words].does)})" if words in checks else "")
    yield from settings(plan)


def _phase(phase: Phase) -> Iterator[str]:
    about = [f"led by {phase.lead}"] if phase.lead else []
    about += [f"target {span(phase.target)}"] if phase.target else []
    yield from ("", f"{phase.title} ({', '.join(about)})" if about else phase.title)
    for step in phase.steps:
        said = ", ".join(rules(step))
        first, *more = step.text.split("\n")
        yield f"  {step.number} {first}" + (f" [{said}]" if said else "")
        yield from (f"      {line}" for line in more)
        yield from (f"      {answer.label} → {_destination(answer.to)}" for answer in step.answers)
        if step.action is not None:
            yield from (f"      {line}" for line in _action(step.action))


def rules(step: Step) -> Iterator[str]:
    if step.role:
        yield step.role
    if step.within is not None:
        yield f"within {span(step.within)}"
    if step.confirmed_by:
        yield f"confirmed by {step.confirmed_by}" + (" always" if step.confirm_always else "")
    yield from (word for word in ("evidence", "optional", "meanwhile") if getattr(step, word))
    if step.marks:
        yield f"marks {step.marks}"


def _destination(to: str) -> str:
    kind, _, name = to.partition(":")
    return {"phase": f"phase {name}", "plan": f"plan {name}"}.get(kind, kind)


def _action(action: Action) -> Iterator[str]:
    yield f"the bot may: {told(action.does)}" + ("" if action.changes else "   (changes nothing)")
    yield f"  {bounds(action)}"
    if action.verify is not None:
        check = action.verify
        often = f", {check.attempts} times, {span(check.wait)} apart" if check.attempts > 1 else ""
        yield f"then checks: {told(check.does)} (at most {span(check.timeout)}{often})"
    if action.rollback is not None:
        yield f"undone by: {told(action.rollback)} (at most {span(action.rollback_timeout)})"
    elif action.rollback_reason:
        yield f"cannot be undone: {action.rollback_reason}"


def told(does: Does, filled: bool = False) -> str:
    """What is run, in one line. filled: with values, as a shell must read it; else with its `${…}` as they are written."""
    if "argv" in does.spec:
        words = [shlex.quote(word) if filled or not word or " " in word else word for word in does.spec["argv"]]
        where = [does.executor, *([str(does.spec["host"])] if "host" in does.spec else [])]
        return " ".join([*where, *words])
    if "url" in does.spec:
        return f"{does.spec.get('method', 'GET')} {does.spec['url']}{_expected(does.spec)}"
    return f"{does.executor} {json.dumps(dict(does.spec), ensure_ascii=False, default=str)}"


def _expected(spec: Mapping[str, Any]) -> str:
    return f" = {spec['expect']}" if "expect" in spec else ""
