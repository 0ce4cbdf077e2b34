"""`oncall [service]`: who is called, and who after them."""

from bot.flows import calling
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


def _click(value: Json) -> str:
    return str(value.get("service", ""))


async def _run(desk: Desk, ask: Ask, service: str) -> Reply:
    return await calling.on_call(desk, ask.incident, ask.who, service)


command = Verb(
    name="oncall",
    group="read",
    usage="oncall [service]",
    example="oncall orders",
    about=t("who is called for a service, and who after them"),
    permission="read",
    parse=lambda words: words.strip().removeprefix("@"),
    click=_click,
    run=_run,
    where="anywhere",
)
