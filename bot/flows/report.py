"""What people read: the timeline, the open incidents, the numbers of one incident and of a period."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from bot.domain.facts import Facts, facts_of
from bot.domain.organisation import Organisation, Targets
from bot.domain.state import Incident
from bot.domain.terms import DAY, Micros, Severity
from bot.errors import NotFound
from bot.flows import drilled
from bot.flows.desk import Desk
from bot.metrics.incident import Figure, of_incident
from bot.metrics.period import over
from bot.metrics.population import Period
from bot.metrics.summary import Summary
from bot.ports import Reads, Reply, Store, Viewer
from bot.slack.views import lists
from bot.text import Code, Span, Text, t

LOOK_BACK: Micros = 90 * DAY
"""An incident may have been opened so long before the period in which it ended."""
MOST_LINES = 60
FACTS = TypeAdapter(Facts)


async def incident_for(reads: Reads, number: int, viewer: Viewer) -> Incident:
    """The incident if this viewer may see it. NotFound, the same for what is not there and what is not theirs."""
    found = await reads.incident(number, viewer)
    if found is None:
        raise NotFound(t("There is no {incident}, or you cannot see it.", incident=f"INC-{number}"))
    return found


async def timeline(desk: Desk, person: str, number: int) -> Reply:
    """`timeline`."""
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, person)
        incident = await incident_for(reads, number, viewer)
        lines = lists.timeline(await reads.timeline(number, viewer), incident, MOST_LINES)
    return Reply(lines, done=False)


async def runs(desk: Desk, person: str, number: int) -> Reply:
    """`runs`."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, await desk.viewer(reads, person))
    return Reply(lists.runs(incident), done=False)


async def open_incidents(desk: Desk, person: str) -> Reply:
    """`list`."""
    async with desk.store.read() as reads:
        found = await reads.incidents(await desk.viewer(reads, person))
    return Reply(lists.incidents(found, desk.clock.now()), done=False)


def figures_of(organisation: Organisation, incident: Incident) -> list[Figure]:
    """The numbers of one incident against the targets of its severity."""
    return of_incident(facts_of(incident), _by_name(organisation.grade(incident.severity).targets))


def _by_name(targets: Targets) -> Mapping[str, Micros | None]:
    return {
        "detect": targets.detect,
        "acknowledge": targets.acknowledge,
        "together": targets.together,
        "recover": targets.recover,
    }


async def figures(desk: Desk, person: str, number: int) -> Reply:
    """`metrics` in an incident's channel: each number with its definition."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, await desk.viewer(reads, person))
    return Reply(tuple(figure_line(figure) for figure in figures_of(desk.organisation, incident)), done=False)


def figure_line(figure: Figure) -> Text:
    value = figure.value or t("not known ({missing})", missing=figure.missing or t("no data"))
    if figure.definition is None:
        return t("{title}: {value}", title=figure.title, value=value)
    return t(
        "{title}: {value} — {id}: {definition}",
        title=figure.title,
        value=value,
        id=Code(", ".join(figure.metrics)),
        definition=figure.definition,
    )


async def period(desk: Desk, person: str, length: Micros) -> Reply:
    """`metrics 30d`."""
    now = desk.clock.now()
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, person)
    found = await summaries(desk.store, desk.organisation, viewer, Period(now - length, now))
    async with desk.store.read() as reads:
        known = await drilled.read(reads)
    found += drilled.numbers(known, [plan.id for plan in desk.plans.plans], desk.organisation, now)
    head = t("The last {length}:", length=Span(length))
    return Reply((head, *(summary_line(summary) for summary in found)), done=False)


async def summaries(store: Store, organisation: Organisation, viewer: Viewer, span: Period) -> list[Summary]:
    """All numbers of a period, of the incidents that the viewer may see."""
    async with store.read() as reads:
        rows = await reads.facts(viewer, span.start - LOOK_BACK, span.end)
    facts = [FACTS.validate_python(row, strict=False) for row in rows]
    return over(facts, span, _targets(organisation))


def _targets(organisation: Organisation) -> Mapping[Severity, Mapping[str, Micros | None]]:
    return {severity: _by_name(grade.targets) for severity, grade in organisation.severities.items()}


def summary_line(summary: Summary) -> Text:
    """One number of a period, with what it rests on."""
    value = summary.said or summary.missing or t("no data")
    return t(
        "{title} ({id}): {value} — {definition}",
        title=summary.title,
        id=Code(summary.metric),
        value=value,
        definition=summary.definition,
    )
