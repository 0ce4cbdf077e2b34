"""People are called: when an incident opens, when nobody answers, and when what may not wait joined a storm."""

from collections.abc import Sequence

from bot.domain import calling
from bot.domain.events import Draft
from bot.domain.organisation import Organisation
from bot.domain.state import Incident
from bot.flows import directory
from bot.flows.case import Case
from bot.ports import Effect, Reads
from storage.tx import SqlTx


async def on_call(reads: Reads, organisation: Organisation, service: str) -> tuple[str, ...]:
    """Who is on call for a service and can be reached here; the first to be called first."""
    people = await reads.people()
    gone = {person.id for person in people.values() if not directory.able(person)}
    found = organisation.on_call(service, await directory.read(reads))
    return tuple(person for person in found if person not in gone)


async def call_next(case: Case, service: str) -> None:
    """Call the next person on call who was not called yet; after the last, all of them again; until somebody answers."""
    organisation = case.desk.organisation
    callees = await on_call(case.tx, organisation, service)
    names = ", ".join(organisation.called_for(service))
    calls = calling.calls(case.incident, service, callees, names, case.desk.ids.new, case.now)
    if calls is None:
        return
    await case.record(calls)
    if not calls:
        due = case.now + calling.AGAIN
        name = f"again{case.incident.uncalled.index(service)}"
        key, lane = f"{case.stream}:clock.page:{name}:{due}", f"{case.stream}:clock:page:{name}"
        await case.tx.enqueue([Effect(key, "clock.page", lane, case.stream, {"service": service}, not_before=due)])


async def refused(
    tx: SqlTx, organisation: Organisation, incident: Incident, services: Sequence[str]
) -> tuple[Draft, ...]:
    """The storm took their channel: who is on call for these services is called, once for each."""
    rung = {page.service for page in incident.pages}
    drafts: tuple[Draft, ...] = ()
    for service in services:
        if service not in rung:
            callees = await on_call(tx, organisation, service)
            names = ", ".join(organisation.called_for(service))
            drafts += calling.calls(incident, service, callees, names, tx.ids.new, tx.now) or ()
    return drafts
