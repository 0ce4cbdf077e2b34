"""The live card, the announcement that mirrors it, and the channel's topic."""

from itertools import takewhile

from bot.domain import named
from bot.domain.state import Incident, Walk
from bot.domain.terms import COMMANDER, Status
from bot.ports import Button, Json, Message
from bot.slack import blocks
from bot.slack.views import calls, say, walks, words
from bot.slack.views.healing import not_healed
from bot.slack.views.offers import offers
from bot.slack.views.scene import Scene, joined
from bot.text import Code, Link, PlainShow, Room, Span, Strong, Text, When, Who, render, t, tn

TOPIC = 250


def card(scene: Scene) -> Message:
    """The incident at a glance: how bad, where it stands, who does what, what comes next."""
    incident = scene.incident
    lines = [
        text
        for text in (
            calls.uncalled(scene),
            calls.unanswered(scene),
            _halted(incident),
            _plan(scene),
            walks.earlier(incident),
            *not_healed(incident),
            _waiting(incident),
            _due(scene),
            _bridge(scene),
        )
        if text
    ]
    return blocks.message(
        [
            blocks.header(_headline(scene)),
            blocks.section(scene.say(_what(scene))),
            _people(scene),
            blocks.section(scene.say(*lines)) if lines else None,
            scene.buttons(*offers(incident)) if offers(incident) else None,
            blocks.context(scene.say(_as_of(scene))),
        ],
        scene.plain(_headline(scene), t("{title}", title=scene.title)),
    )


def announcement(scene: Scene) -> Message:
    """The same for everybody: what, how bad, where, who commands."""
    incident = scene.incident
    first = t("{ref} · {head} · {title}", ref=Strong(incident.ref), head=words.headline(incident), title=scene.title)
    second = [_leads(incident)] if incident.status.open else [_ended(scene)]
    if incident.channel:
        second.append(t("{room}", room=Room(incident.channel, incident.name)))
    said = joined([scene.drill, first]) if scene.drill else first
    silent = calls.unanswered(scene)
    offered = Button(t("I have it"), "take") if silent and not incident.answered else Button(t("Follow"), "follow")
    button = scene.button(offered) if incident.status.open else None
    return blocks.message(
        [
            blocks.section(scene.say(said, joined(second), *([silent] if silent else [])), button),
            say.last_update(scene) if incident.status.open else None,
            scene.buttons(Button(t("I see it too"), "seen", {"too": True})) if incident.status.open else None,
        ],
        scene.plain(said),
    )


_HARMLESS = str.maketrans("<>", "‹›")
"""Slack says each new topic in the channel, and reads it as its own markup there."""


def topic(scene: Scene) -> str:
    """The channel's topic: one line of plain text, in which nothing foreign mentions or links."""
    incident = scene.incident
    parts = [t("{ref}", ref=incident.ref), words.headline(incident), t("{title}", title=scene.title)]
    if incident.status.open:
        parts.insert(2, _commander(incident))
    if scene.drill:
        parts.insert(0, scene.drill)
    text = render(joined(parts), PlainShow(scene.names)).translate(_HARMLESS)
    return text if len(text) <= TOPIC else text[: TOPIC - 1] + "…"


def _headline(scene: Scene) -> Text:
    incident = scene.incident
    age = t("{age}", age=Span(scene.now - incident.opened_at))
    parts = [words.headline(incident), age if incident.status.open else _ended(scene)]
    if scene.drill:
        parts.insert(0, scene.drill)
    return joined(parts)


def _what(scene: Scene) -> Text:
    incident = scene.incident
    told = [t("{title}.", title=scene.title), _alerts(incident)]
    if not incident.severity_given:
        told.append(t("Severity not given: taken as {severity}.", severity=words.severity(incident.severity)))
    return joined(told, " ")


def _alerts(incident: Incident) -> Text:
    alerts = incident.alerts
    if not alerts.total:
        return t("Declared by {who}.", who=Who(incident.opened_by)) if incident.opened_by else t("No alert.")
    count = tn("{n} alert", "{n} alerts", alerts.total)
    if len(alerts.services) > 1:
        count = t("{count} ({n} services)", count=count, n=len(alerts.services))
    if incident.status is Status.MERGED:
        return t("{count}: they count in {into} now.", count=count, into=named.gone_into(incident))
    if not alerts.firing and alerts.clear_since is not None:
        return t("{count}, all clear since {at}.", count=count, at=When(alerts.clear_since, "secs"))
    if alerts.firing < alerts.total:
        count = t("{count}, {firing} still firing", count=count, firing=alerts.firing)
    return t("{count}, last {at}.", count=count, at=When(alerts.last_at or incident.opened_at, "secs"))


def _commander(incident: Incident) -> Text:
    if incident.commander:
        return t("{who} commands", who=Who(incident.commander))
    offer = next((offer for offer in incident.offers if offer.role == COMMANDER), None)
    return t("{who} is asked to command", who=Who(offer.person)) if offer else t("nobody commands")


def _leads(incident: Incident) -> Text:
    if incident.commander and calls.instead(incident):
        return t("{who} commands, but does not answer", who=Who(incident.commander))
    return _commander(incident)


def _role(incident: Incident, role: str) -> Text:
    if role == COMMANDER:
        return _leads(incident)
    if holder := incident.holder(role):
        return t("{who} {role}", who=Who(holder), role=named.role(role))
    offer = next((offer for offer in incident.offers if offer.role == role), None)
    if offer:
        return t("{role}: {who} is asked", role=named.role(role), who=Who(offer.person))
    return t("{role}: nobody", role=named.role(role))


def _people(scene: Scene) -> Json:
    """Who commands, and the button that takes what nobody has, in one paragraph."""
    incident = scene.incident
    required = scene.organisation.grade(incident.severity).roles if incident.status.open else ()
    named = list(dict.fromkeys([COMMANDER, *required, *incident.roles]))
    free = next((role for role in named if not incident.holder(role) and role in (COMMANDER, *required)), None)
    held = [role for role in named if incident.holder(role) and role != COMMANDER]
    roles = [COMMANDER, *held, *(role for role in required if role not in (COMMANDER, *held))]
    take = Button(t("Take it"), "take", {"role": free}) if free and incident.status.open else None
    line = joined([_role(incident, role) for role in roles])
    return blocks.section(scene.say(line), scene.button(take) if take else None)


def _plan(scene: Scene) -> Text | None:
    walk = scene.incident.walk
    if walk is None:
        return None
    title = walk.name
    if walk.ended_at is not None:
        return t("Plan: {title}, {outcome}", title=title, outcome=walks.outcome(walk))
    where = _where(scene, walk) if scene.incident.status.open else None
    said = t("Plan: {title}, {where}", title=title, where=where) if where else t("Plan: {title}", title=title)
    return t("{said} (there is a newer text of it)", said=said) if walk.newer else said


def _where(scene: Scene, walk: Walk) -> Text | None:
    visit = walk.current
    if visit is None:
        return None
    total = sum(len(phase.steps) for phase in scene.plan.phases) if scene.plan else 0
    step = t("step {step} of {total}", step=visit.step, total=total) if total else t("step {step}", step=visit.step)
    who = t("{who}", who=Who(visit.person)) if visit.person else t("nobody")
    if visit.due_at is None or scene.incident.paused:
        return t("{step} — {who}", step=step, who=who)
    due = t("late since {at}", at=When(visit.due_at)) if visit.overdue else t("by {at}", at=When(visit.due_at))
    return t("{step} — {who}, {due}", step=step, who=who, due=due)


def _waiting(incident: Incident) -> Text | None:
    asked = [a for a in incident.approvals if a.state == "open"]
    unknown = [a for a in incident.attempts if a.state == "unknown" and not a.settled_by]
    waits = [t("approval of {action} (code {code})", action=Code(a.action), code=Code(a.code)) for a in asked]
    waits += [t("what became of {action}", action=Code(a.action)) for a in unknown]
    return t("Waiting for: {what}", what=joined(waits, ", ")) if waits else None


def _halted(incident: Incident) -> Text | None:
    """It waits for somebody else, is kept open, or goes on elsewhere."""
    if incident.merged_into:
        hidden, ref = t("an incident that is not public"), Strong(f"INC-{incident.merged_into}")
        return t("It goes on in {ref}.", ref=hidden if incident.merged_hidden else ref)
    if (pause := incident.paused) is not None:
        return t("Paused since {at} by {who}: nobody is reminded or late.", at=When(pause.start), who=Who(pause.by))
    if incident.watched_until is not None:
        until = When(incident.watched_until, "full")
        return t("{who} keeps it open until {at}.", who=Who(incident.watched_by), at=until)
    return None


def _due(scene: Scene) -> Text | None:
    incident = scene.incident
    if incident.next_update_at is None or incident.paused or not incident.status.open:
        return None
    at = When(incident.next_update_at)
    return t("Update late since {at}", at=at) if scene.now > incident.next_update_at else t("Update due {at}", at=at)


def _bridge(scene: Scene) -> Text | None:
    url = scene.organisation.bridge
    label = render(t("Bridge"), PlainShow())
    return t("{link}", link=Link(url, label)) if url and scene.incident.status.open else None


def _ended(scene: Scene) -> Text:
    over = takewhile(lambda status: not Status(status.value).open, reversed(scene.incident.statuses))
    ended = min((status.start for status in over), default=scene.now)
    return t("after {age}", age=Span(ended - scene.incident.opened_at))


def _as_of(scene: Scene) -> Text:
    incident = scene.incident
    return t("{ref} · opened {at} · as of {now}", ref=incident.ref, at=When(incident.opened_at), now=When(scene.now))
