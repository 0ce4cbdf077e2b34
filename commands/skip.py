"""`skip [2.3] <reason>`: leave a step out."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import At


@dataclass(frozen=True, slots=True)
class Args:
    at: At
    reason: str = ""


def _parse(words: str) -> Args:
    at, reason = stepping.typed(words)
    return Args(at, reason)


def _click(value: Json) -> Args:
    return Args(stepping.clicked(value), value.get("reason", ""))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(stepping.clicked(value), answers["reason"])


def _form(args: Args) -> Form | None:
    if args.reason:
        return None
    field = Field("reason", t("Why is it left out?"))
    return Form("skip", t("Skip a step"), t("Skip"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await walk.skip(desk, ask.cause_then, ask.number, args.at.run, args.at.step, args.at.visit, args.reason)


command = Verb(
    name="skip",
    group="plan",
    usage="skip [2.3] <reason>",
    example="skip 2.3 the standby is already primary",
    about=t("leave a step out, with the reason"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
