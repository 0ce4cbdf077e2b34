"""`confirm [2.3] [alone, because …]`: a second person confirms a step."""

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
    """alone: there is nobody else; why must be said."""

    at: At
    alone: bool = False
    why: str = ""


def _parse(words: str) -> Args:
    at, rest = stepping.typed(words, "confirm")
    alone = rest.lower().startswith("alone")
    why = rest[len("alone") :].lstrip(" ,:").removeprefix("because").strip() if alone else ""
    return Args(at, alone, why)


def _click(value: Json) -> Args:
    return Args(stepping.clicked(value), bool(value.get("alone")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(stepping.clicked(value), alone=True, why=answers["why"])


def _form(args: Args) -> Form | None:
    if not args.alone or args.why:
        return None
    field = Field("why", t("You are alone. Why can it not wait?"))
    return Form("confirm", t("Confirm alone"), t("Confirm"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await walk.confirm(desk, ask.cause_then, ask.number, args.at.run, args.at.step, args.at.visit, args.why)


command = Verb(
    name="confirm",
    group="plan",
    usage="confirm [2.3] [alone, because …]",
    example="confirm 2.1",
    about=t("confirm as the second person what somebody has done"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
