"""`approve <code>`: yes, run exactly this."""

from bot.errors import BadInput
from bot.flows import approvals
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb


def _parse(words: str) -> str:
    code = words.strip().lower()
    if not code:
        raise BadInput(
            t("Type the code that stands on the card, so that it is clear what you approve."), "approve 7f3a"
        )
    return code


def _click(value: Json) -> str:
    return str(value["digest"])


async def _run(desk: Desk, ask: Ask, digest: str) -> Reply:
    return await approvals.approve(desk, ask.cause, ask.number, digest)


command = Verb(
    name="approve",
    group="plan",
    usage="approve <code>",
    example="approve 7f3a",
    about=t("say yes to the action whose card shows this code"),
    permission="approve",
    parse=_parse,
    click=_click,
    run=_run,
)
