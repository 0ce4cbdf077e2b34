"""`timeline`: what happened, with its true times."""

from bot.flows import report
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await report.timeline(desk, ask.who, ask.number)


command = Verb(
    name="timeline",
    group="read",
    usage="timeline",
    example="timeline",
    about=t("what happened, with its times"),
    permission="read",
    parse=alone("timeline", None),
    click=lambda value: None,
    run=_run,
)
