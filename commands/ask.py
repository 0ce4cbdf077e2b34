"""`ask 2.3`: ask for the action of a step, anew if it was asked before."""

from bot.flows import execute
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, stepping


async def _run(desk: Desk, ask: Ask, step: str) -> Reply:
    return await execute.ask_for_step(desk, ask.cause, ask.number, step)


command = Verb(
    name="ask",
    group="plan",
    usage="ask [2.3]",
    example="ask 2.3",
    about=t("ask anew for the approval of a step's action"),
    permission="respond",
    parse=lambda words: stepping.only(words, "ask").step,
    click=lambda value: str(value["step"]),
    run=_run,
)
