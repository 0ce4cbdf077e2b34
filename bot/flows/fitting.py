"""`help`: what a person can do in an incident now."""

from bot.domain import fitting, undo
from bot.domain.state import Incident
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import Reads


async def fitting_now(desk: Desk, person: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verbs that fit, and those that do so seldom. NotFound."""
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, person)
        incident = await incident_for(reads, number, viewer)
        last = undo.last_of("", await reads.timeline(number, viewer), desk.clock.now())
        decides = await _decides(desk, reads, incident)
    return fitting.verbs(incident, person, decides), fitting.seldom(incident, bool(last))


async def _decides(desk: Desk, reads: Reads, incident: Incident) -> bool:
    """The current step is a decision."""
    walk = incident.walk
    here = walk.current if walk is not None else None
    return walk is not None and here is not None and bool((await desk.plan(reads, walk.sha)).step(here.step).answers)
