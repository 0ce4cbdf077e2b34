"""`alerts [service]`: what became of the last ones, and [Declare]."""

from bot.flows import alerts
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, service: str) -> Reply:
    return await alerts.heard(desk, ask.who, service)


command = Verb(
    name="alerts",
    group="read",
    usage="alerts [service]",
    example="alerts orders",
    about=t("the last alerts, and what became of each; one that was only recorded can be declared"),
    permission="read",
    parse=lambda words: words.strip(),
    click=lambda value: str(value.get("service", "")),
    run=_run,
    where="anywhere",
)
