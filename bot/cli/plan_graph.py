"""A plan for programs and for eyes: as JSON, and as a graph of its ways in Mermaid."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from bot.domain.plan import Plan, Step
from runbooks.ways import END, edges, steps

LONGEST = 60
FINISH = "finish"
"""Mermaid keeps the word `end` for itself."""


def as_json(plan: Plan) -> str:
    """All that was read. Lengths of time are µs; lines are those of the file."""
    return json.dumps(asdict(plan), ensure_ascii=False, indent=2)


def mermaid(plan: Plan) -> Iterator[str]:
    """A flowchart: phases are boxes, decisions are diamonds, what the bot may do is rounded; dotted: after a failure."""
    yield "flowchart TD"
    for number, phase in enumerate(plan.phases, 1):
        yield f'  subgraph phase{number} ["{_words(phase.title)}"]'
        yield from (f"    {_name(step.number)}{_shape(step)}" for step in phase.steps)
        yield "  end"
    yield f"  {FINISH}(((end)))"
    ways, failing = edges(plan), edges(plan, failures=True)
    for step in steps(plan):
        labels = [f'|"{_words(answer.label)}"| ' for answer in step.answers] or [" "]
        for label, to in zip(labels, ways[step.number]):
            yield f"  {_name(step.number)} -->{label}{_name(to)}"
        for to in failing[step.number][len(ways[step.number]) :]:
            yield f"  {_name(step.number)} -.-> {_name(to)}"


def _name(number: str) -> str:
    return FINISH if number == END else f"s{number.replace('.', '_')}"


def _shape(step: Step) -> str:
    words = f'"{step.number} {_words(step.text)}"'
    if step.answers:
        return f"{{{words}}}"
    return f"([{words}])" if step.action is not None else f"[{words}]"


def _words(text: str) -> str:
    """One short line without letters that Mermaid would read as its own."""
    plain = " ".join(text.split())
    short = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
    return "".join(f"#{ord(letter)};" if letter in '"#;<>&`[]{}()|' else letter for letter in short)
