"""Who was kept from doing what they may not do: on the record, also when nothing else came of it."""

from bot.domain.events import Draft, RefusedTo
from bot.domain.terms import ORG, stream_of
from bot.errors import Refused
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Cause

AUDITED = frozenset(
    {"permission", "stranger", "deleted", "bot", "starter", "not_member", "twice", "foreign", "no_such_code"}
)
"""Codes of refusals that say that somebody may not, or tried what was not theirs. All others are only told."""


async def audit(desk: Desk, cause: Cause, number: int | None, verb: str, refused: Refused) -> None:
    """Keep it in the incident, or in the organisation's stream where there is none. Once per input."""
    if refused.code not in AUDITED:
        return
    async with desk.store.begin() as tx:
        if await tx.answered(cause.input) is None:
            there = None if number is None else await tx.incident(number, EVERYTHING)
            stream = ORG if there is None else stream_of(there.number)
            await tx.append(stream, (Draft(RefusedTo(verb, refused.code)),), cause)
            await tx.answer(cause.input, stream, {})
