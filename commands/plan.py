"""`plan [name]`: the plan that is walked, those there are, or take one up."""

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


def _click(value: Json) -> str:
    return str(value.get("plan", ""))


async def _run(desk: Desk, ask: Ask, name: str) -> Reply:
    if not name:
        return await walk.overview(desk, ask.who, ask.number)
    return await walk.take_up(desk, ask.cause, ask.number, name)


command = Verb(
    name="plan",
    group="plan",
    usage="plan [name]",
    example="plan database-failover",
    about=t("show the plan, or begin another one"),
    permission="respond",
    parse=lambda words: words.strip(),
    click=_click,
    run=_run,
)
