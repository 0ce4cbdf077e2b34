"""`reopen <reason>`: it is not over."""

from collections.abc import Mapping

from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return answers["reason"]


def _form(reason: str) -> Form | None:
    if reason:
        return None
    return Form("reopen", t("Reopen"), t("Reopen"), (Field("reason", t("What happened?")),))


async def _run(desk: Desk, ask: Ask, reason: str) -> Reply:
    return await ending.reopen(desk, ask.cause_then, ask.number, reason)


command = Verb(
    name="reopen",
    group="state",
    usage="reopen <reason>",
    example="reopen errors are back since 04:20",
    about=t("open it again"),
    permission="respond",
    parse=lambda words: words,
    click=lambda value: "",
    run=_run,
    form=_form,
    fill=_fill,
    dated=True,
)
