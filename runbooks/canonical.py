"""A plan printed as a page, always in the same way: what is read from it again means the same.

Lines, spaces and comments of the original are lost, and the language of blocks to copy; no step, right or word is.
"""

from collections.abc import Iterator, Sequence

from bot.domain.plan import Answer, Inject, Phase, Plan, PlanRole, Step
from bot.domain.role_names import of_plan
from bot.domain.terms import HOUR, MINUTE, SECOND, Micros
from runbooks import canonical_yaml as yaml
from runbooks.bracket import MARKS
from runbooks.experiment import EVERYBODY


def printed(plan: Plan) -> str:
    """The page of a plan."""
    parts = [_front(plan), f"# {_heading(plan.title)}"]
    if plan.summary:
        parts.append(plan.summary)
    parts += _roles(plan.roles)
    parts += [part for phase in plan.phases for part in _phase(phase, plan)]
    if plan.abort_when:
        parts += ["## Abort when", "\n".join(_abort(words, plan) for words in plan.abort_when)]
    parts += _injects(plan.injects)
    block = yaml.settings(plan.settings)
    if block:
        parts += ["## Settings", fenced("yaml settings", block)]
    for title, words in plan.help:
        parts += [f"## {_heading(title)}", *([words] if words else [])]
    return "\n\n".join(parts) + "\n"


def span(length: Micros) -> str:
    """`5 min`: the largest unit that leaves no rest."""
    for unit, name in ((HOUR, "h"), (MINUTE, "min")):
        if length and length % unit == 0:
            return f"{length // unit} {name}"
    return f"{length // SECOND} s"


def fenced(info: str, content: str) -> str:
    """A block whose fence is longer than any in its content."""
    fence = "```"
    while fence in content:
        fence += "`"
    return f"{fence}{info}\n{content}\n{fence}" if content else f"{fence}{info}\n{fence}"


def _front(plan: Plan) -> str:
    lines = ["plan: 1", f"id: {plan.id}", f"owner: {yaml.scalar(plan.owner)}"]
    if plan.kind != "plan":
        lines.append(f"kind: {plan.kind}")
    if plan.severity:
        lines.append(f"severity: [{', '.join(plan.severity)}]")
    if plan.match:
        lines.append(f"match: {yaml.flow(plan.match)}")
    if plan.reviewed:
        lines.append(f"reviewed: {plan.reviewed}")
    if plan.takes is not None:
        lines.append(f"takes: {span(plan.takes)}")
    return "\n".join(["---", *lines, "---"])


def _heading(words: str) -> str:
    """A `#` at the end of a heading would be taken for its closing."""
    return f"{words} #" if words.endswith("#") else words


def _role(name: str) -> str:
    capital = name[:1].upper() + name[1:]
    return capital if of_plan(capital) == name else name


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _roles(roles: tuple[PlanRole, ...]) -> list[str]:
    if not roles:
        return []
    rows = [(_role(r.name), r.who, r.standby, span(r.after) if r.after else "") for r in roles]
    return ["## Roles", _table(("Role", "Who", "Standby", "Takes over after"), rows)]


def _injects(injects: tuple[Inject, ...]) -> list[str]:
    if not injects:
        return []
    rows = [(span(i.after), i.tell if i.tell == EVERYBODY else _role(i.tell), i.text) for i in injects]
    return ["## Injects", _table(("After", "Tell", "Text"), rows)]


def _abort(words: str, plan: Plan) -> str:
    blocks = [fenced("yaml action", yaml.action(check)) for said, check in plan.abort_checks if said == words]
    below = [f"  {line}" if line else "" for block in blocks for line in ["", *block.split("\n"), ""]]
    return "\n".join([f"- {words}", *below])


def _phase(phase: Phase, plan: Plan) -> Iterator[str]:
    yield f"## {_heading(phase.title)}"
    said = [f"**Target:** {span(phase.target)}"] if phase.target else []
    said += [f"**Lead:** {_role(phase.lead)}"] if phase.lead else []
    if said:
        yield " · ".join(said)
    yield "\n".join("\n".join(_step(step, plan)) for step in phase.steps).rstrip("\n")


def _step(step: Step, plan: Plan) -> Iterator[str]:
    """The lines of a step; what follows its first line is indented by two spaces."""
    first, *below = step.text.split("\n")
    words = f"**Decision:** {first}" if step.question else first
    bracket = ", ".join(_bracket(step))
    yield f"- [ ] {words}" + (f" *({bracket})*" if bracket else "")
    yield from (f"  - **{answer.label}** → {_destination(answer, plan)}" for answer in step.answers)
    bullet = False
    for line in below:
        if not (bullet and line.startswith("• ")):
            yield ""
        bullet = line.startswith("• ")
        yield f"  - {line[2:]}" if bullet else f"  {line}"
    blocks = [fenced("", text) for text in step.copy]
    blocks += [fenced("text update", step.update_text)] if step.update_text else []
    blocks += [fenced("yaml action", yaml.action(step.action))] if step.action else []
    for block in blocks:
        yield ""
        yield from (f"  {line}" if line else "" for line in block.split("\n"))
    if blocks or below:
        yield ""


def _bracket(step: Step) -> Iterator[str]:
    if step.role:
        yield _role(step.role)
    if step.within is not None:
        yield f"within {span(step.within)}"
    if step.confirmed_by:
        yield f"confirmed by {_role(step.confirmed_by)}"
    flags = {"always": step.confirm_always, "evidence": step.evidence, "optional": step.optional}
    yield from (word for word, holds in {**flags, "meanwhile": step.meanwhile}.items() if holds)
    if step.marks:
        yield f"marks {next(words for words, mark in MARKS.items() if mark.value == step.marks)}"


def _destination(answer: Answer, plan: Plan) -> str:
    kind, _, name = answer.to.partition(":")
    if kind == "phase":
        title = next((phase.title for phase in plan.phases if phase.slug == name), name)
        return f"[{title.replace('[', '').replace(']', '')}](#{name})"
    return f"[{name}]({name}.md)" if kind == "plan" else kind
