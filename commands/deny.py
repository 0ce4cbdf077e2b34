"""`deny [code] <reason>`: no; nothing is run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows import approvals
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

_CODE = re.compile(r"^[0-9a-f]{4}$")


@dataclass(frozen=True, slots=True)
class Args:
    """digest "" = the only approval that is open."""

    digest: str = ""
    reason: str = ""


def _parse(words: str) -> Args:
    first, _, rest = words.partition(" ")
    return Args(first, rest.strip()) if _CODE.match(first) else Args("", words)


def _click(value: Json) -> Args:
    return Args(value["digest"])


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(value.get("digest", ""), answers["reason"])


def _form(args: Args) -> Form | None:
    if args.reason:
        return None
    field = Field("reason", t("Why not?"))
    return Form("deny", t("Deny"), t("Deny"), (field,), {"digest": args.digest})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await approvals.deny(desk, ask.cause, ask.number, args.digest, args.reason)


command = Verb(
    name="deny",
    group="plan",
    usage="deny [code] <reason>",
    example="deny the deploy is still running",
    about=t("say no to the action that waits"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
