"""Messages to one person: asked to come, called, reminded, given a step. Each says why, and lets the person answer."""

from bot.domain import named
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER, Micros, Milestone
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views import words
from bot.slack.views.doing import undoing
from bot.slack.views.scene import Scene, joined
from bot.text import Room, Strong, Text, When, Who, t

ENDED = t("It is over: you are not asked any more.")


def invite(scene: Scene, why: str, role: str, service: str, caller: str = "") -> Message:
    """`You are on call for orders. SEV1: orders-db down since 02:45. Ana is there. [I have it] [I can't]`."""
    if why == "asked" and role == COMMANDER and scene.incident.silent:
        why = "silent"
    said = _called(scene, caller) if why == "asked" and not role else _why(scene, why, role, service)
    there = [] if why == "silent" else _there(scene.incident)
    return _asked(scene, [said, what(scene), *there], role)


def page(scene: Scene, role: str) -> Message:
    """A call: everything in 160 characters, and two buttons."""
    said = what(scene)
    return _asked(scene, [t("{ref}", ref=Strong(scene.incident.ref)), said, *_there(scene.incident)], role)


def answered(scene: Scene, answer: str, by: str = "") -> Message:
    """What stands where a call stood, once it is answered (take | pass | over: `by` has it)."""
    said = {"take": t("✓ You have it."), "pass": t("You passed it on."), "ended": ENDED}
    return over(scene, said.get(answer) or t("✓ {who} has it.", who=Who(by)))


def offered(scene: Scene, role: str, person: str) -> Message:
    """What stands where a role was offered, once that is over."""
    ended = next(o for o in scene.incident.past_offers if (o.role, o.person) == (role, person))
    name, holder = named.role(role), scene.incident.holder(role)
    now = t("{who} is {role}.", who=Who(holder), role=name) if holder else t("Nobody is {role}.", role=name)
    said = {
        "take": t("✓ You are {role}.", role=name),
        "pass": t("You passed it on."),
        "ended": ENDED,
        "late": t("You did not answer in time. {now}", now=now),
    }
    return over(scene, said.get(ended.answer, now))


def over(scene: Scene, said: Text) -> Message:
    if scene.again:
        said = joined([said, t("(sent again)")], " ")
    what = t("{said} {ref}: {title}", said=said, ref=Strong(scene.incident.ref), title=scene.title)
    room = [t("Open {room}", room=Room(scene.incident.channel, scene.incident.name))] if scene.incident.channel else []
    return blocks.message([blocks.section(scene.say(what, *room))], scene.plain(what))


def nudge(scene: Scene, due: Micros) -> Message:
    """The commander is reminded of the update."""
    said = t("The update of {ref} was due {at}.", ref=Strong(scene.incident.ref), at=When(due))
    return direct(
        scene,
        [said],
        (Button(t("Update"), "update", style="primary"), Button(t("In 10 min"), "snooze", {"update": True})),
    )


def late_update(scene: Scene, due: Micros) -> Message:
    """A manager is told that nobody says how it stands."""
    incident = scene.incident
    late = t("{ref}: the update was due {at} and is not there.", ref=Strong(incident.ref), at=When(due))
    leads = t("{who} commands.", who=Who(incident.commander)) if incident.commander else t("Nobody commands.")
    return direct(scene, [late, what(scene), leads], (Button(t("Summary"), "summary"),))


def stuck(scene: Scene, attempt: str) -> Message:
    """Who leads is called: something is half undone."""
    found = scene.incident.attempt(attempt)
    what = undoing(found.action, found.target) if found else t("an undoing")
    if found is not None and found.state == "unknown":
        said = t(
            "{ref}: nobody knows what became of {what}. Look there, and say it.",
            ref=Strong(scene.incident.ref),
            what=what,
        )
    else:
        said = t(
            "{ref}: {what} failed. Nothing more is undone by itself: you decide.",
            ref=Strong(scene.incident.ref),
            what=what,
        )
    return direct(scene, [said], ())


def assigned(scene: Scene, run: int, step: str, visit: int, why: str) -> Message:
    """A step is given to somebody."""
    plan = scene.step(step)
    first = t("{ref}: this step is yours", ref=Strong(scene.incident.ref))
    if why == "standby":
        first = t("{ref}: this step is yours now, as the standby", ref=Strong(scene.incident.ref))
    here = {"run": run, "step": step, "visit": visit}
    needs = {**here, "needs": True} if plan and plan.evidence else here
    done = [] if plan and (plan.answers or plan.action) else [Button(t("Done"), "done", needs, "primary")]
    return direct(
        scene, [t("{first}.", first=first), _of_step(scene, step)], (*done, Button(t("Help"), "assist", here))
    )


def helping(scene: Scene, run: int, step: str, visit: int, by: str, to: str) -> Message:
    """Somebody (`by`) asks another (`to`) for help with a step, which stays theirs."""
    first = t("{ref}: {who} asks for your help with a step.", ref=Strong(scene.incident.ref), who=Who(by))
    value = {"run": run, "step": step, "visit": visit, "person": to}
    return direct(scene, [first, _of_step(scene, step)], (Button(t("I take it"), "assign", value),))


def _of_step(scene: Scene, step: str) -> Text:
    plan = scene.step(step)
    return t("Step {step} {text}", step=Strong(step), text=plan.question or plan.text if plan else "")


def _asked(scene: Scene, said: list[Text], role: str) -> Message:
    value = {"role": role} if role else {}
    buttons = (Button(t("I have it"), "take", value, "primary"), Button(t("I can't"), "pass", value))
    return direct(scene, said, buttons)


def direct(scene: Scene, said: list[Text], buttons: tuple[Button, ...]) -> Message:
    """A message to one person: what is said, where people talk, buttons."""
    if scene.again:
        said = [*said, t("(sent again)")]
    if scene.drill:
        said = [scene.drill, *said]
    words_ = joined(said, " ")
    incident = scene.incident
    room = t("Open {room}", room=Room(incident.channel, incident.name)) if incident.channel else None
    shown = [words_, room] if room else [words_]
    return blocks.message(
        [blocks.section(scene.say(*shown)), scene.buttons(*buttons) if buttons else None], scene.plain(words_)
    )


def _called(scene: Scene, caller: str) -> Text:
    if is_person(caller):
        return t("{who} calls you.", who=Who(caller))
    if scene.incident.answered:
        return t("You are called: somebody else is needed, too.")
    return t("You are called: nobody has answered yet.")


def _why(scene: Scene, why: str, role: str, service: str) -> Text:
    if scene.incident.storm and service:
        return t("You are on call for {service}, which is part of an alert storm.", service=service)
    if why in ("opened", "incident") and not role:
        return t("You are on call for {service}.", service=service) if service else t("You are called.")
    if why == "silent":
        return t("Nothing is heard of {who}, who commands: will you?", who=Who(scene.incident.commander or "bot"))
    if why == "standby":
        return t("You are the standby: {role} does not answer.", role=named.role(role))
    if why in ("opened", "incident") and role == COMMANDER:
        return t("You are on call for {service}; will you command?", service=service or scene.incident.ref)
    return t("You are asked to be {role}.", role=named.role(role))


def since(incident: Incident) -> Micros:
    """When it began, as far as that is known."""
    began = incident.mark(Milestone.STARTED) or incident.mark(Milestone.FIRST_SIGNAL)
    return began or incident.opened_at


def what(scene: Scene) -> Text:
    incident = scene.incident
    severity = words.severity(incident.severity)
    return t("{severity}: {title} since {at}.", severity=severity, title=scene.title, at=When(since(incident)))


def _there(incident: Incident) -> list[Text]:
    """Who is there already."""
    here = list(incident.people)
    if not here:
        return [t("Nobody is there yet.")]
    if len(here) == 1:
        return [t("{who} is there.", who=Who(here[0]))]
    return [t("{who} are there.", who=words.people(here, 3))]
