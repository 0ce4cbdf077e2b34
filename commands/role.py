"""`role commander @ana`: give a role to somebody, or take it (`role commander`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import mentions
from bot.domain import reading, role_names
from bot.domain.terms import ROLES
from bot.errors import BadInput
from bot.flows import people
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.slack.views import words
from bot.text import Code, t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    """ask: show the form. Nothing said: who holds what is shown."""

    role: str = ""
    person: str = ""
    ask: bool = False


def _parse(words: str) -> Args:
    named, role = reading.people(words)
    if mentions.MARK.search(role):
        raise BadInput(t("A role is given to one person at a time."), "role commander @ana")
    unknown = mentions.unknown(role)
    if unknown:
        raise BadInput(t("I do not know {who}. Let Slack complete the name.", who=Code(unknown)), "role commander @ana")
    if len(dict.fromkeys(named)) > 1:
        raise BadInput(t("A role is given to one person at a time."), "role commander @ana")
    role = role_names.bare(role)
    return Args(role, named[0] if named else "", ask=bool(named) and not role)


def _click(value: Json) -> Args:
    return Args(value.get("role", ""), value.get("person", ""), bool(value.get("ask")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["role"], answers.get("person", ""))


def _form(args: Args) -> Form | None:
    if args.role or not args.ask:
        return None
    roles = {role: words.title(role) for role in ROLES}
    fields = (
        Field("role", t("Role"), "choice", options=roles),
        Field("person", t("Who? Empty means you."), "person", args.person, optional=True),
    )
    return Form("role", t("Give a role"), t("Give"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if not args.role:
        return await people.held(desk, ask.number)
    return await people.give_role(desk, ask.cause, ask.number, args.role, args.person or ask.who)


command = Verb(
    name="role",
    group="who",
    usage="role [role] [@person]",
    example="role commander @ana",
    about=t("see, give or take a role"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
