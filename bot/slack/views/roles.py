"""Messages to one person about roles: handed over, handed back, what a role asks of them, what is free where one is alone."""

from collections.abc import Mapping

from bot.domain import named
from bot.domain.events import Noted, UpdateSent
from bot.domain.people import alone, to_take
from bot.domain.roles import HAND_OVER_WAITS
from bot.domain.silence import ANSWERS
from bot.domain.terms import COMMANDER, Micros
from bot.ports import Button, Message
from bot.slack.views import words
from bot.slack.views.people import direct, over, what
from bot.slack.views.scene import Scene, joined
from bot.text import Span, Strong, Text, Typed, When, Who, t

SAID, MOST_ROLES = 300, 4
"""Characters of what was said last, and roles that are offered at once."""

DUTIES: Mapping[str, Text] = {
    COMMANDER: t(
        "You decide, and see to it that one thing happens at a time: who does what, and when the next update goes out."
        " You need not repair anything yourself."
    ),
    "deputy": t("Know what the commander knows, do what the commander gives you, and take over when asked."),
    "scribe": t("Write down what is seen, tried and decided: `note …`, or a 📌 on a message."),
    "operations": t("Find it and repair it with your people. Say what you are about to do before you do it."),
    "communications": t(
        "Tell people what is broken and for whom, what we do, and when they hear again: `update …`. Keep that promise."
    ),
    "business liaison": t("Tell the commander what the business can bear, and the business what it can expect."),
    "regulator reporter": t("See which notices are due and when, send them, and note when each was sent."),
    "vendor liaison": t("Keep the vendor on the line: note the case number, who is on it, and when they report next."),
}
"""Role → what it asks of somebody, where tocsin.yaml does not say it in its own words."""


def handover(scene: Scene, role: str) -> Message:
    """`Ana hands command to you. … Until you accept, Ana commands.`"""
    incident = scene.incident
    before, command = Who(incident.holder(role) or "bot"), role == COMMANDER
    first = t("{who} hands command to you.", who=before)
    other = t("{who} hands {role} to you.", who=before, role=named.role(role))
    state = t("{head}: {title}", head=words.headline(incident), title=scene.title)
    last = t("Until you accept, {who} commands.", who=before)
    still = t("Until you accept, {who} is {role}.", who=before, role=named.role(role))
    said = [
        first if command else other,
        t("{state}.", state=joined([state, *_brief(scene)])),
        last if command else still,
    ]
    label = t("I command") if command else t("I have it")
    buttons = (Button(label, "take", {"role": role}, "primary"), Button(t("Not now"), "pass", {"role": role}))
    return direct(scene, said, buttons)


def _brief(scene: Scene) -> list[Text]:
    """What was said last, what waits for people, what comes next."""
    incident = scene.incident
    told: list[Text] = []
    if (update := scene.last(UpdateSent)) is not None:
        told.append(t("last update: {words}", words=_short(update.doing or update.broken)))
    if (note := scene.last(Noted)) is not None:
        told.append(t("noted: {words}", words=_short(note.text)))
    waits = [
        t(
            "approval of {action} ({left} left)",
            action=Strong(a.action),
            left=Span(max(0, a.expires_at - incident.counted(scene.now))),
        )
        for a in incident.approvals
        if a.state == "open"
    ]
    if incident.next_update_at is not None:
        waits.append(t("update {at}", at=When(incident.next_update_at)))
    if waits:
        told.append(t("waiting for: {what}", what=joined(waits, ", ")))
    current = incident.walk.current if incident.walk else None
    if current is not None:
        step = scene.step(current.step)
        text = _short((step.question or step.text).rstrip(".")) if step else ""
        told.append(t("next: {step} {text}", step=Strong(current.step), text=text))
    return told


def _short(said: str) -> str:
    one_line = " ".join(said.split()) or "…"
    return one_line if len(one_line) <= SAID else one_line[: SAID - 1] + "…"


def handback(scene: Scene, role: str, asked: str) -> Message:
    """`Ben did not answer in 3 min, so you still command.`"""
    ended = next((o for o in scene.incident.past_offers if (o.role, o.person) == (role, asked)), None)
    late = ended is not None and ended.answer == "late"
    who, ref = Who(asked), Strong(scene.incident.ref)
    said = t("{ref}: {who} cannot take it now.", ref=ref, who=who)
    if late:
        said = t("{ref}: {who} did not answer in {time}.", ref=ref, who=who, time=Span(HAND_OVER_WAITS))
    still = t("You still command.") if role == COMMANDER else t("You are still {role}.", role=named.role(role))
    return direct(scene, [said, still], (_hand_over(role),))


def silent(scene: Scene, since: Micros, then: str) -> Message:
    """The commander is asked whether they are there. then: as in CommanderSilent."""
    said = t("{ref}: nothing was heard of you since {at}.", ref=Strong(scene.incident.ref), at=When(since))
    time, asks = Span(ANSWERS), t("Are you there? I know nobody else to call: if you cannot go on, call somebody.")
    if then == "offer":
        asks = t("Are you there? If not, I offer command to somebody else in {time}.", time=time)
    elif then == "call":
        asks = t("Are you there? If not, I call who else is on call in {time}.", time=time)
    here = Button(t("I am here"), "take", {"role": COMMANDER}, "primary")
    return direct(scene, [said, asks], (here, _hand_over(COMMANDER)))


def duties(scene: Scene, role: str) -> Message:
    """What a role asks of somebody who has just taken it; a role that only the plan knows: its steps."""
    incident = scene.incident
    first = t("{ref}: you are {role}.", ref=Strong(incident.ref), role=named.role(role))
    update = (Button(t("Update"), "update", style="primary"),) if role in (COMMANDER, "communications") else ()
    return direct(scene, [first, *_asks(scene, role)], (*update, _hand_over(role)))


def _asks(scene: Scene, role: str) -> list[Text]:
    own = scene.organisation.duties.get(role)
    told = [t("{words}", words=own)] if own else [DUTIES[role]] if role in DUTIES else []
    steps = [s.number for phase in (scene.plan.phases if scene.plan else ()) for s in phase.steps if s.role == role]
    if steps and role != COMMANDER:
        told.append(t("Your steps of the plan: {steps}.", steps=", ".join(steps)))
    return told


def _hand_over(role: str) -> Button:
    return Button(t("Hand over"), "handoff", {"role": role})


def joining(scene: Scene, person: str) -> Message | None:
    """`Ana is alone. Take: [Database lead] [Scribe] [Just watching]`; once that is over, what became of it."""
    incident = scene.incident
    mine = incident.roles_of(person)
    if mine:
        return over(scene, t("✓ You are {roles}.", roles=named.roles(mine)))
    if person in incident.watching:
        return over(scene, t("You are watching. To help, say {line}.", line=Typed("take scribe")))
    planned = tuple(role.name for role in scene.plan.roles) if scene.plan else ()
    free = to_take(incident, person, planned)
    if not free:
        return over(scene, t("Nothing is free to take now.")) if incident.status.open else None
    others = [one for one in incident.answered if one != person]
    said = [what(scene), t("{who} is alone. What do you take?", who=Who(alone(incident) or others[0]))]
    take = [Button(words.title(role), "take", {"role": role}) for role in free[:MOST_ROLES]]
    return direct(scene, said, (*take, Button(t("Just watching"), "join", {"watch": True})))
