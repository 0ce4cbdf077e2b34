"""`assign 2.3 @ben`: a step is somebody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import reading
from bot.errors import BadInput
from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb, stepping
from commands.stepping import At

MOST = 40
"""Characters of an unknown name that are said back."""


@dataclass(frozen=True, slots=True)
class Args:
    at: At
    person: str = ""
    why: str = "asked"


def _parse(words: str) -> Args:
    named, rest = reading.people(words)
    at, other = stepping.typed(rest, "assign")
    if other and not named:
        sentence = t("I do not know {who}. Let Slack complete the name.", who=Code(other[:MOST]))
        raise BadInput(sentence, f"assign {at.step} @ben" if at.step else "assign 2.3 @ben")
    return Args(at, named[0] if named else "")


def _click(value: Json) -> Args:
    return Args(stepping.clicked(value), value.get("person", ""), value.get("why", "asked"))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(stepping.clicked(value), answers["person"], value.get("why", "asked"))


def _form(args: Args) -> Form | None:
    if args.person:
        return None
    field = Field("person", t("Whose step is it?"), "person")
    return Form("assign", t("Assign a step"), t("Assign"), (field,), {**stepping.carried(args.at), "why": args.why})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    at = args.at
    return await walk.assign(desk, ask.cause, ask.number, at.run, at.step, at.visit, args.person, args.why)


command = Verb(
    name="assign",
    group="plan",
    usage="assign 2.3 @person",
    example="assign 2.3 @ben",
    about=t("give a step to somebody else"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    stands=lambda args, incident: replace(args, at=stepping.here(args.at, incident)),
    fill=_fill,
)
