"""`watch until 09:45`: keep it open until then, then ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.flows import course
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

OFF = ("off", "stop", "none")


@dataclass(frozen=True, slots=True)
class Args:
    """until: as typed; "" asks, one of OFF ends the watch."""

    until: str = ""


def _parse(words: str) -> Args:
    return Args(words.lower().removeprefix("until").strip())


def _click(value: Json) -> Args:
    return Args(str(value.get("until", "")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return _parse(answers["until"])


def _form(args: Args) -> Form | None:
    if args.until:
        return None
    until = Field("until", t("Keep it open until when?"), hint=t("09:45, tomorrow 09:45 or 2h"), most=30)
    return Form("watch", t("Keep it open"), t("Keep it open"), (until,))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    until = None if args.until in OFF else reading.ahead(args.until, ask.zone, ask.at)
    return await course.watch(desk, ask.cause, ask.number, until)


command = Verb(
    name="watch",
    group="state",
    usage="watch [until] <09:45|tomorrow 09:45|2h|off>",
    example="watch until 09:45",
    about=t("keep it open until then, through an opening; then it is asked whether it is back to normal"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
