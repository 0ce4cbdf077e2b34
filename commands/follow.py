"""`follow`: the updates by direct message."""

from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await telling.follow(desk, ask.cause, ask.number, ask.zone)


command = Verb(
    name="follow",
    group="read",
    usage="follow",
    example="follow",
    about=t("get the updates by direct message, none at night"),
    permission="read",
    parse=lambda words: None,
    click=lambda value: None,
    run=_run,
)
