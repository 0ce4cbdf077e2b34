"""The ways through a plan, as a graph of step numbers: what may follow what, and from where the end can be reached."""

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.plan import Plan, Step

END = "end"
Edges = Mapping[str, list[str]]


def steps(plan: Plan) -> Iterator[Step]:
    """All steps in the order of the page."""
    for phase in plan.phases:
        yield from phase.steps


def edges(plan: Plan, failures: bool = False) -> Edges:
    """Step → steps that may follow it: by its answers, and (failures) when its action fails."""
    ordered = list(steps(plan))
    first = {f"phase:{phase.slug}": phase.steps[0].number for phase in plan.phases}
    failed = first.get(f"phase:{plan.settings.after_failure}") if failures else None
    found: dict[str, list[str]] = {}
    for place, step in enumerate(ordered):
        after = ordered[place + 1].number if place + 1 < len(ordered) else END
        ways = [answer.to for answer in step.answers] or ["continue"]
        found[step.number] = [after if way == "continue" else first.get(way, END) for way in ways]
        if step.action is not None and failed is not None and step.action.on_failure != "continue":
            found[step.number].append(failed)
    return found


def closure(starts: Iterable[str], ways: Edges) -> set[str]:
    """All that can be reached."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(ways.get(here, ()))
    return found


def backwards(ways: Edges) -> Edges:
    """What may come before what."""
    back: dict[str, list[str]] = {}
    for start, ends in ways.items():
        for end in ends:
            back.setdefault(end, []).append(start)
    return back
