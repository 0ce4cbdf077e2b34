"""Calls: who rings, who answered, and that the first answer stops the others."""

from dataclasses import replace

from bot.domain.events import Event, NobodyAnswers, NobodyCalled, PageAnswered, PageSent, PersonWoken
from bot.domain.state import Incident, Page

STOPPED = ("incident", "asked")
"""Calls that one answer is enough for."""


def page_sent(incident: Incident, event: Event, sent: PageSent) -> Incident:
    page = Page(
        sent.page,
        sent.person,
        sent.about,
        sent.level,
        sent.role,
        event.occurred_at,
        service=sent.service,
        base=sent.base,
        due_at=sent.due_at,
        caller=event.actor,
    )
    return replace(incident, pages=(*incident.pages, page), uncalled=_but(incident.uncalled, sent.service))


def nobody_called(incident: Incident, event: Event, nobody: NobodyCalled) -> Incident:
    return replace(incident, uncalled=tuple(dict.fromkeys((*incident.uncalled, nobody.service))))


def nobody_answers(incident: Incident, event: Event, nobody: NobodyAnswers) -> Incident:
    """Who has said that they cannot is called again later than who was silent, or not at all."""
    if not nobody.every:
        return replace(incident, unanswered=_but(incident.unanswered, nobody.service))
    unanswered = tuple(dict.fromkeys((*incident.unanswered, nobody.service)))
    if not nobody.no:
        return replace(incident, unanswered=unanswered)
    due = event.recorded_at + nobody.every
    pages = tuple(replace(page, due_at=due) if _waits(page, nobody.service) else page for page in incident.pages)
    return replace(incident, unanswered=unanswered, pages=pages)


def _waits(page: Page, service: str) -> bool:
    return (page.about, page.service) == ("incident", service) and page.due_at is not None


def person_woken(incident: Incident, event: Event, woken: PersonWoken) -> Incident:
    pages = tuple(replace(page, woken=True) if page.id == woken.ref else page for page in incident.pages)
    return replace(incident, pages=pages)


def page_answered(incident: Incident, event: Event, answered: PageAnswered) -> Incident:
    """Who takes it stops all other calls that are about the same."""
    found = next((page for page in incident.pages if page.id == answered.page and not page.answer), None)
    if found is None:
        return incident
    pages = tuple(_ended(page, answered.answer, event) if page is found else page for page in incident.pages)
    incident = replace(incident, pages=pages)
    if answered.answer == "take" and found.about in STOPPED:
        return stopped(incident, event, found.about, found.service)
    return incident


def answered_here(incident: Incident, event: Event) -> Incident:
    """Somebody acts here, called or not: nobody else is called to the incident itself. Who declared it wanted another."""
    if event.actor == incident.opened_by:
        return incident
    return stopped(incident, event, "incident", incident.service)


def stopped(incident: Incident, event: Event, about: str, service: str) -> Incident:
    """The calls that are about the same ring no more: who acts has it."""
    pages = tuple(
        _ended(page, "take" if page.person == event.actor else "over", event)
        if (page.about, page.service, page.answer) == (about, service, "")
        else page
        for page in incident.pages
    )
    return replace(incident, pages=pages, unanswered=_but(incident.unanswered, service))


def over(incident: Incident, event: Event) -> Incident:
    """The incident has ended: nobody is called any more."""
    pages = tuple(page if page.answer else replace(_ended(page, "ended", event), by="") for page in incident.pages)
    return replace(incident, pages=pages, unanswered=())


def _ended(page: Page, answer: str, event: Event) -> Page:
    return replace(page, answer=answer, answered_at=event.occurred_at, by=event.actor, ended=event.seq)


def _but(services: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(service for service in services if service != one)
