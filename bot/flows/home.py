"""The Home tab: drawn when somebody opens it, and looked at again for as long as they may still look."""

from collections.abc import Mapping, Sequence

from bot.domain.events import Event
from bot.domain.terms import MINUTE, ORG, Micros
from bot.flows import directory
from bot.flows.desk import Desk
from bot.flows.duty import managers_here
from bot.ports import Effect, Json, Reaction, Tx
from bot.work.effects import NOTICE

EVERY: Micros = MINUTE
LASTS: Micros = 10 * MINUTE
"""Slack does not say when a person looks away: so long after the last opening the tab is kept up to date."""


async def opened(desk: Desk, input: str, person: str, first: bool = False) -> None:
    """Somebody looks. first: Slack has nothing to show there, whatever we have sent before."""
    async with desk.store.begin() as tx:
        known = await tx.person(person)
        if known is None or not directory.able(known) or await tx.answered(input) is not None:
            return
        manages = known in await managers_here(desk, tx)
        args = {"person": person, "until": tx.now + LASTS, "detailed": manages, "first": first}
        await tx.enqueue([_drawn(input, args)])
        await tx.answer(input, ORG, {})


def reactions() -> Mapping[str, Reaction]:
    """What follows a drawing, and a look."""
    return {"home": _draw_again, "clock.home": _look}


async def _draw_again(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
    args, due = effect.args, tx.now + EVERY
    if due <= args["until"]:
        lane = f"home:{args['person']}:look"
        again = Effect(
            f"{lane}:{due}", "clock.home", lane, ORG, {**args, "first": False}, not_before=due, coalesce=lane
        )
        await tx.enqueue([again])


async def _look(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
    await tx.enqueue([_drawn(effect.key, effect.args)])


def _drawn(why: str, args: Json) -> Effect:
    """One waits at most; it shows what is true when it is sent."""
    lane = f"home:{args['person']}"
    return Effect(f"{lane}@{why}", "home", lane, ORG, args, NOTICE, coalesce=lane)
