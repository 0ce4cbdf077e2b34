"""The Home tab of one person: what waits for them, what is open, what ended lately."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain import named
from bot.domain.mine import Waiting, waiting
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER, Micros, Severity
from bot.domain.told import Followup
from bot.ports import Button, Json
from bot.slack import blocks
from bot.slack.show import Mrkdwn
from bot.slack.views import words
from bot.slack.views.lines_told import impact
from bot.slack.views.scene import Scene, joined
from bot.slack.views.step import forward
from bot.text import Code, Room, Strong, Text, Typed, When, Who, render, t, tn

MOST_WAITING, MOST_TODO, MOST_OPEN, MOST_ENDED = 15, 5, 15, 5
"""So many of each; the rest is counted. All of them with their buttons are fewer blocks than Slack takes."""


@dataclass(frozen=True, slots=True)
class Todo:
    """A follow-up of theirs. text: "" where it was redacted; incident: `INC-42`."""

    one: Followup
    text: str
    incident: str


@dataclass(frozen=True)
class Look:
    """What a Home tab is drawn from: scenes of open incidents that the person may see, newest first, and incidents that ended.

    detailed: how bad each one is, for who reads and does not respond; follows: what they follow wherever it happens; todo: their
    follow-ups, the first due first, of which the first MOST_TODO are shown.
    """

    person: str
    now: Micros
    scenes: Sequence[Scene]
    ended: Sequence[Incident]
    show: Mrkdwn
    detailed: bool = False
    follows: Sequence[str] = ()
    todo: Sequence[Todo] = ()

    def say(self, *texts: Text) -> str:
        return "\n".join(render(text, self.show) for text in texts)


def home(look: Look) -> Json:
    """The view. Its last block is the only one that changes by itself: when it was drawn."""
    look = replace(look, scenes=sorted(look.scenes, key=lambda scene: scene.incident.severity.rank))
    made = [_top(look), *_waits(look), *_todo(look), *_open(look), *_ended(look), *_foot(look)]
    return {"type": "home", "blocks": made}


def mark(view: Json) -> str:
    """The same for two views that say the same, whenever they were drawn."""
    said = json.dumps(view["blocks"][:-1], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _top(look: Look) -> Json:
    """How much is open, and how bad; and the way to open one."""
    real = [scene.incident for scene in look.scenes if scene.drill is None]
    if not real:
        said = t("No incident is open.")
    else:
        count = tn("{n} incident is open", "{n} incidents are open", len(real))
        found = [(s, sum(incident.severity is s for incident in real)) for s in Severity]
        each = [t("{n} {severity}", n=n, severity=words.severity(s)) for s, n in found if n]
        said = t("{count}: {each}.", count=count, each=joined(each, ", "))
    return blocks.section(look.say(said), blocks.button(Button(t("Declare an incident"), "declare"), None))


def _waits(look: Look) -> Iterator[Json]:
    yield blocks.header(t("What waits for you"))
    all_of_it = [(scene, one) for scene in look.scenes for one in waiting(scene.incident, look.person, look.now)]
    found = sorted(all_of_it, key=lambda each: each[1].order)
    if not found and not look.todo:
        yield blocks.section(look.say(t("Nothing.")))
    for scene, one in found[:MOST_WAITING]:
        yield from _waiting(scene, one)
    if len(found) > MOST_WAITING:
        yield blocks.context(look.say(t("… and {n} more.", n=len(found) - MOST_WAITING)))


def _todo(look: Look) -> Iterator[Json]:
    """What is to be done when it is calm, one line each."""
    if not look.todo:
        return
    lines = [_followup(look, one) for one in look.todo[:MOST_TODO]]
    if len(look.todo) > MOST_TODO:
        lines.append(t("… and {n} more.", n=len(look.todo) - MOST_TODO))
    yield blocks.section(look.say(t("*Your follow-ups*"), *lines))


def _followup(look: Look, todo: Todo) -> Text:
    said = t("{ref} {text}", ref=Strong(todo.one.ref or todo.incident), text=blocks.cut(todo.text, 200) or "…")
    today = datetime.fromtimestamp(look.now / 1_000_000, UTC).date().isoformat()
    due = t("no day yet")
    if todo.one.due:
        late = todo.one.due < today
        due = t("was due {day}", day=todo.one.due) if late else t("due {day}", day=todo.one.due)
    return joined([said, due, *([t("{ref}", ref=todo.incident)] if todo.one.ref else [])])


def _waiting(scene: Scene, one: Waiting) -> Iterator[Json]:
    what = t("{ref}: {what}", ref=Strong(scene.incident.ref), what=_what(scene, one))
    said = scene.say(marked(scene.incident, what))
    offered = _offered(scene, one)
    yield blocks.section(said, scene.button(offered[0]) if len(offered) == 1 else None)
    if len(offered) > 1:
        yield scene.buttons(*offered)


def _what(scene: Scene, one: Waiting) -> Text:
    """What it is, until when, and where its details are."""
    parts = [_named(scene, one)]
    if one.due_at is not None:
        late = one.due_at <= scene.now
        parts.append(t("late since {at}", at=When(one.due_at)) if late else t("by {at}", at=When(one.due_at)))
    if scene.incident.channel:
        parts.append(t("{room}", room=Room(scene.incident.channel, scene.incident.name)))
    return joined(parts)


def _named(scene: Scene, one: Waiting) -> Text:
    if one.visited is not None:
        plan = scene.step(one.visited.step)
        text = (plan.question or plan.text) if plan else ""
        step = t("step {step} {text}", step=Strong(one.visited.step), text=blocks.cut(text, 200))
        confirmed = t("{step} — done by {who}, to be confirmed", step=step, who=Who(one.visited.done_by or "bot"))
        return confirmed if one.what == "confirm" else step
    said = {
        "call": t("you are called: {title}", title=scene.title),
        "role": t("you are asked to be {role}", role=named.role(one.role)),
        "approval": t("approval of {action} (code {code})", action=Code(one.action), code=Code(one.code)),
        "unknown": t("what became of {action}", action=Code(one.action)),
        "update": t("the update"),
    }
    return said[one.what]


def _offered(scene: Scene, one: Waiting) -> list[Button]:
    """What can be done here. Nobody approves, or says what became of something, without reading what it is: in the channel."""
    if one.visited is not None:
        here = {"run": one.run, "step": one.visited.step, "visit": one.visited.visit}
        if one.what == "confirm":
            return [Button(t("Confirm"), "confirm", here, "primary")]
        return forward(here, scene.step(one.visited.step))
    if one.what in ("call", "role"):
        value = {"role": one.role} if one.role else {}
        return [Button(t("I have it"), "take", value, "primary"), Button(t("I can't"), "pass", value)]
    return [Button(t("Update"), "update", style="primary")] if one.what == "update" else []


def _open(look: Look) -> Iterator[Json]:
    if not look.scenes:
        return
    yield blocks.header(t("Open incidents"))
    for scene in look.scenes[:MOST_OPEN]:
        lines = [headline(scene), joined(_who(scene, look.person))]
        if look.detailed:
            lines.append(joined(list(how_bad(scene))))
        yield blocks.section(scene.say(*lines), scene.button(Button(t("Summary"), "summary")))
    if len(look.scenes) > MOST_OPEN:
        yield blocks.context(look.say(t("… and {n} more.", n=len(look.scenes) - MOST_OPEN)))


def headline(scene: Scene) -> Text:
    incident = scene.incident
    head = t("{ref} · {head} · {title}", ref=Strong(incident.ref), head=words.headline(incident), title=scene.title)
    return marked(incident, head)


def marked(incident: Incident, said: Text) -> Text:
    """With DRILL before it, where it is not real."""
    mark = words.mark(incident)
    return joined([mark, said]) if mark else said


def _who(scene: Scene, person: str) -> list[Text]:
    incident = scene.incident
    roles = sorted(incident.roles_of(person), key=lambda role: role != COMMANDER)
    leads = t("{who} commands", who=Who(incident.commander)) if incident.commander else t("nobody commands")
    parts = [t("since {at}", at=When(incident.opened_at, "full")), leads]
    if roles:
        parts.append(t("you are {roles}", roles=named.roles(tuple(roles))))
    if incident.channel:
        parts.append(t("{room}", room=Room(incident.channel, incident.name)))
    return parts


def how_bad(scene: Scene) -> Iterator[Text]:
    """What is known of the harm, whether somebody is at it, and what was promised."""
    incident = scene.incident
    told = incident.told.impact
    if told == ():
        yield t("nothing is affected")
    elif told is None:
        yield t("nobody has said what is affected")
    for one in (told or ())[:3]:
        yield impact(one.function, one.percent, one.start, one.end)
    if not incident.answered:
        yield t("nobody has answered yet")
    if incident.updates:
        yield t("last update {at}", at=When(incident.updates[-1]))
    due = incident.next_update_at
    if due is not None and not incident.paused:
        yield t("the next was due {at}", at=When(due)) if due <= scene.now else t("the next {at}", at=When(due))


def _ended(look: Look) -> Iterator[Json]:
    if not look.ended:
        return
    yield blocks.header(t("Ended lately"))
    for incident in look.ended[:MOST_ENDED]:
        title = Strong(incident.title.strip().rstrip(".") or incident.service or incident.ref)
        said = t("{ref} · {head} · {title}", ref=Strong(incident.ref), head=words.headline(incident), title=title)
        at = t("{at}", at=When(incident.statuses[-1].start, "full"))
        where = t("{room}", room=Room(incident.channel, incident.name))
        room = [where] if incident.channel and not incident.archived else []
        yield blocks.context(look.say(marked(incident, joined([said, at, *room]))))


def _foot(look: Look) -> Iterator[Json]:
    if look.follows:
        what = joined([Code(one) for one in look.follows], ", ")
        yield blocks.context(look.say(t("You follow {what}. To stop: {line}", what=what, line=_stop(look.follows[0]))))
    yield blocks.context(look.say(t("as of {at}", at=When(look.now))))


def _stop(what: str) -> Typed:
    return Typed(f"unfollow {what}")
