"""`leave [role]`: lay down what I hold here."""

from bot.domain import role_names
from bot.flows import people
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


def _click(value: Json) -> str:
    return str(value.get("role", ""))


async def _run(desk: Desk, ask: Ask, role: str) -> Reply:
    return await people.leave(desk, ask.cause, ask.number, role)


command = Verb(
    name="leave",
    group="who",
    usage="leave [role]",
    example="leave scribe",
    about=t("lay down a role of yours, or all of them"),
    permission="respond",
    parse=role_names.bare,
    click=_click,
    run=_run,
)
