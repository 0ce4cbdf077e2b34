"""`page @team|@person|service`: call somebody to this incident."""

import re
from collections.abc import Mapping

from bot.domain import reading
from bot.errors import BadInput
from bot.flows import calling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

_TEAM = re.compile(r"@\[(S[A-Z0-9]+)\]")
MOST = 5


def _parse(words: str) -> tuple[str, ...]:
    """Ids of people, names of teams and services, in the order in which they stand there."""
    people, rest = reading.people(words)
    teams = _TEAM.findall(rest)
    named = [word.strip(",").removeprefix("@") for word in _TEAM.sub(" ", rest).split()]
    wanted = tuple(dict.fromkeys([*people, *teams, *(word for word in named if word)]))
    if len(wanted) > MOST:
        raise BadInput(t("Call at most {n} at once.", n=MOST), "page @ben")
    return wanted


def _click(value: Json) -> tuple[str, ...]:
    return (value["name"],) if value.get("name") else ()


def _fill(answers: Mapping[str, str], value: Json) -> tuple[str, ...]:
    return (answers["person"],)


def _form(names: tuple[str, ...]) -> Form | None:
    if names:
        return None
    field = Field("person", t("Who?"), "person", hint=t("A team or a service: say `page` and its name."))
    return Form("page", t("Call somebody"), t("Call"), (field,))


async def _run(desk: Desk, ask: Ask, names: tuple[str, ...]) -> Reply:
    return await calling.page(desk, ask.cause, ask.number, names)


command = Verb(
    name="page",
    group="who",
    usage="page <@person|@team|service>",
    example="page @ben",
    about=t("call a person, a team, or who is on call for a service, until somebody answers"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
