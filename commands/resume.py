"""`resume`: the work goes on."""

from bot.flows import course
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await course.resume(desk, ask.cause_then, ask.number)


command = Verb(
    name="resume",
    group="state",
    usage="resume",
    example="resume",
    about=t("go on after a pause"),
    permission="respond",
    parse=alone("resume", None),
    click=lambda value: None,
    run=_run,
    dated=True,
)
