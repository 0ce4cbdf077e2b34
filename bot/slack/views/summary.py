"""Where it stands, for who joins late: state, known, tried, decided, who, what comes next."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bot.domain import events as e
from bot.domain import named
from bot.domain.questions import CAUSES
from bot.domain.state import Attempt, Incident
from bot.domain.terms import Micros, Milestone, Status
from bot.ports import Button, Message
from bot.slack.views import people, words
from bot.slack.views.lines_told import SEEN, impact
from bot.slack.views.lists import kept
from bot.slack.views.scene import Scene, clauses, joined
from bot.text import Room, Span, Strong, Text, When, Who, t, tn

STATES: Mapping[str, Text] = {
    "running": t("it runs now"),
    "ok": t("done"),
    "exited": t("it ended; not checked"),
    "failed": t("it failed"),
    "unknown": t("nobody knows what became of it"),
}
P = TypeVar("P", bound=e.Payload)
MOST = 5
"""Of what was tried, and of what was decided, the newest so many."""
EXCERPT = 300
"""Characters of each; all of it stands on the timeline."""


def summary(incident: Incident, events: Sequence[e.Event], now: Micros) -> tuple[Text, ...]:
    """One paragraph each; what nobody has said is said to be unknown."""
    there = kept(events)
    return (
        _state(incident, now),
        t("Known: {known}", known=joined(_known(incident, there), " ")),
        *_list(t("Tried:"), _tried(incident, there), t("Tried: nothing that was recorded.")),
        *_list(t("Decided:"), _decided(there), t("Decided: nothing that was recorded.")),
        t("Who: {who}", who=joined(_who(incident))),
        t("Next: {next}", next=clauses(_next(incident))),
    )


def late(scene: Scene) -> Message:
    """For somebody who has just come into the channel: that there is a summary."""
    incident = scene.incident
    age = Span(scene.now - incident.opened_at)
    first = t("You have joined {ref}, open for {age}: {title}.", ref=Strong(incident.ref), age=age, title=scene.title)
    leads = t("{who} commands.", who=Who(incident.commander)) if incident.commander else t("Nobody commands.")
    return people.direct(scene, [first, leads], (Button(t("Summary"), "summary", style="primary"),))


def _state(incident: Incident, now: Micros) -> Text:
    parts = [
        t("{ref}", ref=Strong(incident.ref)),
        *filter(None, [words.mark(incident)]),
        words.headline(incident),
        *([t("open for {age}", age=Span(now - incident.opened_at))] if incident.status.open else []),
        t("{title}", title=incident.title or incident.service or incident.ref),
    ]
    return joined(parts)


def _known(incident: Incident, events: Sequence[e.Event]) -> list[Text]:
    """What the last update says is broken; alerts, reports, impact, the cause."""
    found = [_last_update(*said[-1])] if (said := _of(events, e.UpdateSent)) else []
    alerts = incident.alerts
    if alerts.total:
        count = tn("{n} alert", "{n} alerts", alerts.total)
        if incident.status is Status.MERGED:
            found.append(t("{count}: they count in {into} now.", count=count, into=named.gone_into(incident)))
        else:
            found.append(t("{count}, {firing} still firing.", count=count, firing=alerts.firing))
    if reports := list(dict.fromkeys(one.by for one in incident.told.seen)):
        found.append(t("Seen by: {who}.", who=joined([SEEN[one] for one in reports], ", ")))
    found.append(_impact(incident))
    found.append(_cause(incident))
    if files := [one for one in incident.evidence if not one.gone]:
        found.append(
            tn(
                "{n} file was shared; it is in `timeline`.",
                "{n} files were shared; they are in `timeline`.",
                len(files),
            )
        )
    return found


def _last_update(event: e.Event, said: e.UpdateSent) -> Text:
    """What is broken and what is being done, as it was told last, and when that was."""
    parts = [t("{words}", words=_short(part)) for part in (said.broken, said.doing) if part] or [t("…")]
    return t("{words} (told {at})", words=joined(parts, " "), at=When(event.occurred_at))


def _cause(incident: Incident) -> Text:
    """Since when it is known, and the causes that were named."""
    known = incident.mark(Milestone.DIAGNOSED)
    since = t("Cause known since {at}.", at=When(known)) if known else t("The cause is not known yet.")
    named = [CAUSES[one.code] for one in incident.told.causes if one.code in CAUSES]
    return t("{since} Named: {causes}.", since=since, causes=joined(named, ", ")) if named else since


def _impact(incident: Incident) -> Text:
    told = incident.told.impact
    if told is None:
        return t("Nobody has said what it means for the business.")
    if not told:
        return t("No impact on the business.")
    said = [impact(one.function, one.percent, one.start, one.end) for one in told]
    return t("Told: {impact}.", impact=joined(said, "; "))


def _tried(incident: Incident, events: Sequence[e.Event]) -> list[Text]:
    """By people, and what Tocsin did that changes something."""
    found: list[tuple[Micros, Text]] = []
    for event, p in _of(events, e.Tried):
        what, came = _short(p.text) or "…", _short(p.result) or t("result not told")
        found.append((event.occurred_at, t("{what} → {came} ({who})", what=what, came=came, who=Who(event.actor))))
    for attempt in incident.attempts:
        if attempt.changes:
            done = t("{action} on {target}", action=attempt.action, target=attempt.target)
            done = done if attempt.target else t("{action}", action=attempt.action)
            by = Who(attempt.approvers[0]) if attempt.overridden else Who("bot")
            found.append((attempt.started_at, t("{what} → {came} ({who})", what=done, came=_became(attempt), who=by)))
    return _newest(found)


def _became(attempt: Attempt) -> Text:
    if attempt.against:
        return t("done and checked, although it ended with {exit}", exit=str(attempt.exit))
    if attempt.verified:
        return t("done and checked")
    return STATES.get(attempt.state, t("{state}", state=attempt.state.replace("_", " ")))


def _decided(events: Sequence[e.Event]) -> list[Text]:
    found = [
        (event.occurred_at, t("{text} ({who})", text=_short(p.text) or "…", who=Who(event.actor)))
        for event, p in _of(events, e.Decided)
    ]
    return _newest(found)


def _newest(found: list[tuple[Micros, Text]]) -> list[Text]:
    ordered = sorted(found, key=lambda one: one[0])
    more = len(ordered) - MOST
    shown = [t("{at} {what}", at=When(at), what=what) for at, what in ordered[-MOST:]]
    return [t("{n} earlier ones are in `timeline`.", n=more), *shown] if more > 0 else shown


def _list(head: Text, entries: list[Text], none: Text) -> tuple[Text, ...]:
    return (joined([head, *entries], "\n• "),) if entries else (none,)


def _who(incident: Incident) -> list[Text]:
    leads = t("{who} commands", who=Who(incident.commander)) if incident.commander else t("nobody commands")
    held = {role: incident.holder(role) for role in incident.roles if role != "commander"}
    roles = [t("{who} {role}", who=Who(who), role=named.role(role)) for role, who in held.items() if who]
    others = [one for one in incident.answered if one not in (incident.commander, *held.values())]
    rest = [t("also there: {who}", who=words.people(others))] if others else []
    where = [t("{room}", room=Room(incident.channel, incident.name))] if incident.channel else []
    return [leads, *roles, *rest, *where]


def _next(incident: Incident) -> list[Text]:
    """The current step, what is waited for, the next update; of what was folded into another one, where it goes on."""
    if incident.status is Status.MERGED:
        return [t("it goes on in {into}", into=named.gone_into(incident))]
    found = []
    walk = incident.walking
    if walk is not None and walk.current is not None and incident.status.open:
        at = walk.current
        who = t("{who}", who=Who(at.person)) if at.person else t("nobody")
        found.append(t("step {step} of {plan} ({who})", step=at.step, plan=walk.name, who=who))
    found += [t("approval of {action}", action=a.action) for a in incident.approvals if a.state == "open"]
    if (pause := incident.paused) is not None:
        found.append(t("paused since {at}", at=When(pause.start)))
    elif incident.next_update_at is not None and incident.status.open:
        found.append(t("update due {at}", at=When(incident.next_update_at)))
    return found or [t("nothing is due")]


def _of(events: Sequence[e.Event], kind: type[P]) -> list[tuple[e.Event, P]]:
    return [(event, event.payload) for event in events if isinstance(event.payload, kind)]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
