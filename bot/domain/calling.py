"""Who is called to an incident, and who after them: it never falls silent before somebody has it."""

from collections.abc import Callable, Sequence

from bot.domain.events import Draft, NobodyCalled, PageSent
from bot.domain.state import Incident
from bot.domain.terms import BOT, COMMANDER, MINUTE, Micros, Source

NEXT_LEVEL: Micros = 2 * MINUTE
"""Who is called and does not answer for so long: the next one is called as well."""
AGAIN: Micros = 10 * MINUTE
"""After the last one, everybody is called again so often; where nobody can be called, somebody is looked for again."""


def calls(
    incident: Incident, service: str, callees: Sequence[str], names: str, new_id: Callable[[], str], now: Micros
) -> tuple[Draft, ...] | None:
    """The calls to make now, for the incident's own service or for another that joined it; None: nobody has to be called.

    callees: ids of who is on call for the service, the first to be called first; names: under which they were looked for.
    () if there is nobody to be called, and that was said before.
    """
    if _has_it(incident, service, callees):
        return None
    if not callees:
        told = () if service in incident.uncalled else (NobodyCalled(service, now + AGAIN, names),)
        return _by_us(told)
    rung = [page for page in incident.pages if page.about == "incident" and page.service == service]
    fresh = [person for person in callees if person not in {page.person for page in rung}]
    first, *others = fresh[:1] or callees
    level, due = len(rung) + 1, now + (NEXT_LEVEL if fresh else AGAIN)
    role = COMMANDER if service == incident.service else ""
    sent = [PageSent(new_id(), first, "incident", level, role, service, due)]
    sent += [PageSent(new_id(), person, "incident", level, role, service) for person in others]
    return _by_us(sent)


def _has_it(incident: Incident, service: str, callees: Sequence[str]) -> bool:
    """Somebody answered, or is here and on call for it. Who declared it and is not on call still wants somebody called."""
    if incident.opened_by in callees or set(callees) & set(incident.answered):
        return True
    if any(page.answer == "take" and page.service == service for page in incident.pages):
        return True
    return service == incident.service and bool(set(incident.answered) - {incident.opened_by})


def _by_us(payloads: Sequence[NobodyCalled | PageSent]) -> tuple[Draft, ...]:
    return tuple(Draft(payload, actor=BOT, source=Source.AUTOMATION) for payload in payloads)
