"""Alerts that fire on, and of which nothing is heard any more: people are asked, once, and nothing is closed."""

from bot.domain import ingest
from bot.domain.route import STALE_AFTER
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.flows.case import Case
from bot.flows.desk import DOUBT
from bot.ports import Effect, Json

OURS = ("database_away", "stopped")
"""Times in which alerts could not reach us: their silence says nothing of them."""


async def stale(case: Case, args: Json) -> None:
    """Look whether the alerts are still heard of, and when to look again (a reaction). A reopening begins anew."""
    incident = case.incident
    if not incident.status.open:
        return
    if case.desk.doubts():  # perhaps only the clock says that it was long
        await _again(case, case.now + DOUBT)
        return
    due = case.now + STALE_AFTER
    heard = await case.tx.heard_of(incident.number)
    if heard is not None and incident.alerts.firing:
        alert, last = heard
        after = case.desk.organisation.routes.route(alert).stale_after
        since = max(last, _deaf_until(incident))
        if asked := ingest.stale(incident, alert.source, since, after, case.now):
            await case.record(asked)
            return
        due = since + after
    await _again(case, due)


async def _again(case: Case, due: Micros) -> None:
    lane = f"{case.stream}:clock:stale"
    await case.tx.enqueue([Effect(f"{lane}:{due}", "clock.stale", lane, case.stream, not_before=due)])


def _deaf_until(incident: Incident) -> Micros:
    """The end of the last time in which no alert could reach us, or by whose clock nothing can be said."""
    return max((incident.clock_set_at, *(away.end or 0 for away in incident.outages if away.value in OURS)))
