"""`summary`: where it stands, for who joins late."""

from bot.flows import summary
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await summary.summary(desk, ask.who, ask.number)


command = Verb(
    name="summary",
    group="read",
    usage="summary",
    example="summary",
    about=t("where it stands: state, known, tried, decided, who, what comes next"),
    permission="read",
    parse=alone("summary", None),
    click=lambda value: None,
    run=_run,
)
