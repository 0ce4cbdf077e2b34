"""`follow [payments|sev2]`: the updates by direct message, of one incident or of all that will be of a kind."""

from bot.flows import follow, telling
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb

LIST = "list"


async def _run(desk: Desk, ask: Ask, what: str) -> Reply:
    if what == LIST:
        return await follow.mine(desk, ask.who)
    if what:
        return await follow.begin(desk, ask.cause, what)
    return await telling.follow(desk, ask.cause, ask.number, ask.zone)


command = Verb(
    name="follow",
    group="read",
    usage="follow [service|sev2|list]",
    example="follow sev2",
    about=t("get the updates by direct message, none at night: of this incident, of a service, of all that is so bad"),
    permission="read",
    parse=lambda words: words.strip(),
    click=lambda value: str(value.get("what", "")),
    run=_run,
    outside=bool,
)
