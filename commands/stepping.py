"""Which step a verb means: the button carries it, typed words may name it, else it is the current one."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.ports import Json


@dataclass(frozen=True, slots=True)
class At:
    """A step of the walk. step "" = the current one; visit 0 = the latest; run 0 = the plan that is being walked."""

    step: str = ""
    visit: int = 0
    run: int = 0


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
    return At(value.get("step", ""), int(value.get("visit", 0)), int(value.get("run", 0)))


def carried(at: At) -> Json:
    """The step as a button's or a form's value."""
    return {"step": at.step, "visit": at.visit, "run": at.run}
