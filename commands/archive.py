"""`archive`: the channel of what is over is put away."""

from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await ending.archive(desk, ask.cause, ask.number)


command = Verb(
    name="archive",
    group="state",
    usage="archive",
    example="archive",
    about=t("put the channel of a closed incident away"),
    permission="command",
    parse=lambda words: None,
    click=lambda value: None,
    run=_run,
)
