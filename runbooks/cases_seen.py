"""What an author's test says of `## Abort when`: what its checks find, and which of them is to take the experiment back."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.plan import Plan
from bot.text import Code, t
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader
from runbooks.ways import steps
from runbooks.yaml_lines import Y

WRONG = "P701"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check of `## Abort when` finds. code: exit or HTTP, None = what it looks for is so; timed_out: it cannot be made; at:
    the step (`2.3`) at which the walk must stand, "" = wherever it stands.
    """

    code: int | None = None
    timed_out: bool = False
    at: str = ""


def seen(told: Mapping[str, Y], plan: Plan, report: Report) -> Mapping[str, Seen]:
    """What the checks of `## Abort when` find."""
    known, places = [check.id for _, check in plan.abort_checks], [step.number for step in steps(plan)]
    found = {}
    for name, value in told.items():
        if name in known:
            inside = Reader(value, report, "what a check finds", WRONG)
            answered, timed_out, at = code(inside), inside.flag("timed_out"), inside.text("at")
            if at and at not in places:
                sentence = t("The plan has no step {step}.", step=Code(at[:80]))
                report.error(WRONG, value.line, sentence, did_you_mean(at, places))
            inside.end(WRONG)
            found[name] = Seen(answered, timed_out, at)
    return found


def code(inside: Reader) -> int | None:
    """`exit` or `status`, None if neither is said."""
    codes = [key for key in ("exit", "status") if key in inside.left]
    inside.asked |= {"exit", "status"}
    return inside.number(codes[0], 0, 599, 0) if codes else None


def checks(told: Reader, plan: Plan) -> tuple[str, ...]:
    """Checks of `## Abort when` that are there."""
    known, line = [check.id for _, check in plan.abort_checks], told.left["aborted"].line
    found = told.texts("aborted")
    for name in found:
        if name not in known:
            sentence = t("Nothing below ## Abort when is checked by {id}.", id=Code(name[:80]))
            told.report.error(WRONG, line, sentence, did_you_mean(name, known))
    return found
