"""What is being done now, in any incident: machines that are touched, and who holds a place that an action needs.

It is in hand from its start until its place is given up: while it runs, while it is checked, and as long as nobody knows what
became of it, also where its incident was resolved meanwhile.
"""

from collections.abc import Mapping

from bot.domain.gates import PRIVATE
from bot.domain.plan import Plan
from bot.domain.terms import Kind, number_of
from bot.flows.case import Case
from bot.ports import EVERYTHING, Held

DRILL, ACTIONS = "drill:", "actions"


def apart(case: Case, key: str) -> str:
    """A drill holds no place that the real thing could need."""
    return f"{DRILL}{key}" if case.incident.kind is Kind.DRILL else key


async def alone(case: Case) -> None:
    """Until this transaction ends nobody else decides whether something may begin, here or in another replica: two that looked
    at the same moment would both see a machine too few in hand."""
    await case.tx.queue(apart(case, ACTIONS))


async def busy(case: Case) -> Mapping[str, str]:
    """Targets that something of ours has in hand now → the incident; drills are apart. Private ones: see `_named`."""
    return {one.target: await _named(case, one) for one in await _held(case) if one.target}


async def _held(case: Case) -> list[Held]:
    """Places that are held for real, or in drills."""
    drill = case.incident.kind is Kind.DRILL
    return [one for one in await case.tx.held() if one.key.startswith(DRILL) is drill]


async def holder(case: Case, plan: Plan, lock: str, target: str) -> tuple[str, bool]:
    """The incident that has the last place which the action needs, or does something on its target, by whatever plan; and whether
    nobody knows what became of what it runs there. ("", False) if there is a place left, which is taken when it starts."""
    limits = plan.settings.limits
    held = await _held(case) if limits is not None else []
    there = [one for one in held if lock and one.key == lock]
    if limits is None or len(there) < limits.lock_max:
        there = [one for one in held if target and one.target == target]
    if not there:
        return "", False
    incident = await case.tx.incident(number_of(there[0].stream), EVERYTHING)
    found = incident.attempt(there[0].attempt) if incident else None
    return await _named(case, there[0]), found is not None and found.state == "unknown"


async def _named(case: Case, held: Held) -> str:
    """The incident, or `PRIVATE` if it is: where this is told, not all may know of it."""
    incident = await case.tx.incident(number_of(held.stream), EVERYTHING)
    return PRIVATE if incident is None or incident.private else incident.ref
