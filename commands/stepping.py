"""Which step a verb means: the button carries it, typed words may name it, else it is the current one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import reading
from bot.domain.run_state import Walk
from bot.ports import Json


@dataclass(frozen=True, slots=True)
class At:
    """A step of the walk. step "" = the current one; visit 0 = the latest; run 0 = the plan that is being walked.

    left: step and visit that were current when it was said, None if nobody knows.
    """

    step: str = ""
    visit: int = 0
    run: int = 0
    left: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A step, and why something is done with it; without a reason the form asks for it."""

    at: At
    reason: str = ""


def reasoned(words: str) -> Reasoned:
    """`2.3 because …`."""
    return Reasoned(*typed(words))


def reasoned_click(value: Json) -> Reasoned:
    return Reasoned(clicked(value), value.get("reason", ""))


def reasoned_fill(answers: Mapping[str, str], value: Json) -> Reasoned:
    return Reasoned(clicked(value), answers["reason"])


def typed(words: str) -> tuple[At, str]:
    """`2.3 words` → the step and the words."""
    step, rest = reading.step_number(words)
    return At(step), rest


def clicked(value: Json) -> At:
    """The step that a button carries. TypeError if it is none."""
    if not isinstance(value.get("step", ""), str):
        raise TypeError(value["step"])
    left = (str(value["left"]), int(value.get("left_visit", 0))) if value.get("left") else None
    return At(value.get("step", ""), int(value.get("visit", 0)), int(value.get("run", 0)), left)


def carried(at: At) -> Json:
    """The step as a button's or a form's value."""
    left = {"left": at.left[0], "left_visit": at.left[1]} if at.left else {}
    return {"step": at.step, "visit": at.visit, "run": at.run, **left}


def here(at: At, walk: Walk) -> At:
    """The step that a form is opened for: the current one now, whatever is current when it is sent."""
    now = walk.current or next(iter(walk.open), None)
    return at if at.step or now is None else At(now.step, now.visit, walk.run)


def leaving(at: At, walk: Walk) -> At:
    """The step that a form is opened to go back from."""
    now = walk.current
    return at if at.left or now is None else replace(at, run=walk.run, left=(now.step, now.visit))


def reasoned_here(args: Reasoned, walk: Walk) -> Reasoned:
    return replace(args, at=here(args.at, walk))


def reasoned_leaving(args: Reasoned, walk: Walk) -> Reasoned:
    return replace(args, at=leaving(args.at, walk))
