"""The buttons below the card: what people do most at this moment."""

from bot.domain.state import Incident
from bot.domain.terms import Status
from bot.ports import Button
from bot.slack.views import words
from bot.text import t


def offers(incident: Incident) -> tuple[Button, ...]:
    """The next step, the update, and the way to all others."""
    if not incident.status.open:
        return _afterwards(incident)
    following = words.NEXT.get(incident.status)
    step = (
        Button(t("Next: {status}", status=words.STATUS[following]), "status", {"status": following.value})
        if following
        else Button(t("Resolve"), "resolve")
    )
    if incident.paused:
        step = Button(t("Resume"), "resume")
    found = [Button(t("Update"), "update", style="primary"), step]
    if incident.status is Status.TRIAGE:
        found.append(Button(t("Not an incident"), "decline"))
    return (*found, Button(t("More"), "help"))


def _afterwards(incident: Incident) -> tuple[Button, ...]:
    """What can be done with an incident that is over."""
    if incident.archived:
        return ()
    if incident.status is Status.MERGED:
        return (Button(t("Split off again"), "split"),)
    close = incident.status in (Status.RESOLVED, Status.REVIEW)
    first = Button(t("Close"), "close") if close else Button(t("Archive"), "archive")
    return (first, Button(t("Reopen"), "reopen"))
