"""Drills and experiments: the table of injects, and the headings that a page of `kind: experiment` must have.

An experiment breaks something on purpose: it says what is normal (`## Steady state`), breaks one thing (`## Inject`), says what
ends it at once (`## Abort when`), and always takes it back (`## Revert`), within the time that `takes` allows.
"""

from collections.abc import Collection, Iterator

from bot.domain.plan import Action, Inject, Plan
from bot.domain.role_names import of_plan
from bot.text import Code, t
from runbooks import doing
from runbooks.bracket import known_role
from runbooks.markdown import Item, Page, Section, Table
from runbooks.problem import Report
from runbooks.reader import duration
from runbooks.steps import Site
from runbooks.ways import END, closure, edges

KIND = "experiment"
STEADY, BREAK, ABORT, REVERT = "steady-state", "inject", "abort-when", "revert"
INJECTS = "injects"
EVERYBODY = "everybody"
_PHASES = {STEADY: "Steady state", BREAK: "Inject", REVERT: "Revert"}
_COLUMNS = ("after", "tell", "text")


def injects(page: Page, roles: Collection[str], report: Report) -> tuple[Inject, ...]:
    """The rows of the table below `## Injects` (P610)."""
    tables = [table for section in _named(page, INJECTS) for table in section.tables]
    if not tables:
        return ()
    if tuple(cell.lower() for cell in tables[0].rows[0]) != _COLUMNS:
        sentence = t("The columns of the Injects table are: {names}.", names="After / Tell / Text")
        report.error("P610", tables[0].lines[0], sentence)
        return ()
    return tuple(_inject(tables[0], row, roles, report) for row in range(1, len(tables[0].rows)))


def _inject(table: Table, row: int, roles: Collection[str], report: Report) -> Inject:
    (after, tell, text), line = table.rows[row], table.lines[row]
    length = duration(after)
    if length is None:
        report.error("P610", line, t("{words} is no time: write 5 min.", words=Code(after[:80])))
    if not text:
        report.error("P610", line, t("This inject says nothing."))
    who = of_plan(tell) or EVERYBODY
    if who != EVERYBODY:
        known_role(who, roles, line, report)
    return Inject(length or 0, who, text, line)


def abort_when(page: Page) -> tuple[str, ...]:
    """The items of the list below `## Abort when`."""
    items = (item for section in _named(page, ABORT) for item in section.items)
    return tuple(" ".join(item.text.split()) for item in items)


def abort_checks(page: Page, site: Site) -> tuple[tuple[str, Action], ...]:
    """What is looked at while the experiment goes on, with the words of its item (P609)."""
    items = (item for section in _named(page, ABORT) for item in section.items)
    return tuple((" ".join(item.text.split()), check) for item in items for check in _checks(item, site))


def _checks(item: Item, site: Site) -> Iterator[Action]:
    """A mark that got lost must not leave the experiment without its guard: below an item stands a check, or nothing."""
    marked = [fence for fence in item.fences if fence.words[:2] == ("yaml", "action")]
    if item.more or item.items or len(marked) < len(item.fences):
        sentence = t("Below what ends an experiment stands a check, or nothing.")
        site.report.error("P609", item.line, sentence, t("write ```yaml action"))
    for fence in marked:
        site.blocks.add(fence.line)
        check = doing.read(fence, (), site.ground)
        if check is not None and check.changes:
            site.report.error("P609", fence.line, t("What ends an experiment is only looked at: changes: false."))
        if check is not None:
            yield check


def _named(page: Page, slug: str) -> Iterator[Section]:
    return (section for section in page.sections if section.level == 2 and section.slug == slug)


def check(plan: Plan, report: Report) -> None:
    """What an experiment must hold (P601-P606, P608), and that its actions stand in no other plan (P606)."""
    if plan.kind == KIND:
        _experiment(plan, report)
        return
    for action in _actions(plan):
        if action.kind == KIND:
            sentence = t("This action is an experiment's, and the plan is none: only drills may begin one.")
            report.error("P606", action.line, sentence, t("write kind: experiment into the front matter"))


def _experiment(plan: Plan, report: Report) -> None:
    slugs, said = [phase.slug for phase in plan.phases], plan.lines["kind"]
    for slug, title in _PHASES.items():
        if slug not in slugs:
            report.error("P601", said, t("An experiment needs ## {title} with steps.", title=title))
    if not plan.abort_when:
        report.error("P601", said, t("An experiment needs ## {title} with a list.", title="Abort when"))
    for step in (step for phase in plan.phases if phase.slug == ABORT for step in phase.steps[:1]):
        sentence = t("Nobody ticks what ends an experiment: below ## {title} stand no boxes.", title="Abort when")
        report.error("P601", step.line, sentence, t("write - text"))
    if plan.takes is None:
        report.error("P604", said, t("An experiment has an end: say how long it takes."), t("write takes: 30 min"))
    if plan.match:
        report.error(
            "P605", plan.lines["match"], t("No alert may begin an experiment: people do."), t("leave out match")
        )
    if set(_PHASES) <= set(slugs):
        _order(plan, slugs, report)
    _acts(plan, report)


def _order(plan: Plan, slugs: list[str], report: Report) -> None:
    """First what is normal, then the break, and no way past the way back."""
    line = {phase.slug: phase.line for phase in plan.phases}
    if not slugs.index(STEADY) < slugs.index(BREAK) < slugs.index(REVERT):
        report.error("P602", line[BREAK], t("The order is: Steady state, Inject, Revert."))
    last = {step.number for phase in plan.phases if phase.slug == REVERT for step in phase.steps}
    first = next(phase.steps[0].number for phase in plan.phases if phase.slug == BREAK)
    without = {step: ends for step, ends in edges(plan, failures=True).items() if step not in last}
    if END in closure([first], without):
        report.error("P603", line[BREAK], t("From here a way ends without Revert."), t("let it lead to Revert"))
    if plan.settings.after_failure != REVERT and _changes(plan):
        sentence = t("When an action fails, an experiment goes to Revert.")
        report.error("P603", line[BREAK], sentence, t("write after_failure: revert"))


def _changes(plan: Plan) -> bool:
    return any(action.changes for action in _actions(plan))


def _actions(plan: Plan) -> Iterator[Action]:
    return (step.action for phase in plan.phases for step in phase.steps if step.action)


def _acts(plan: Plan, report: Report) -> None:
    for phase in plan.phases:
        for step in phase.steps:
            if phase.slug == BREAK and step.action and step.action.changes and step.action.kind != KIND:
                report.error("P606", step.action.line, t("What breaks something is marked so."), t("kind: experiment"))
    for param in plan.settings.params.values():
        if param.rest.get("allow") == "inventory:all":
            sentence = t("{name} could be any host: an experiment names one inventory.", name=Code(param.name))
            report.error("P606", param.line, sentence, t("write allow: inventory:NAME"))
    hosts = [param for param in plan.settings.params.values() if param.type == "host"]
    if _changes(plan) and not any(param.source.startswith("label.") for param in hosts):
        line = hosts[0].line if hosts else plan.phases[0].line if plan.phases else 1
        sentence = t(
            "Nothing says which machine it breaks: `drill` takes one that is there for drills, as a label of the alert."
        )
        report.error("P608", line, sentence, t("write {example}", example=Code("from: label.instance")))
