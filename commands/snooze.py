"""`snooze`: not yet; ask again later whether it is back to normal."""

from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await change.snooze(desk, ask.cause, ask.number)


command = Verb(
    name="snooze",
    group="read",
    usage="snooze",
    example="snooze",
    about=t("not back yet: ask again later"),
    permission="respond",
    parse=lambda words: None,
    click=lambda value: None,
    run=_run,
)
