"""`close`: the review is done; says what is still missing."""

from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await ending.close(desk, ask.cause, ask.number)


command = Verb(
    name="close",
    group="state",
    usage="close",
    example="close",
    about=t("end the review; lists what is still missing"),
    permission="command",
    parse=alone("close", None),
    click=lambda value: None,
    run=_run,
)
