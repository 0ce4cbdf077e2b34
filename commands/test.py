"""`test [title]`: a test incident; nobody is called, nothing is announced."""

from bot.domain.terms import Kind
from bot.flows import declare
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import PlainShow, render, t
from commands import Ask, Verb


async def _run(desk: Desk, ask: Ask, title: str) -> Reply:
    wanted = declare.Wanted(title or render(t("Does Tocsin work here?"), PlainShow()), anyway=True, kind=Kind.TEST)
    return await declare.declare(desk, ask.cause, wanted)


command = Verb(
    name="test",
    group="start",
    usage="test [title]",
    example="test Does it find us",
    about=t("open a test incident: nobody is called, nothing is announced, it counts nowhere"),
    permission="declare",
    parse=lambda words: words,
    click=lambda value: "",
    run=_run,
    where="anywhere",
)
