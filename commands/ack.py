"""`ack`: I have seen it."""

from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await change.acknowledge(desk, ask.cause_then, ask.number)


command = Verb(
    name="ack",
    group="state",
    usage="ack",
    example="ack",
    about=t("say that you have seen it"),
    permission="respond",
    dated=True,
    parse=alone("ack", None),
    click=lambda value: None,
    run=_run,
)
