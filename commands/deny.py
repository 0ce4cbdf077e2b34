"""`deny [code] <reason>`: no; nothing is run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.approval import is_word
from bot.domain.state import Incident
from bot.flows import approvals
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

_CODE = re.compile(r"^[0-9a-f]{4}$")


@dataclass(frozen=True, slots=True)
class Args:
    """digest: or a code, or the first word of the reason; "" = the newest approval that is open. about: its action and code,
    for the form; draft: of the reason."""

    digest: str = ""
    reason: str = ""
    about: tuple[str, str] | None = None
    draft: str = ""


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
    label = t("Why not?")
    if args.about is not None:
        action, code = args.about
        label = t("Why should {action} (code {code}) not run?", action=action, code=code)
    field = Field("reason", label, value=args.draft)
    return Form("deny", t("Deny"), t("Deny"), (field,), {"digest": args.digest})


def _stands(args: Args, incident: Incident) -> Args:
    """The question that waits now, whichever waits when the form is sent."""
    word = is_word(incident, args.digest)
    asked = approvals.denied(incident, "" if word else args.digest)
    return Args(asked.digest, about=(asked.action, asked.code), draft=args.digest if word else "")


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
    stands=_stands,
    fill=_fill,
)
