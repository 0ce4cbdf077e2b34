"""`pass`: I cannot take the page, the role or the hand-over offered to me."""

from bot.domain import role_names
from bot.flows import people
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


def _click(value: Json) -> str:
    return str(value.get("role", ""))


async def _run(desk: Desk, ask: Ask, role: str) -> Reply:
    return await people.decline(desk, ask.cause, ask.number, role)


command = Verb(
    name="pass",
    group="who",
    usage="pass [role]",
    example="pass communications",
    about=t("decline the role or page that was offered to you"),
    permission="respond",
    parse=role_names.mine,
    click=_click,
    run=_run,
)
