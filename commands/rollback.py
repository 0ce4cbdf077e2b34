"""`rollback [2.3]`: ask that what Tocsin did in a step be undone, as the plan says."""

from dataclasses import dataclass

from bot.flows import rollback
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping


@dataclass(frozen=True, slots=True)
class Args:
    """attempt: carried by the button; step: typed, "" = the last that was done."""

    step: str = ""
    attempt: str = ""


def _parse(words: str) -> Args:
    return Args(stepping.only(words, "rollback").step)


def _click(value: Json) -> Args:
    return Args(attempt=value["attempt"])


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await rollback.ask_to_undo(desk, ask.cause, ask.number, args.step, args.attempt)


command = Verb(
    name="rollback",
    group="plan",
    usage="rollback [2.3]",
    example="rollback 2.3",
    about=t("ask that what Tocsin did be undone, as the plan says"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
)
