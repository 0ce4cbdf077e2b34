"""`cause <code>`: what made it happen, or last; there may be several."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import telling as rules
from bot.domain.questions import CAUSES
from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, behind


@dataclass(frozen=True, slots=True)
class Args:
    """code: "" asks."""

    code: str = ""
    text: str = ""


def _parse(words: str) -> Args:
    if not words:
        return Args()
    code, _, text = words.partition(":")
    first, _, rest = words.partition(" ")
    if "." in first:
        return Args(rules.cause_of(first.rstrip(":")), behind(f"cause {first}", rest))
    return Args(rules.cause_of(code), text.strip())


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["code"], answers.get("text", ""))


def _form(args: Args) -> Form | None:
    if args.code:
        return None
    fields = (
        Field("code", t("What was it?"), "choice", options=CAUSES),
        Field("text", t("In your words"), "text", optional=True),
    )
    return Form("cause", t("A cause"), t("Add"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await telling.cause(desk, ask.cause, ask.number, args.code, args.text)


command = Verb(
    name="cause",
    group="say",
    usage="cause <code> [words]",
    example=rules.CAUSE,
    about=t("name a cause by its code, one of several; alone: all of them to choose from"),
    permission="respond",
    parse=_parse,
    click=lambda value: Args(),
    run=_run,
    form=_form,
    fill=_fill,
)
