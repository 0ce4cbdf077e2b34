"""How a plan went, for whoever owns it: what took longer, what was skipped, what was refused, with the lines to mend."""

from collections.abc import Iterator
from pathlib import PurePath

from bot.domain import events as e
from bot.domain.gate_words import sentence
from bot.domain.phase_times import phase_times
from bot.domain.plan import Step
from bot.domain.run_state import Visit
from bot.domain.terms import Micros
from bot.ports import Message
from bot.slack import blocks
from bot.slack.views.lines_org import edit_link
from bot.slack.views.scene import Scene
from bot.slack.views.walks import unconfirmed
from bot.text import Code, Span, Strong, Text, t

MOST = 20


def feedback(scene: Scene, run: int) -> Message:
    """One line for each phase and step that did not go as the plan says; the first says how many steps were walked."""
    walk = scene.walk(run)
    lines = list(_lines(scene, run))
    visits = [visit for visit in walk.visits if visit.state in ("done", "skipped")]
    title, ref, n = Strong(walk.name), scene.incident.ref, len(visits)
    first = t("Your plan {title} was used in {ref}: {n} steps were walked.", title=title, ref=ref, n=n)
    if walk.outcome == "limit":
        lines.insert(0, t("It went in a circle and was ended."))
    if not lines:
        lines = [t("All of it went as the plan says.")]
    more = [t("And {n} more.", n=len(lines) - MOST)] if len(lines) > MOST else []
    return blocks.message([blocks.section(scene.say(first, *lines[:MOST], *more))], scene.plain(first))


def _lines(scene: Scene, run: int) -> Iterator[Text]:
    for one in phase_times(scene.walk(run), scene.plan) if scene.plan else ():
        if one.took is not None and one.took > one.target:
            took, where = _took(one.took, one.target), _where(scene, run, one.phase.line)
            yield t("{phase} {said} — {where}", phase=Strong(one.phase.title), said=took, where=where)
    for visit in scene.walk(run).visits:
        plan = scene.step(visit.step)
        if plan is None:
            continue
        for said in (_late(visit, plan), _skipped(scene, run, visit), _alone(visit), _refused(scene, run, visit)):
            if said is not None:
                yield t(
                    "{step} {said} — {where}", step=Strong(visit.step), said=said, where=_where(scene, run, plan.line)
                )


def _where(scene: Scene, run: int, line: int) -> Text:
    """`restart.md:58`: the line to mend, and where, if the plan's repository has a page for it."""
    name = PurePath(scene.plan.path).name if scene.plan else ""
    told = scene.last(e.PlanReported, run=run)
    return edit_link(t("{where}", where=Code(f"{name}:{line}")), told.edit if told else "", line)


def _late(visit: Visit, plan: Step) -> Text | None:
    if plan.within is None or visit.done_at is None or visit.done_at - visit.started_at <= plan.within:
        return None
    return _took(visit.done_at - visit.started_at, plan.within)


def _took(took: Micros, target: Micros) -> Text:
    return t("took {took} (target {target})", took=Span(took), target=Span(target))


def _skipped(scene: Scene, run: int, visit: Visit) -> Text | None:
    if visit.state != "skipped":
        return None
    said = scene.last(e.StepSkipped, run=run, step=visit.step, visit=visit.visit)
    skipped = t("skipped: “{reason}”", reason=said.reason) if said and said.reason else t("skipped")
    return unconfirmed(visit, skipped) if visit.ticked_by else skipped


def _alone(visit: Visit) -> Text | None:
    return t("was confirmed by the one who did it: nobody else was there") if visit.alone else None


def _refused(scene: Scene, run: int, visit: Visit) -> Text | None:
    said = scene.last(e.ActionRefused, run=run, step=visit.step, visit=visit.visit)
    return t("was not run: {why}", why=sentence(said.code, said.params)) if said else None
