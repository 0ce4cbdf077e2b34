"""`undo`: take back what was done here in the last two minutes."""

from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, alone


def _click(value: Json) -> int:
    return int(value.get("seq", 0))


async def _run(desk: Desk, ask: Ask, seq: int) -> Reply:
    return await ending.take_back(desk, ask.cause, ask.number, seq)


command = Verb(
    name="undo",
    group="state",
    usage="undo",
    example="undo",
    about=t("take back your last change: status, severity, kind, times or note, within two minutes"),
    permission="respond",
    parse=alone("undo", 0),
    click=_click,
    run=_run,
)
