"""`followup <text> @owner <day>`: what is to be done afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import followup as rules
from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    """due: as typed."""

    text: str = ""
    owner: str = ""
    due: str = ""


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["text"], answers.get("owner", ""), answers.get("due", ""))


def _form(args: Args) -> Form | None:
    if args.text:
        return None
    fields = (
        Field("text", t("What is to be done?"), "text"),
        Field("owner", t("Who does it?"), "person", args.owner, optional=True),
        Field("due", t("Until when?"), value=args.due, hint=t("2026-12-01, friday, 14d or 2w"), optional=True, most=10),
    )
    return Form("followup", t("To do afterwards"), t("Add"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await telling.followup(desk, ask.cause, ask.number, args.text, args.owner, args.due)


command = Verb(
    name="followup",
    group="say",
    usage="followup <text> [@owner] [day|14d|2w]",
    example=rules.EXAMPLE,
    about=t("record what is to be done afterwards; it stands in the draft of the post-mortem"),
    permission="respond",
    parse=lambda words: Args(*rules.read(words)),
    click=lambda value: Args(),
    run=_run,
    form=_form,
    fill=_fill,
)
