"""`tried <what> → <result>`: what was tried by hand, so that nobody tries it again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

_ARROW = re.compile(r"\s*(?:→|⇒|[-=]+>)\s*")


@dataclass(frozen=True, slots=True)
class Args:
    text: str = ""
    result: str = ""


def _parse(words: str) -> Args:
    text, result = (*_ARROW.split(words, maxsplit=1), "")[:2]
    return Args(text.strip(), result.strip())


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["text"], answers.get("result", ""))


def _form(args: Args) -> Form | None:
    if args.text:
        return None
    fields = (
        Field("text", t("What was tried?"), "text"),
        Field("result", t("What came of it?"), "text", args.result, optional=True),
    )
    return Form("tried", t("Something was tried"), t("Add"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await telling.tried(desk, ask.cause, ask.number, args.text, args.result, ask.said)


command = Verb(
    name="tried",
    group="say",
    usage="tried <what> → <result> [--at 14:02]",
    example="tried restart of gw-3 → no change",
    about=t("record what was tried by hand, and what came of it"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=lambda value: Args(),
    run=_run,
    form=_form,
    fill=_fill,
)
