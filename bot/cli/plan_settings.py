"""What bounds the actions of a plan, as plain text: times and tries, values, limits, who must say yes and when nobody."""

from collections.abc import Iterator

from bot.domain.plan import Action, ApprovalRule, Limits, Need, Param, Plan, Settings
from runbooks.canonical import span


def bounds(action: Action) -> str:
    """How long, how often, what follows where it fails."""
    said = [f"at most {span(action.timeout)}"]
    if action.idempotent:
        said.append("may be done twice")
    if action.retries:
        said.append(f"tried {action.retries + 1} times at most")
    if action.changes or action.on_failure != "stop":
        said.append({"stop": "if it fails: stop", "continue": "if it fails: go on"}.get(action.on_failure, UNDO))
    said += [f"{code} means {answer}" for code, answer in action.answer.items()]
    if action.kind:
        said.append(f"kind {action.kind}")
    return ", ".join(said)


UNDO = "if it fails: what was done in this walk is undone, the last first"


def settings(plan: Plan) -> Iterator[str]:
    """Block by block; nothing where the plan has no settings."""
    its = plan.settings
    if its.params:
        yield from ("", "Values", *(f"  {_param(param)}" for param in its.params.values()))
    if its.limits is not None:
        yield from ("", "Limits", *(f"  {line}" for line in _limits(its.limits)))
    if its.default is not None:
        yield from ("", "Approval", *(f"  {line}" for line in _approval(its, its.default)))
    if its.after_failure:
        yield from ("", f"After a failure: phase {its.after_failure}")
    if plan.injects:
        yield from ("", "In a drill")
        yield from (f"  after {span(one.after)}, to {one.tell}: {one.text}" for one in plan.injects)


def _param(param: Param) -> str:
    default = "" if param.default is None else f", else {param.default}"
    more = "".join(f", {key} {_listed(value)}" for key, value in param.rest.items())
    return f"{param.name}: {param.type} from {param.source or 'its default'}{default}{more}"


def _listed(value: object) -> str:
    return " | ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _limits(limits: Limits) -> Iterator[str]:
    yield f"pause: {span(limits.cooldown)} on the same target"
    yield f"rate: at most {limits.count} in {span(limits.per)}, over all targets"
    yield f"at once: {limits.lock_max} for {limits.lock_key}"
    share = f", {limits.max_percent} % of {limits.of}" if limits.of else ""
    yield f"targets: at most {limits.max_targets}{share}"


def _approval(its: Settings, default: Need) -> Iterator[str]:
    yield from (_rule(rule, default) for rule in its.rules)
    barred = ", not whoever started it" if "starter" in default.forbid else ", also whoever started it"
    who = ", then ".join(default.groups)
    yield f"{'else' if its.rules else 'always'}: {default.need} of {who}{barred}; asked for {span(default.expires)}"
    yield "policy.yaml may ask for more, and never for less"


def _rule(rule: ApprovalRule, default: Need) -> str:
    when = f"where {' and '.join(rule.when)}"
    if rule.auto:
        return f"{when}: nobody is asked, if policy.yaml allows it"
    need = default.need if rule.need is None else rule.need
    when = f"also, {when}" if any(word.startswith("label.") for word in rule.when) else when
    return f"{when}: {need} of {', then '.join(rule.groups or default.groups)}"
