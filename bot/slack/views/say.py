"""Messages that are sent once: a line, an update, a refusal; and the context of the plan."""

from bot.domain.events import (
    ActionRefused,
    ApprovalExpired,
    BreakerOpened,
    Event,
    RoleTaken,
    UpdateCorrected,
    UpdateSent,
)
from bot.domain.gate_words import sentence
from bot.domain.named import roles
from bot.domain.saying import as_it_stands
from bot.domain.state import Walk
from bot.domain.terms import COMMANDER
from bot.ports import Button, Json, Message
from bot.slack import blocks
from bot.slack.show import quoted
from bot.slack.views.lines import line
from bot.slack.views.scene import Scene, joined
from bot.slack.views.storm import storm
from bot.slack.views.words import headline
from bot.text import Code, Strong, Text, Typed, When, Who, t

UPDATE = 500
"""Characters of each part of an update where it is shown once more."""


def one_line(scene: Scene, event: Event) -> Message:
    """What happened, in one sentence."""
    said = _roles(scene, event) or _unanswered(scene, event) or line(event, scene.incident)
    opened = event.payload.plan if isinstance(event.payload, BreakerOpened) else ""
    return blocks.message([blocks.section(scene.say(said)), _allow(scene, opened)], scene.plain(said))


def _roles(scene: Scene, event: Event) -> Text | None:
    """Several roles that somebody took at one stroke."""
    if not isinstance(event.payload, RoleTaken):
        return None
    person = event.payload.person
    same = [one.payload for one in scene.events if one.input == event.input and isinstance(one.payload, RoleTaken)]
    held = [one.role for one in same if one.person == person and one.before in ("", person)]
    held.sort(key=lambda one: one != COMMANDER)
    return t("{person} is {role}.", person=Who(person), role=roles(tuple(held))) if len(held) > 1 else None


def _unanswered(scene: Scene, event: Event) -> Text | None:
    """A question whose time is over, and what can be done now: a history needs only the first half."""
    expired = event.payload
    asked = scene.incident.approval(expired.digest) if isinstance(expired, ApprovalExpired) else None
    if asked is None or asked.undoes:
        return None
    told, ask, done = line(event, scene.incident), Typed(f"ask {asked.step}"), Typed(f"done {asked.step}")
    return t("{told} You can: {ask}, or do it by hand and say {done}.", told=told, ask=ask, done=done)


def _allow(scene: Scene, plan: str) -> Json | None:
    """The button with which a person closes the breaker of a plan; none for ""."""
    return scene.buttons(Button(t("Allow it again …"), "automation", {"plan": plan})) if plan else None


def lines(scene: Scene, seqs: list[int]) -> Message:
    """Several lines that could not be sent in their time, with their true times."""
    found = [event for seq in seqs if (event := scene.event(seq)) is not None]
    said = [t("{at} {line}", at=When(e.occurred_at, "secs"), line=line(e, scene.incident)) for e in found]
    intro = t("These {n} come late:", n=len(said))
    return blocks.message([blocks.section(scene.say(intro, *said))], scene.plain(intro))


def update(scene: Scene, event: Event) -> Message:
    """An update for everybody, as it was corrected; the button corrects it."""
    payload = as_it_stands((event, *scene.events), event.seq)
    assert payload is not None
    first = t("Update from {who} · {at}", who=Who(event.actor), at=When(event.occurred_at))
    told = [f"*{scene.say(first)}*"]
    if payload.broken:
        told += [scene.say(t("Broken:")), quoted(payload.broken, scene.show)]
    if payload.broken and payload.doing:
        told.append(scene.say(t("We are doing:")))
    if payload.doing:
        told.append(quoted(payload.doing, scene.show))
    told += [scene.say(one) for one in _next(scene, event)]
    if payload.plain:
        told += [scene.say(t("For people outside:")), quoted(payload.plain, scene.show)]
    if any(isinstance(e.payload, UpdateCorrected) and e.payload.seq == event.seq for e in scene.events):
        told.append(scene.say(t("(corrected)")))
    summary = t("Update from {who}: {doing}", who=Who(event.actor), doing=payload.doing or payload.broken)
    correct = scene.button(Button(t("Correct"), "update", {"correct": event.seq}))
    return blocks.message([blocks.section("\n".join(told), correct)], scene.plain(summary))


def followed(scene: Scene) -> Message:
    """Where it stands, for who follows: the newest update, in plain words if there are any."""
    first = t(
        "{ref} · {head} · {title}", ref=Strong(scene.incident.ref), head=headline(scene.incident), title=scene.title
    )
    told = [scene.say(first), *_newest(scene)]
    stop = scene.buttons(Button(t("Summary"), "summary"), Button(t("Unfollow"), "unfollow"))
    return blocks.message([blocks.section("\n".join(told)), stop], scene.plain(first))


def _newest(scene: Scene) -> list[str]:
    incident = scene.incident
    event, payload = scene.event(incident.update_seq), as_it_stands(scene.events, incident.update_seq)
    if event is None or payload is None:
        leads = t("{who} commands.", who=Who(incident.commander)) if incident.commander else t("Nobody commands.")
        since = t("Open since {at}.", at=When(incident.opened_at, "full"))
        return [scene.say(joined([since, leads, t("There is no update yet.")], " "))]
    told = [scene.say(t("Update from {who} · {at}", who=Who(event.actor), at=When(event.occurred_at)))]
    words = [payload.plain] if payload.plain else [payload.broken, payload.doing]
    told += [quoted(part, scene.show) for part in words if part]
    return told + [scene.say(one) for one in _next(scene, event)]


def _next(scene: Scene, event: Event) -> list[Text]:
    """When the update after the newest is due, as that holds now; [] once it is over, or behind an older one."""
    due = scene.incident.next_update_at if event.seq == scene.incident.update_seq else None
    return [t("Next update {at}", at=When(due))] if due is not None and due > scene.now else []


def last_update(scene: Scene) -> Json | None:
    """What was told to everybody last, for where everybody reads it; None if there is nothing, or its words are not at hand."""
    event = next((event for event in scene.events if isinstance(event.payload, UpdateSent)), None)
    if event is None or not isinstance(event.payload, UpdateSent):
        return None
    lines = [t("Update from {who} · {at}", who=Who(event.actor), at=When(event.occurred_at))]
    said = as_it_stands(scene.events, event.seq) or event.payload
    told = [part for part in (said.broken, said.doing) if part]
    lines += [t("{words}", words=blocks.cut(part, UPDATE)) for part in told]
    return blocks.section(scene.say(*lines, *_next(scene, event)))


def refused(scene: Scene, event: Event) -> Message:
    """Why the bot did not do it, and what people can do."""
    payload = event.payload
    assert isinstance(payload, ActionRefused)
    said = sentence(payload.code, payload.params)
    what = t("{action}, step {step}", action=Code(payload.action), step=payload.step)
    plan = payload.params.get("plan", "") if payload.code == "breaker" else ""
    shown = [blocks.section(scene.say(said)), blocks.context(scene.say(what)), _allow(scene, plan)]
    return blocks.message(shown, scene.plain(said))


def elsewhere(scene: Scene, event: Event) -> Message:
    """One line for people of another channel: which incident, and what."""
    said = t("{ref}: {line}", ref=Strong(scene.incident.ref), line=line(event, scene.incident))
    return blocks.message([blocks.section(scene.say(said))], scene.plain(said))


def context(scene: Scene) -> Message:
    """Which plan was chosen and why; what it says to begin with."""
    if scene.incident.storm:
        return storm(scene)
    walk = scene.incident.walk
    assert walk is not None, "the context is shown once a plan is there"
    title = Strong(walk.name)
    first = t("Plan: {title}. {why}", title=title, why=_why(walk))
    said = [first]
    if scene.plan and scene.plan.summary:
        said.append(t("{summary}", summary=scene.plan.summary))
    small = _about(scene)
    return blocks.message(
        [blocks.section(scene.say(*said)), _symptoms(scene), blocks.context(scene.say(small)) if small else None],
        scene.plain(first),
    )


def _symptoms(scene: Scene) -> Json | None:
    """Incidents that may have the same cause; nothing is ever folded in without somebody who says so."""
    if not scene.symptoms:
        return None
    which = joined([Strong(f"INC-{number}") for number in scene.symptoms], ", ")
    said = t("Open, and depending on {service}: {which}.", service=scene.incident.service, which=which)
    fold = Button(t("Fold them in"), "merge", {"others": list(scene.symptoms)})
    return blocks.section(scene.say(said), scene.button(fold))


def _why(walk: Walk) -> Text:
    if walk.why == "matched":
        return t("Chosen because it fits this alert ({n} of its conditions hold).", n=walk.matchers)
    if walk.why == "default":
        return t("No plan fits this incident; this one always does.")
    if walk.why == "tied":
        return t("Several plans fit equally well; `plan` shows them. Until somebody chooses, this one.")
    return t("Somebody asked for it.")


def _about(scene: Scene) -> Text | None:
    plan = scene.plan
    if plan is None:
        return None
    parts = [t("owner {owner}", owner=Code(plan.owner))] if plan.owner else []
    if plan.reviewed:
        parts.append(t("reviewed {day}", day=plan.reviewed))
    parts.append(t("text {sha}", sha=Code(plan.sha[:12])))
    return joined(parts)


def head(scene: Scene, seq: int, hash_: str) -> Message:
    """What the record ends with at this moment: whoever kept this message sees whether it was rewritten."""
    said = t("The record of {ref} up to event {n}: {hash}", ref=scene.incident.ref, n=seq, hash=Code(hash_))
    return blocks.message([blocks.context(scene.say(said))], scene.plain(said))


def marked(scene: Scene, message: Message) -> Message:
    """A message of something that is not real begins with what it is."""
    if scene.drill is None:
        return message
    mark = scene.say(scene.drill)
    first = next((str(block.get("text", {}).get("text", "")) for block in message.blocks if "text" in block), "")
    shown = message.blocks if first.startswith(mark) else (blocks.context(f"*{mark}*"), *message.blocks)
    text = message.text if message.text.startswith(mark) else f"{mark} · {message.text}"
    return Message(text, shown)
