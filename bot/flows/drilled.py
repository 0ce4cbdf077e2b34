"""What was drilled: each plan and each service, when last, and how much of all that is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.organisation import Organisation
from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros
from bot.metrics import coverage
from bot.metrics.summary import Summary
from bot.ports import EVERYTHING, Reads
from bot.text import Code, Text, When, Who, t

MOST = 1000
"""Incidents among which drills are looked for."""
MATTERS = (1, 2, None)
"""Tiers of services that ought to be drilled; None: nobody has given one."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """Drills that were walked to their end, newest first."""

    drills: tuple[Incident, ...]

    def of_plan(self, plan: str) -> tuple[Incident, ...]:
        return tuple(one for one in self.drills if one.drill is not None and one.drill.plan == plan)

    def of_service(self, service: str) -> tuple[Incident, ...]:
        return tuple(one for one in self.drills if one.service == service)


async def read(reads: Reads) -> Drilled:
    """All drills that there are, but for the private ones: what comes of it is for everybody."""
    found = await reads.incidents(EVERYTHING, open_only=False, limit=MOST)
    return Drilled(tuple(one for one in found if _told(one) and any(walk.done for walk in one.walks)))


def _told(incident: Incident) -> bool:
    return incident.kind is Kind.DRILL and incident.drill is not None and not incident.private


def numbers(known: Drilled, plans: Collection[str], organisation: Organisation, now: Micros) -> list[Summary]:
    """How much was drilled. plans: ids of all that there are."""
    services = [service.id for service in organisation.services.by_id.values() if service.tier in MATTERS]
    return [
        coverage.plans([_counts(known.of_plan(plan), now) for plan in plans]),
        coverage.services([_counts(known.of_service(service), now) for service in services]),
    ]


def _counts(drills: Collection[Incident], now: Micros) -> bool:
    """Somebody stands for the report of one that is not too long ago."""
    signed = [one.drill.began_at for one in drills if one.drill is not None and one.drill.signed_by]
    return any(now - at <= coverage.STALE for at in signed)


def lines(known: Drilled, plans: Mapping[str, str], organisation: Organisation) -> Iterator[Text]:
    """A line for each plan and each service. plans: id → title."""
    for id, title in plans.items():
        yield t("{id}: {title} — {drilled}", id=Code(id), title=title, drilled=last(known.of_plan(id)))
    for service in organisation.services.by_id.values():
        yield t("service {id} — {drilled}", id=Code(service.id), drilled=last(known.of_service(service.id)))


def last(drills: Collection[Incident]) -> Text:
    """When it was drilled last, and who stands for it."""
    newest = next((one for one in drills if one.drill is not None), None)
    if newest is None or newest.drill is None:
        return t("never drilled")
    at = When(newest.drill.began_at, "date")
    if newest.drill.signed_by:
        return t("last drill {at}, {ref}, signed by {who}", at=at, ref=newest.ref, who=Who(newest.drill.signed_by))
    return t("last drill {at}, {ref}, not signed", at=at, ref=newest.ref)
