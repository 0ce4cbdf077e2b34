"""`plan [name]`: the plan that is walked, those there are, or take one up."""

from bot.errors import BadInput
from bot.flows import turn, walk
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import Code, t
from commands import Ask, Verb

Named = tuple[str, str, int]
"""Its id, how it is taken up (turn.RESUME, turn.START, or ""), and the run that was walked when a button was made (0: typed)."""


def _parse(words: str) -> Named:
    name, _, how = words.strip().partition(" ")
    how = how.strip().lower()
    if how not in ("", turn.RESUME, turn.START):
        known = t(
            "Behind the plan's name stands {on}, {anew}, or nothing.", on=Code(turn.RESUME), anew=Code(turn.START)
        )
        raise BadInput(known, f"plan {name} {turn.RESUME}")
    return name, how, 0


def _click(value: Json) -> Named:
    return str(value.get("plan", "")), str(value.get("how", "")), int(value.get("run", 0))


async def _run(desk: Desk, ask: Ask, named: Named) -> Reply:
    name, how, seen = named
    if how == walk.STAY:
        return await turn.stays(desk, ask.who, ask.number)
    if not name:
        return await turn.overview(desk, ask.who, ask.number)
    return await turn.take_up(desk, ask.cause, ask.number, name, how, seen)


command = Verb(
    name="plan",
    group="plan",
    usage="plan [name] [resume|start]",
    example="plan database-failover",
    about=t("show the plan, or begin another one"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
)
