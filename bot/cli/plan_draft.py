"""A plan from what was done in an incident, for an author to read, cut and mend: `tocsin plan draft INC-42`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain import events as e
from bot.domain.alert import Alert
from bot.domain.naming import channel_name
from bot.domain.plan import Answer, Phase, Plan, PlanRole, Settings, Step
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER, MINUTE, Micros, Milestone
from runbooks import letters
from runbooks.canonical import printed
from runbooks.problem import Report

LONGEST = 200
PHASES = (("Look", Milestone.DIAGNOSED), ("Mend", Milestone.MITIGATED), ("Make sure", None))
"""Phases of the draft, each with the milestone that ends it."""
_MARKUP = re.compile(r"[*_`\[\]<>#|\\]")


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done. at: when; settings: of the plan that it is from; raw: words of people, as written."""

    at: Micros
    step: Step
    settings: Settings = field(default_factory=Settings)
    raw: str = ""


def drafted(
    incident: Incident,
    events: Sequence[e.Event],
    plans: Mapping[str, Plan],
    alerts: Sequence[Alert],
    owner: str,
) -> tuple[str, tuple[str, ...]]:
    """The page, and what was left out because a plan cannot hold it. plans: those that were walked, by sha."""
    found = sorted(_done(incident, events, plans), key=lambda done: done.at)
    kept = [done for done in _once(found) if _fits(done)]
    left = tuple(done.step.text for done in found if not _fits(done))
    plan = _plan(incident, kept, plans, alerts, owner)
    return printed(plan), left


def _once(found: Sequence[Done]) -> list[Done]:
    """A step that came round again stands where it was done last, and only the first plan that acted acts."""
    last = {(done.step.number, done.step.text): done for done in found}
    kept = [done for done in found if last[done.step.number, done.step.text] is done]
    rights = next((done.settings for done in kept if done.step.action), None)
    return [d if d.settings is rights else replace(d, step=replace(d.step, action=None)) for d in kept]


def _plan(
    incident: Incident, found: Sequence[Done], plans: Mapping[str, Plan], alerts: Sequence[Alert], owner: str
) -> Plan:
    walked = [plans[walk.sha] for walk in incident.walks if walk.sha in plans]
    roles = {role.name: role for plan in walked for role in plan.roles}
    day = datetime.fromtimestamp(incident.opened_at / 1_000_000, UTC).strftime("%Y-%m-%d")
    return Plan(
        id=_id(incident),
        title=_plain(incident.title) or incident.ref,
        summary=f"A draft of what was done in {incident.ref} on {day}, in its order. Leave out what did not help, "
        "and say where people decide.",
        owner=owner,
        phases=tuple(_phases(incident, found, roles)),
        sha="",
        match=_matchers(alerts),
        severity=(incident.severity,),
        reviewed=day,
        takes=_takes(incident),
        roles=tuple(roles.values()),
        settings=_settings(found),
    )


def _id(incident: Incident) -> str:
    """`orders-cannot-be-placed-42`."""
    words = channel_name(0, _plain(incident.title) or incident.service).removeprefix("inc-0").strip("-")
    return f"{words or 'incident'}-{incident.number}"


def _takes(incident: Incident) -> Micros | None:
    """From its opening until it was mitigated, in whole five minutes."""
    end = incident.mark(Milestone.MITIGATED) or incident.mark(Milestone.RESOLVED)
    if end is None or end <= incident.opened_at:
        return None
    return max(1, -(-(end - incident.opened_at) // (5 * MINUTE))) * 5 * MINUTE


def _matchers(alerts: Sequence[Alert]) -> tuple[str, ...]:
    """What all alerts of the incident have in common, as far as it says what is wrong."""
    shared = [name for name in ("alertname", "service", "env") if alerts and alerts[0].labels.get(name)]
    values = {name: {alert.labels.get(name, "") for alert in alerts} for name in shared}
    return tuple(f'{name}="{_quoted(min(found))}"' for name, found in values.items() if len(found) == 1)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _settings(found: Sequence[Done]) -> Settings:
    """Those of the plan whose actions ran; parameters that no action of the draft uses are left out."""
    acting = [done for done in found if done.step.action]
    if not acting:
        return Settings()
    said = acting[0].settings
    words = " ".join(str(done.step.action) for done in acting) + (said.limits.lock_key if said.limits else "")
    params = {name: param for name, param in said.params.items() if f"${{{name}}}" in words}
    return replace(said, params=params, after_failure="")


def _phases(incident: Incident, found: Sequence[Done], roles: Mapping[str, PlanRole]) -> Iterator[Phase]:
    grouped: dict[int, list[Step]] = {}
    for done in found:
        grouped.setdefault(_phase_of(incident, done.at), []).append(done.step)
    for number, place in enumerate(sorted(grouped), 1):
        title, mark = PHASES[place]
        steps = [_ready(step, f"{number}.{n}", roles) for n, step in enumerate(grouped[place], 1)]
        if mark and incident.mark(mark) and not any(step.marks for step in steps):
            steps[-1] = replace(steps[-1], marks=mark.value)
        yield Phase(anchor(title), title, tuple(steps), 1, lead=COMMANDER)
    if not found:
        yield Phase("look", "Look", (Step("1.1", "Say what you see.", 1, evidence=True),), 1, lead=COMMANDER)


def _phase_of(incident: Incident, at: Micros) -> int:
    """Until the cause was known, until it was mitigated, after that."""
    known, mitigated = incident.mark(Milestone.DIAGNOSED), incident.mark(Milestone.MITIGATED)
    if mitigated is not None and at > mitigated:
        return 2
    return 1 if known is not None and at > known else 0


def _ready(step: Step, number: str, roles: Mapping[str, PlanRole]) -> Step:
    role = step.role if step.role in roles or step.role == COMMANDER else ""
    confirmed = step.confirmed_by if step.confirmed_by in roles or step.confirmed_by == COMMANDER else ""
    if (role or COMMANDER) == confirmed:
        confirmed = ""
    return replace(
        step, number=number, role=role, confirmed_by=confirmed, confirm_always=step.confirm_always and bool(confirmed)
    )


def _done(incident: Incident, events: Sequence[e.Event], plans: Mapping[str, Plan]) -> Iterator[Done]:
    """What people and the bot did: steps that were ticked or decided, updates, and what was written down."""
    shas = {walk.run: walk.sha for walk in incident.walks}
    for event in events:
        match event.payload:
            case e.StepDone(run=run, step=step) | e.StepAnswered(run=run, step=step) if shas.get(run) in plans:
                plan = plans[shas[run]]
                yield Done(event.occurred_at, _as_done(plan.step(step), plan, event.payload), plan.settings)
            case e.Noted(text=text) | e.Pinned(text=text) if _plain(text):
                yield Done(event.occurred_at, Step("", _plain(text), 1), raw=text)
            case e.UpdateSent() as sent if is_person(event.actor):
                words = "\n".join(line for line in (sent.broken, sent.doing) if line)
                yield Done(event.occurred_at, Step("", "Tell people how it stands.", 1, update_text=words), raw=words)


def _as_done(step: Step, plan: Plan, said: e.Payload) -> Step:
    """A step as it was gone through. Of a decision, the answer that was given goes on, every other one ends the plan."""
    role = step.role or plan.phase_of(step.number).lead
    step = replace(step, role=role, meanwhile=False, optional=False)
    if not isinstance(said, e.StepAnswered):
        return step
    answers = tuple(Answer(one.label, "continue" if one.label == said.answer else "stop") for one in step.answers)
    return replace(step, answers=answers)


def anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _plain(text: str) -> str:
    """Foreign words as one line of plain text."""
    return _MARKUP.sub("", " ".join(text.split())).strip(" -")[:LONGEST]


def _fits(done: Done) -> bool:
    """Whether a plan may hold these words as they were written: no secret, nothing invisible."""
    report = Report("", 1)
    letters.check(done.raw, report)
    return not report.failed
