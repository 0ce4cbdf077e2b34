"""`outcome 2.3 done|not|hand`: say what became of an action whose outcome nobody knows."""

from dataclasses import dataclass

from bot.errors import BadInput
from bot.flows import outcomes
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping

WORDS = {"done": "done", "not": "not", "hand": "by_hand", "by hand": "by_hand", "by_hand": "by_hand", "again": "again"}


@dataclass(frozen=True, slots=True)
class Args:
    """attempt: carried by the button; step: typed. outcome: done | not | by_hand | again."""

    step: str
    attempt: str
    outcome: str


def _parse(words: str) -> Args:
    at, rest = stepping.typed(words, "outcome")
    outcome = WORDS.get(rest.lower())
    if outcome is None:
        raise BadInput(t("Was it done? Say done, not, hand or again."), "outcome 2.3 done")
    return Args(at.step, "", outcome)


def _click(value: Json) -> Args:
    return Args("", value["attempt"], value["outcome"])


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await outcomes.settle(desk, ask.cause, ask.number, args.step, args.attempt, args.outcome)


command = Verb(
    name="outcome",
    group="plan",
    usage="outcome [2.3] <done|not|hand|again>",
    example="outcome 2.3 done",
    about=t("say what became of an action of which Tocsin does not know"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
)
