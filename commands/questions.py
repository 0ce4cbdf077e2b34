"""`questions`: what only people know of an incident that is over."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.domain.questions import BEGAN, CHOICES
from bot.flows import course, questions
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, alone


@dataclass(frozen=True, slots=True)
class Args:
    """given: question → code, as the form says; None asks. began: as typed."""

    given: Mapping[str, str] | None = None
    began: str = ""
    text: str = ""


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    given = {question: answers.get(question, "") for question in CHOICES}
    if any(code and code not in CHOICES[question] for question, code in given.items()):
        raise ValueError("an answer that the form does not offer")
    return Args(given, answers.get(BEGAN, "").strip(), answers.get("words", ""))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.given is None:
        return await questions.form(desk, ask.cause, ask.number)
    latest = await course.latest(desk, ask.number, ask.at)
    began = reading.moment(args.began, ask.zone, ask.at, BEGAN, latest) if args.began else None
    return await questions.answer(desk, ask.cause, ask.number, began, args.given, args.text)


command = Verb(
    name="questions",
    group="say",
    usage="questions",
    example="questions",
    about=t("answer what only people know: when it began, how it was noticed, the standby, the impact, the cause"),
    permission="respond",
    parse=alone("questions", Args()),
    click=lambda value: Args(),
    run=_run,
    fill=_fill,
)
