"""`assist [2.3]`: call the standby of a step's role."""

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import At


async def _run(desk: Desk, ask: Ask, at: At) -> Reply:
    return await walk.assist(desk, ask.cause, ask.number, at.run, at.step, at.visit)


command = Verb(
    name="assist",
    group="plan",
    usage="assist [2.3]",
    example="assist 2.3",
    about=t("call the standby of the step's role, with the step's text"),
    permission="respond",
    parse=lambda words: stepping.only(words, "assist"),
    click=stepping.clicked,
    run=_run,
)
