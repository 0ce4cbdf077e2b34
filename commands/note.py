"""`note <text>`: a line on the timeline."""

from collections.abc import Mapping

from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return answers["text"]


def _form(text: str) -> Form | None:
    if text:
        return None
    return Form("note", t("Add to the timeline"), t("Add"), (Field("text", t("What happened?"), "text"),))


async def _run(desk: Desk, ask: Ask, text: str) -> Reply:
    return await change.note(desk, ask.cause, ask.number, text, ask.said)


command = Verb(
    name="note",
    group="say",
    usage="note <text> [--at 14:02]",
    example="note the standby is 3 s behind",
    about=t("put a sentence on the timeline"),
    permission="respond",
    dated=True,
    parse=lambda words: words,
    click=lambda value: "",
    run=_run,
    form=_form,
    fill=_fill,
)
