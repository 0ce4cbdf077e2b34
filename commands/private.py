"""`private`: only its people see it from now on."""

from bot.flows import course
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, alone


def _click(value: Json) -> bool:
    return bool(value.get("sure"))


async def _run(desk: Desk, ask: Ask, sure: bool) -> Reply:
    return (
        await course.make_private(desk, ask.cause, ask.number) if sure else await course.ask_private(desk, ask.number)
    )


command = Verb(
    name="private",
    group="state",
    usage="private",
    example="private",
    about=t("go on in a private channel with its people; it asks first"),
    permission="command",
    parse=alone("private", False),
    click=_click,
    run=_run,
)
