"""`archive`: the channel of what is over is put away; one that people had before only when they are sure."""

from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, alone


def _click(value: Json) -> bool:
    return bool(value.get("sure"))


async def _run(desk: Desk, ask: Ask, sure: bool) -> Reply:
    return await ending.archive(desk, ask.cause, ask.number, sure)


command = Verb(
    name="archive",
    group="state",
    usage="archive",
    example="archive",
    about=t("put the channel of a closed incident away"),
    permission="command",
    parse=alone("archive", False),
    click=_click,
    run=_run,
)
