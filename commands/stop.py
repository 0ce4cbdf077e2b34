"""`stop`: what Tocsin runs now in this incident is to end."""

from bot.flows import outcomes
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, attempt: str) -> Reply:
    return await outcomes.stop(desk, ask.cause, ask.number, attempt)


command = Verb(
    name="stop",
    group="plan",
    usage="stop",
    example="stop",
    about=t("end what Tocsin runs now in this incident"),
    permission="respond",
    parse=alone("stop", ""),
    click=lambda value: str(value["attempt"]),
    run=_run,
)
