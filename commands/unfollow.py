"""`unfollow`: no updates by direct message any more."""

from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await telling.unfollow(desk, ask.cause, ask.number)


command = Verb(
    name="unfollow",
    group="read",
    usage="unfollow",
    example="unfollow",
    about=t("get no updates any more"),
    permission="read",
    parse=lambda words: None,
    click=lambda value: None,
    run=_run,
)
