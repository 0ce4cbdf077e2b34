"""`mark <milestone> [--at 14:02] [reason]`: a moment that the numbers are made of."""

from dataclasses import dataclass

from bot.domain import reading
from bot.errors import BadInput
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import Code, t
from commands import Ask, Verb, behind


@dataclass(frozen=True, slots=True)
class Args:
    milestone: str
    reason: str = ""


def _parse(words: str) -> Args:
    name, _, reason = words.partition(" ")
    if not name:
        known = "began, found, together, known, mitigated, back"
        raise BadInput(t("Which moment? There are: {known}.", known=known), "mark mitigated --at 14:02")
    said, when, rest = reading.leading(reason)
    if said:
        sentence = t("Is {time} the moment? Then write it behind {at}.", time=Code(said), at=Code("--at"))
        raise BadInput(sentence, f"mark {name.lower()} --at {when} {rest}".strip())
    return Args(name.lower(), behind(f"mark {name}", reason))


def _click(value: Json) -> Args:
    return Args(value["milestone"])


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    at = ask.at if ask.said is None else ask.said
    return await change.mark(desk, ask.cause, ask.number, args.milestone, at, args.reason)


command = Verb(
    name="mark",
    group="state",
    usage="mark <began|found|together|known|mitigated|back> [--at 14:02] [reason]",
    example="mark mitigated --at 14:02",
    about=t("set a milestone, also an earlier one"),
    permission="edit_times",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
)
