"""`list`: the open incidents."""

from bot.flows import report
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await report.open_incidents(desk, ask.who)


command = Verb(
    name="list",
    group="read",
    usage="list",
    example="list",
    about=t("the open incidents"),
    permission="read",
    parse=alone("list", None),
    click=lambda value: None,
    run=_run,
    where="anywhere",
)
