"""`pause <reason>`: people wait for something; nobody is reminded or late."""

from collections.abc import Mapping

from bot.flows import course
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return answers["reason"]


def _form(reason: str) -> Form | None:
    if reason:
        return None
    why = Field("reason", t("What do you wait for?"), hint=t("the vendor calls back at 09:00"))
    return Form("pause", t("Pause"), t("Pause"), (why,))


async def _run(desk: Desk, ask: Ask, reason: str) -> Reply:
    return await course.pause(desk, ask.cause_then, ask.number, reason)


command = Verb(
    name="pause",
    group="state",
    usage="pause <reason>",
    example="pause the vendor calls back at 09:00",
    about=t("wait for somebody else: nobody is reminded or late until it goes on"),
    permission="respond",
    parse=lambda words: words,
    click=lambda value: "",
    run=_run,
    form=_form,
    fill=_fill,
    dated=True,
)
