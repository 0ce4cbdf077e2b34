"""`snooze`: not yet; ask again later whether it is back to normal. Where an update is late, it may come later."""

from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: bool) -> Reply:
    return await change.snooze(desk, ask.cause, ask.number, args)


command = Verb(
    name="snooze",
    group="read",
    usage="snooze",
    example="snooze",
    about=t("not back yet: ask again later; an update that is late: in 10 min"),
    permission="respond",
    parse=alone("snooze", False),
    click=lambda value: bool(value.get("update")),
    run=_run,
)
