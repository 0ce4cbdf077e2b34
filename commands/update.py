"""`update <text> [--next 20m]`: tell everybody how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.domain.terms import Micros
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    doing: str = ""
    broken: str = ""
    next: Micros | None = None
    draft: str = ""


def _parse(words: str) -> Args:
    text, options = reading.options(words)
    return Args(text, next=reading.length(options["next"]) if "next" in options else None)


def _click(value: Json) -> Args:
    return Args(draft=value.get("draft", ""))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    promised = answers.get("next", "").strip()
    return Args(answers["doing"], answers.get("broken", ""), reading.length(promised, "next") if promised else None)


def _form(args: Args) -> Form | None:
    if args.doing:
        return None
    fields = (
        Field("broken", t("What is broken, and for whom?"), "text", optional=True),
        Field("doing", t("What are we doing?"), "text", args.draft),
        Field(
            "next",
            t("Next update in"),
            hint=t("For example 20m. Empty: as often as the severity asks."),
            optional=True,
            most=10,
        ),
    )
    return Form("update", t("Send an update"), t("Send"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await change.send_update(desk, ask.cause, ask.number, args.broken, args.doing, args.next)


command = Verb(
    name="update",
    group="say",
    usage="update <text> [--next 20m]",
    example="update We fail over to the standby --next 20m",
    about=t("tell everybody; alone: a form"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
