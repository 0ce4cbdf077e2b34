"""`runs`: what Tocsin ran on machines in this incident."""

from bot.flows import report
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, alone


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await report.runs(desk, ask.who, ask.number)


command = Verb(
    name="runs",
    group="read",
    usage="runs",
    example="runs",
    about=t("what Tocsin ran on machines in this incident, and what became of it"),
    permission="read",
    parse=alone("runs", None),
    click=lambda value: None,
    run=_run,
)
