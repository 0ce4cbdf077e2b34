"""For who joins late: `summary`, and that it is offered."""

from bot.domain.terms import MINUTE, Micros
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import Button, Cause, Effect, Reply
from bot.slack.views import summary as views
from bot.text import t
from bot.work.effects import PEOPLE

LATE: Micros = 5 * MINUTE
"""Who comes sooner has missed nothing."""


async def summary(desk: Desk, person: str, number: int) -> Reply:
    """`summary`."""
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, person)
        incident = await incident_for(reads, number, viewer)
        lines = views.summary(incident, await reads.timeline(number, viewer), desk.clock.now())
    return Reply(lines, (Button(t("Timeline"), "timeline", {"i": number}),), done=False)


async def arrived(desk: Desk, cause: Cause, number: int) -> None:
    """Somebody joined the channel: who comes late is offered the summary, once, and nobody else sees it.

    Not in a private incident: only those who were brought in see it, and they say so themselves first.
    """

    async def work(case: Case) -> Reply:
        incident, person = case.incident, cause.actor
        if incident.status.open and person not in incident.people:
            key = f"{case.stream}:summary:{person}"
            args = {"surface": "late", "key": key, "room": f"dm:{person}", "person": person}
            await case.tx.enqueue([Effect(key, "dm", f"{case.stream}:dm:{person}", case.stream, args, PEOPLE)])
        return Reply()

    async with desk.store.read() as reads:
        here = await reads.incident(number, await desk.viewer(reads, cause.actor))
    if here is not None and not here.private and desk.clock.now() - here.opened_at >= LATE:
        await once(desk, cause, number, work)
