"""The morning brief: what is open, and what happened since the last one."""

from collections.abc import Sequence

from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros, Status
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views import people
from bot.slack.views.home import headline, how_bad
from bot.slack.views.lines_told import impact
from bot.slack.views.scene import Scene, joined
from bot.text import Room, Span, Text, When, Who, t, tn

MOST = 15
"""Incidents of each sort; the rest is counted."""


def brief(scenes: Sequence[Scene], since: Micros) -> Message | None:
    """None if nothing is open and nothing happened. scenes: incidents that the reader may see."""
    counted = (s for s in scenes if s.incident.kind is Kind.REAL and s.incident.status.counts)
    real = sorted(counted, key=lambda s: s.incident.severity.rank)
    still = [scene for scene in real if scene.incident.status.open]
    over = [scene for scene in real if not scene.incident.status.open and _ended(scene.incident) > since]
    if not (still or over):
        return None
    scene = (still or over)[0]
    count = tn("{n} incident is open", "{n} incidents are open", len(still)) if still else t("No incident is open")
    ended = tn("{n} has ended since {at}", "{n} have ended since {at}", len(over), at=When(since, "full"))
    first = t("Good morning. {count}; {ended}.", count=count, ended=ended)
    shown = [blocks.section(scene.say(first))]
    for one in still[:MOST]:
        summary = one.button(Button(t("Summary"), "summary"))
        shown.append(blocks.section(one.say(headline(one), joined(_open(one))), summary))
    shown += [blocks.section(one.say(headline(one), joined(_over(one.incident)))) for one in over[:MOST]]
    if (left := max(0, len(still) - MOST) + max(0, len(over) - MOST)) > 0:
        shown.append(blocks.context(scene.say(t("… and {n} more.", n=left))))
    return blocks.message(shown, scene.plain(first))


def _open(scene: Scene) -> list[Text]:
    incident = scene.incident
    leads = t("{who} commands", who=Who(incident.commander)) if incident.commander else t("nobody commands")
    return [t("since {at}", at=When(people.since(incident), "full")), leads, *how_bad(scene), *_room(incident)]


def _over(incident: Incident) -> list[Text]:
    """When it began, how long it took, what it did to whom."""
    began = people.since(incident)
    told = incident.told.impact
    harm = [impact(one.function, one.percent, one.start, one.end) for one in (told or ())[:3]]
    if not harm:
        harm = [t("nobody has said what was affected") if told is None else t("nothing was affected")]
    took = t("ended after {took}", took=Span(_ended(incident) - began))
    return [t("since {at}", at=When(began, "full")), took, *harm, *_room(incident)]


def _ended(incident: Incident) -> Micros:
    """When it was open for the last time."""
    at = incident.opened_at
    for status in reversed(incident.statuses):
        if Status(status.value).open:
            break
        at = status.start
    return at


def _room(incident: Incident) -> list[Text]:
    room = Room(incident.channel, incident.name)
    return [t("{room}", room=room)] if incident.channel and not incident.archived else []
