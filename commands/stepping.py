"""Which step a verb means: the button carries it, typed words may name it, else it is the current one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.domain import which_step
from bot.domain.state import Incident
from bot.ports import Json
from commands import behind, refuse_words


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
    """A step, and why something is done with it; without a reason the form asks for it. asked: it has."""

    at: At
    reason: str = ""
    asked: bool = False


def reasoned(verb: str) -> Callable[[str], Reasoned]:
    """What reads `2.3 because …` behind a verb."""
    return lambda words: Reasoned(*typed(words, verb))


def reasoned_click(value: Json) -> Reasoned:
    return Reasoned(clicked(value), value.get("reason", ""))


def reasoned_fill(answers: Mapping[str, str], value: Json) -> Reasoned:
    return Reasoned(clicked(value), answers["reason"], True)


def typed(words: str, verb: str) -> tuple[At, str]:
    """`2.3 words` → the step and the words. BadInput for a number that is written as none, and where INC-8 is all the words."""
    step, rest = which_step.read(words, verb)
    return At(step), behind(f"{verb} {step}".strip(), rest)


def only(words: str, verb: str) -> At:
    """`2.3` or nothing. BadInput for words behind a verb that takes none: `assist nobody` is no call for help."""
    at, rest = typed(words, verb)
    line = f"{verb} {at.step}".strip()
    refuse_words(line, rest, line)
    return at


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


def here(at: At, incident: Incident) -> At:
    """The step that a form is opened for, as often as it was come to by now: the one named, else the current one."""
    walk = incident.walking
    if walk is None or at.visit:
        return at
    now = walk.visit(at.step) if at.step else walk.current or next(iter(walk.open), None)
    return at if now is None else At(now.step, now.visit, walk.run)


def leaving(at: At, incident: Incident) -> At:
    """The step that a form is opened to go back from."""
    walk = incident.walking
    now = walk.current if walk else None
    return at if at.left or walk is None or now is None else replace(at, run=walk.run, left=(now.step, now.visit))


def reasoned_here(args: Reasoned, incident: Incident) -> Reasoned:
    return replace(args, at=here(args.at, incident))


def reasoned_leaving(args: Reasoned, incident: Incident) -> Reasoned:
    return replace(args, at=leaving(args.at, incident))
