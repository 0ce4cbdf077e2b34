"""`unfollow [payments|sev2]`: no updates by direct message any more."""

from bot.flows import follow, telling
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, what: str) -> Reply:
    if what:
        return await follow.end(desk, ask.cause, what)
    return await telling.unfollow(desk, ask.cause, ask.number)


command = Verb(
    name="unfollow",
    group="read",
    usage="unfollow [service|sev2]",
    example="unfollow sev2",
    about=t("get no updates any more: of this incident, of a service, of all that is so bad"),
    permission="read",
    parse=lambda words: words.strip(),
    click=lambda value: str(value.get("what", "")),
    run=_run,
    outside=bool,
)
