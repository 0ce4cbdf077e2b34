"""`escalate`: call the next level now."""

from bot.flows import calling
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await calling.escalate(desk, ask.cause, ask.number)


command = Verb(
    name="escalate",
    group="who",
    usage="escalate",
    example="escalate",
    about=t("call the next level of those on call now, without waiting"),
    permission="respond",
    parse=alone("escalate", None),
    click=lambda value: None,
    run=_run,
)
