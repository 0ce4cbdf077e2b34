"""The numbers of one incident: found, together, known, mitigated, back; what automation did; what is not known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.facts import Facts
from bot.domain.terms import Micros, Milestone, Source
from bot.metrics import catalogue as c
from bot.metrics import words
from bot.metrics.measures import Duration
from bot.metrics.runs import SELF_HEAL, TAKEOVER, funnel
from bot.text import Span, Text, t


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. value: None = not known, then `missing` says what is missing.

    metrics: ids of what is shown, the first is that of `micros`; kept: against the target, None without one.
    """

    title: Text
    value: Text | None
    missing: Text | None = None
    definition: Text | None = None
    metrics: tuple[str, ...] = ()
    micros: Micros | None = None
    bound: str = ""
    kept: bool | None = None


Targets = Mapping[str, Micros | None]
"""Target by name (detect, acknowledge, together, recover) in µs."""

_BY = {
    "monitoring": t("by monitoring"),
    "people_despite_signal": t("by people; monitoring had seen it"),
    "people_before_monitoring": t("by people, before monitoring"),
    "people_no_monitoring": t("by people; monitoring saw nothing"),
    "unknown": t("nobody knows by whom"),
}


def of_incident(facts: Facts, targets: Targets | None = None) -> list[Figure]:
    """The five lines, then what automation did, then what is not known."""
    wanted = targets or {}
    lines = [_found(facts, wanted), *(_line(facts, m, wanted) for m in (c.TOGETHER, c.KNOWN, c.MITIGATED))]
    return [*lines, _back(facts, wanted), _automation(facts), *_unknown(facts)]


def _line(facts: Facts, metric: Duration, targets: Targets) -> Figure:
    """One duration as a line."""
    found = metric.of(facts)
    target = targets.get(metric.target)
    return Figure(
        title=metric.title,
        value=words.length(found, target),
        missing=words.lack(found),
        definition=metric.definition,
        metrics=(metric.id,),
        micros=found.micros,
        bound=found.bound,
        kept=None if target is None or found.micros is None else found.micros <= target,
    )


def _found(facts: Facts, targets: Targets) -> Figure:
    """From its beginning; if that is not known, from the first signal. With who found it."""
    line = _line(facts, c.FOUND, targets)
    if line.value is None and c.NOTICED.of(facts).micros is not None:
        line = _line(facts, c.NOTICED, targets)
    if line.value is None:
        return line
    said = t("{length}, {by}", length=line.value, by=_BY[facts.found])
    ids = (*line.metrics, c.BY_MONITORING.id)
    return Figure(line.title, said, None, line.definition, ids, line.micros, line.bound, line.kept)


def _back(facts: Facts, targets: Targets) -> Figure:
    """From its beginning, and beside it from its detection."""
    line, beside = _line(facts, c.BACK, targets), _line(facts, c.BACK_FROM_FOUND, {})
    if line.value is None or beside.value is None:
        return beside if line.value is None and beside.value is not None else line
    said = t("{length}; {beside} from its detection", length=line.value, beside=beside.value)
    ids = (*line.metrics, *beside.metrics)
    return Figure(line.title, said, None, line.definition, ids, line.micros, line.bound, line.kept)


def _automation(facts: Facts) -> Figure:
    """What the bot did, and how long people thought about it."""
    parts = [*_kinds(facts), *_other_runs(facts), *_questions(facts)]
    said = words.together(parts) if parts else t("nothing was run")
    ids = (c.TAKEOVER_SUCCESS.id, c.SELF_HEAL_SUCCESS.id)
    return Figure(t("Automation"), said, metrics=ids, definition=c.SELF_HEAL_SUCCESS.definition)


def _kinds(facts: Facts) -> list[Text]:
    said = []
    takeover, heal = funnel([facts], TAKEOVER), funnel([facts], SELF_HEAL)
    if takeover.started:
        said.append(t("takeover: {k} of {n} verified", k=takeover.verified, n=takeover.started))
    if heal.started:
        said.append(t("self-healing: {k} of {n} verified", k=heal.verified, n=heal.started))
    back = sum(one.verified - one.lasted for one in (takeover, heal))
    if back:
        said.append(t("of these, did not last: {count}", count=back))
    return said


def _other_runs(facts: Facts) -> list[Text]:
    others = [run for run in facts.runs if run.kind not in (TAKEOVER, SELF_HEAL)]
    changing = sum(run.changes for run in others)
    looked = len(others) - changing
    unknown = sum(run.outcome == "unknown" for run in facts.runs)
    said = []
    if changing:
        said.append(t("other actions: {count}", count=changing))
    if looked:
        said.append(t("checks: {count}", count=looked))
    if unknown:
        said.append(t("outcome not known: {count}", count=unknown))
    return said


def _questions(facts: Facts) -> list[Text]:
    states = Counter(asked.state for asked in facts.asked)
    waits = [a.ended_at - a.asked_at for a in facts.asked if a.state == "given" and a.ended_at is not None]
    said = [t("approved after {span}", span=Span(max(waits)))] if waits else []
    if states["denied"]:
        said.append(t("denied: {count}", count=states["denied"]))
    if states["expired"]:
        said.append(t("expired unapproved: {count}", count=states["expired"]))
    return said


def _unknown(facts: Facts) -> list[Figure]:
    """What nobody has said. What was taken over from another moment is not known either."""
    said = [words.moment(name) for name in (Milestone.STARTED, Milestone.RECOVERED) if not _said(facts, name)]
    if not facts.severity_given:
        said.append(t("how bad it was"))
    if facts.impact is None:
        said.append(t("what it meant for the business"))
    return [Figure(t("Not known"), words.together(said))] if said else []


def _said(facts: Facts, milestone: Milestone) -> bool:
    mark = facts.marks.get(milestone)
    return mark is not None and mark.source is not Source.DERIVED
