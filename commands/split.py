"""`split`: an incident that was folded into another goes on by itself again."""

from bot.flows import merging
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await merging.split(desk, ask.cause, ask.number)


command = Verb(
    name="split",
    group="state",
    usage="split",
    example="split",
    about=t("part what was folded together; say it in the one that is to go on by itself"),
    permission="command",
    parse=alone("split", None),
    click=lambda value: None,
    run=_run,
)
