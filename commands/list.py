"""`list`: the open incidents."""

from bot.domain import phrase
from bot.flows import report
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, refuse_words


def _parse(words: str) -> None:
    """Of one incident, `summary` tells."""
    number, rest = phrase.incident(words, bare=True)
    refuse_words("list", words, "list" if number is None or rest else f"summary INC-{number}")


async def _run(desk: Desk, ask: Ask, args: None) -> Reply:
    return await report.open_incidents(desk, ask.who)


command = Verb(
    name="list",
    group="read",
    usage="list",
    example="list",
    about=t("the open incidents"),
    permission="read",
    parse=_parse,
    click=lambda value: None,
    run=_run,
    where="anywhere",
)
