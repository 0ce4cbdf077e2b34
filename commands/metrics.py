"""`metrics [30d]`: the numbers of this incident, or of a period."""

from bot.domain import reading
from bot.domain.terms import DAY, Micros
from bot.flows import report
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb

MONTH: Micros = 30 * DAY


def _parse(words: str) -> Micros | None:
    return reading.length(words) if words else None


async def _run(desk: Desk, ask: Ask, period: Micros | None) -> Reply:
    if period is None and ask.incident is not None:
        return await report.figures(desk, ask.who, ask.incident)
    return await report.period(desk, ask.who, period or MONTH)


command = Verb(
    name="metrics",
    group="read",
    usage="metrics [30d]",
    example="metrics 30d",
    about=t("the numbers of this incident, or of a time"),
    permission="read",
    parse=_parse,
    click=lambda value: None,
    run=_run,
    where="anywhere",
)
