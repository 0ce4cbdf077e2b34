"""`note <text>`: a line on the timeline; as a shortcut of a message: that message."""

from collections.abc import Mapping

from bot.flows import change, declare, telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


def _click(value: Json) -> str | declare.Told:
    return declare.told(*value["told"]) if value.get("told") else ""


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return answers["text"]


def _form(text: str | declare.Told) -> Form | None:
    if text:
        return None
    return Form("note", t("Add to the timeline"), t("Add"), (Field("text", t("What happened?"), "text"),))


async def _run(desk: Desk, ask: Ask, text: str | declare.Told) -> Reply:
    if isinstance(text, declare.Told):
        return await telling.put(desk, ask.cause, ask.number, text)
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
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
