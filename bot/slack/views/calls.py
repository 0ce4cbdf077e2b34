"""On the card and in the announcement: that nobody was called, that nobody answers, that another is called for who commands."""

from bot.domain.calling import ASKED
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER
from bot.slack.views import words
from bot.slack.views.scene import Scene, joined
from bot.text import Code, Span, Text, When, t, tn


def uncalled(scene: Scene) -> Text | None:
    """Until somebody is there: that nobody could be called, and whose names were tried."""
    incident = scene.incident
    if not incident.uncalled or incident.answered or not incident.status.open:
        return None
    tried = dict.fromkeys(name for one in incident.uncalled for name in scene.organisation.called_for(one))
    names = joined([Code(name) for name in tried], ", ")
    return t("Nobody was called: nobody is on call ({names}). Take it, or call somebody.", names=names)


def unanswered(scene: Scene) -> Text | None:
    """All who can be called were called, and nobody answers; where somebody is here already: who does not."""
    incident = scene.incident
    if not incident.unanswered or not incident.status.open:
        return None
    calls = [page for page in incident.pages if page.service in incident.unanswered]
    silent = list(dict.fromkeys(page.person for page in calls if not page.answer))
    called = words.people(silent or list(dict.fromkeys(page.person for page in calls)))
    every, at = Span(scene.organisation.oncall.repeat), When(max(page.at for page in calls))
    if not silent:
        return t("⚠ Nobody can come: {called} said no. I call them again every {every}.", called=called, every=every)
    if incident.answered:
        return tn(
            "⚠ {called} has not answered. Called last {at}, and again every {every}.",
            "⚠ {called} have not answered. Called last {at}, and again every {every}.",
            len(silent),
            called=called,
            at=at,
            every=every,
        )
    return t(
        "⚠ Nobody has answered. Called: {called}, last {at}; I call all of them every {every}.",
        called=called,
        at=at,
        every=every,
    )


def instead(incident: Incident) -> bool:
    """Somebody is called because nothing is heard of who commands."""
    return any((page.about, page.role, page.answer) == (ASKED, COMMANDER, "") for page in incident.pages)
