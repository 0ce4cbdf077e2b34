"""`plans`: all plans, and what keeps one from being used."""

from bot.flows import shelf
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await shelf.plans(desk)


command = Verb(
    name="plans",
    group="read",
    usage="plans",
    example="plans",
    about=t("all plans, and what keeps one from being used"),
    permission="read",
    parse=alone("plans", None),
    click=lambda value: None,
    run=_run,
    where="anywhere",
)
