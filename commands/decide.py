"""`decide <text>`: a decision, for the timeline and for who joins late."""

from collections.abc import Mapping

from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return answers["text"]


def _form(text: str) -> Form | None:
    if text:
        return None
    return Form("decide", t("A decision"), t("Add"), (Field("text", t("What was decided?"), "text"),))


async def _run(desk: Desk, ask: Ask, text: str) -> Reply:
    return await telling.decided(desk, ask.cause, ask.number, text, ask.said)


command = Verb(
    name="decide",
    group="say",
    usage="decide <text> [--at 14:02]",
    example="decide we fail over at 03:15",
    about=t("record a decision; who joins late reads it first"),
    permission="respond",
    dated=True,
    parse=lambda words: words,
    click=lambda value: "",
    run=_run,
    form=_form,
    fill=_fill,
)
