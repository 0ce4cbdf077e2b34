"""`answer [2.3] <choice>`: take a decision of the plan."""

from dataclasses import dataclass

from bot.errors import BadInput
from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import At


@dataclass(frozen=True, slots=True)
class Args:
    at: At
    choice: str


def _parse(words: str) -> Args:
    at, choice = stepping.typed(words, "answer")
    if not choice:
        raise BadInput(t("Which answer?"), "answer 1.4 yes")
    return Args(at, choice)


def _click(value: Json) -> Args:
    return Args(stepping.clicked(value), value["choice"])


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await walk.answer(desk, ask.cause_then, ask.number, args.at.run, args.at.step, args.at.visit, args.choice)


command = Verb(
    name="answer",
    group="plan",
    usage="answer [2.3] <choice>",
    example="answer 1.4 yes",
    about=t("answer the decision of a step"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
)
