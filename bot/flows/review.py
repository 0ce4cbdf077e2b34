"""The draft of a post-mortem, in Markdown: what was recorded, and the questions that only people can answer."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.events import Event, EvidenceShared, FollowupMade, Overridden, StepConfirmed
from bot.domain.plan import Plan
from bot.domain.questions import CAUSES
from bot.domain.run_state import Attempt, Visit, Walk
from bot.domain.state import Evidence, Incident
from bot.domain.told import Followup
from bot.flows.desk import Desk
from bot.flows.report import figures_of
from bot.metrics.incident import Figure
from bot.ports import EVERYTHING, Reads
from bot.slack.names import names_of
from bot.slack.views import lists, walks, words
from bot.slack.views.lines_evidence import size
from bot.slack.views.scene import joined
from bot.text import Code, PlainShow, Strong, Text, When, Who, render, t, visible

Place = tuple[int, str, int]
"""Run, step, visit."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")


class Markdown(PlainShow):
    """Markdown in which nothing foreign is markup."""

    def foreign(self, text: str) -> str:
        return _SPECIAL.sub(r"\\\1", super().foreign(text))

    def strong(self, strong: Strong) -> str:
        return f"**{self.foreign(strong.text)}**"

    def code(self, code: Code) -> str:
        return self.foreign(visible(code.text))


def _days(events: Sequence[Event], incident: Incident, show: Markdown) -> list[tuple[str, list[str]]]:
    """The timeline, day by day (UTC): a night has two."""
    days: dict[str, list[str]] = {}
    for event in lists.in_time(events):
        day = show.when(When(event.occurred_at, "date"))
        days.setdefault(day, []).append(render(lists.entry(event, incident), show))
    return list(days.items())


async def draft(desk: Desk, reads: Reads, incident: Incident) -> str:
    """The draft as it can be made now."""
    show = Markdown(await names_of(reads))
    events = await reads.timeline(incident.number, EVERYTHING)
    plans = {walk.sha: await desk.plan(reads, walk.sha) for walk in incident.walks}
    said = [e.payload for e in events if isinstance(e.payload, StepConfirmed) and e.payload.alone]
    alone = {(one.run, one.step, one.visit): one.reason for one in said}
    return _template().render(
        t=lambda msgid, **params: render(Text(msgid, params), show),
        **_head(incident, show),
        made=When(desk.clock.now(), "full"),
        figures=[_figure(figure, show) for figure in figures_of(desk.organisation, incident)],
        timeline=_days(events, incident, show),
        followups=[_todo(one, events, show) for one in incident.told.followups],
        causes=joined([CAUSES[one.code] for one in incident.told.causes if one.code in CAUSES], ", "),
        evidence=[_file(one, events, show) for one in incident.evidence if not one.gone],
        walks=[_walk(plans[walk.sha], walk, show, alone) for walk in sorted(incident.walks, key=lambda one: one.run)],
        runs=[render(_run(attempt), show) for attempt in incident.attempts],
        overrides=[
            render(lists.entry(event, incident), show) for event in events if isinstance(event.payload, Overridden)
        ],
    )


@cache
def _template() -> Template:
    text = (files("bot.flows") / "postmortem.md.j2").read_text(encoding="utf-8")
    return SandboxedEnvironment(autoescape=False, keep_trailing_newline=True).from_string(text)


def _head(incident: Incident, show: Markdown) -> Mapping[str, str]:
    return {
        "ref": incident.ref,
        "title": show.foreign(incident.title or incident.service),
        "severity": incident.severity.value.upper(),
        "service": show.foreign(incident.service) or render(t("not given"), show),
        "status": render(words.STATUS[incident.status], show),
        "commander": show.who(Who(incident.commander)) if incident.commander else render(words.people(()), show),
        "people": ", ".join(show.who(Who(person)) for person in incident.people) or render(words.people(()), show),
    }


def _file(one: Evidence, events: Sequence[Event], show: Markdown) -> Mapping[str, str]:
    """A file that somebody shared, and its copy."""
    shared = next(e for e in events if e.seq == one.seq)
    name = shared.payload.name if isinstance(shared.payload, EvidenceShared) else ""
    return {
        "name": show.foreign(name) or "…",
        "who": show.who(Who(one.by)),
        "at": show.when(When(shared.occurred_at, "full")),
        "size": render(size(one.size), show),
        "sha": one.sha or render(t("no copy is kept"), show),
    }


def _todo(one: Followup, events: Sequence[Event], show: Markdown) -> Mapping[str, str]:
    made = next((e.payload for e in events if e.seq == one.seq), None)
    text = made.text if isinstance(made, FollowupMade) else ""
    who = show.who(Who(one.owner)) if one.owner else render(t("nobody yet"), show)
    return {
        "ref": one.ref,
        "text": show.foreign(text) or "…",
        "who": who,
        "due": one.due or render(t("no day yet"), show),
    }


def _figure(figure: Figure, show: Markdown) -> Mapping[str, str]:
    value = figure.value or t("not known ({missing})", missing=figure.missing or t("no data"))
    definition = render(figure.definition, show) if figure.definition else ""
    return {"title": render(figure.title, show), "value": render(value, show), "definition": definition}


def _walk(plan: Plan, walk: Walk, show: Markdown, alone: Mapping[Place, str]) -> Mapping[str, Any]:
    """alone: why somebody confirmed their own step."""
    return {
        "title": show.foreign(plan.title),
        "outcome": render(walks.outcome(walk), show),
        "steps": [_step(plan, walk.run, visit, show, alone) for visit in walk.visits],
    }


def _step(plan: Plan, run: int, visit: Visit, show: Markdown, alone: Mapping[Place, str]) -> Mapping[str, Any]:
    return {
        "number": visit.step,
        "text": show.foreign(plan.step(visit.step).text),
        "state": render(walks.became(visit), show),
        "alone": show.foreign(alone.get((run, visit.step, visit.visit)) or "…") if visit.alone else "",
        "who": show.who(Who(visit.done_by)) if visit.done_by else "",
        "start": show.when(When(visit.started_at, "stamp")),
        "end": show.when(When(visit.done_at, "stamp")) if visit.done_at else "",
    }


def _run(attempt: Attempt) -> Text:
    if attempt.ended_at is None:
        return t(
            "{at} {action}: {state}",
            at=When(attempt.started_at, "stamp"),
            action=attempt.action,
            state=lists.became(attempt),
        )
    return t(
        "{at}–{end} {action} {target}: {state}",
        at=When(attempt.started_at, "stamp"),
        end=When(attempt.ended_at, "secs"),
        action=attempt.action,
        target=attempt.target,
        state=lists.became(attempt),
    )
