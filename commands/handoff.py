"""`handoff @ben`: give command, or another role of mine, to somebody; until they accept, it stays mine."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import mentions
from bot.domain import reading, role_names
from bot.domain.terms import COMMANDER
from bot.errors import BadInput
from bot.flows import people
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    person: str = ""
    role: str = COMMANDER


def _parse(words: str) -> Args:
    named, role = reading.people(words)
    if len(named) > 1:
        raise BadInput(t("Hand it over to one person."), "handoff @ben")
    unknown = mentions.unknown(role)
    if unknown:
        raise BadInput(t("I do not know {who}. Let Slack complete the name.", who=Code(unknown)), "handoff @ben")
    return Args(named[0] if named else "", role_names.bare(role) or COMMANDER)


def _click(value: Json) -> Args:
    return Args(value.get("person", ""), value.get("role", COMMANDER))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["person"], value.get("role", COMMANDER))


def _form(args: Args) -> Form | None:
    if args.person:
        return None
    field = Field("person", t("To whom?"), "person", hint=t("Until they accept, it stays yours."))
    return Form("handoff", t("Hand over"), t("Ask them"), (field,), {"role": args.role})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await people.hand_over(desk, ask.cause, ask.number, args.role, args.person)


command = Verb(
    name="handoff",
    group="who",
    usage="handoff @person [role]",
    example="handoff @ben",
    about=t("hand command, or another role of yours, to somebody; until they accept, it stays yours"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
