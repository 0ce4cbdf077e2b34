"""`mark <milestone> [--at 14:02] [reason]`: a moment that the numbers are made of."""

from dataclasses import dataclass

from bot.domain import reading
from bot.errors import BadInput
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    milestone: str
    at: str = ""
    reason: str = ""


def _parse(words: str) -> Args:
    text, options = reading.options(words)
    name, _, reason = text.partition(" ")
    if not name:
        known = "began, found, together, known, mitigated, back"
        raise BadInput(t("Which moment? There are: {known}.", known=known), "mark mitigated --at 14:02")
    return Args(name.lower(), options.get("at", ""), reason.strip())


def _click(value: Json) -> Args:
    return Args(value["milestone"])


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    at = reading.moment(args.at, ask.zone, ask.at)
    return await change.mark(desk, ask.cause, ask.number, args.milestone, at, args.reason)


command = Verb(
    name="mark",
    group="state",
    usage="mark <began|found|together|known|mitigated|back> [--at 14:02] [reason]",
    example="mark mitigated --at 14:02",
    about=t("set a milestone, also an earlier one"),
    permission="edit_times",
    parse=_parse,
    click=_click,
    run=_run,
)
