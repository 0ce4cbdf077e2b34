"""`back [2.3] <reason>`: the plan goes back to a step."""

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
    field = Field("reason", t("Why does the plan go back?"))
    return Form("back", t("Go back a step"), t("Go back"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await walk.back(desk, ask.cause, ask.number, args.at.run, args.at.step, args.reason)


command = Verb(
    name="back",
    group="plan",
    usage="back [2.3] <reason>",
    example="back 2.3 the primary came up again",
    about=t("do the step before once more, or the one named"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
