"""Read a plan from Markdown. Any text gives a plan or says, line by line, why not; nothing is run and nothing is fetched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.plan import Answer, Phase, Plan, PlanRole, Settings
from bot.domain.role_names import of_plan
from bot.text import Code, t
from runbooks import experiment, front, letters, lint, markdown, settings, steps
from runbooks.doing import Executors, Ground
from runbooks.lint import Names
from runbooks.lint_action import Allowed
from runbooks.markdown import Fence, Page, Section, Table
from runbooks.problem import Problem, Report
from runbooks.reader import duration
from runbooks.steps import Site
from runbooks.swallowed import swallowed

_ALIKE = t("indent it as what stands beside it, close each block with its own fence, and put no HTML before it")
_COLUMNS = ("role", "who", "standby", "takes over after")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A plan, or None after an error; problems by line, warnings among them."""

    plan: Plan | None
    problems: tuple[Problem, ...]


def parse(
    text: str,
    path: str = "",
    *,
    executors: Executors,
    allowed: Allowed | None = None,
    files: Names | None = None,
    today: str = "",
) -> Parsed:
    """The plan that a text says.

    executors: what this installation can do (name → keys → required?); allowed: of the operator's policy, if it is known;
    files: all plans, if they are known; today: `2026-11-22`, for the warning about old reviews.
    """
    clean = letters.clean(text)
    report = Report(path, clean.count("\n") + 1)
    letters.check(clean, report)
    if report.failed:
        return Parsed(None, report.problems)
    page = markdown.read(clean)
    plan = _plan(page, sha_of(text), path, Ground(executors, {}, report, allowed), today)
    for line in swallowed(page, plan, clean):
        report.error(
            "P214", line, t("This is read as code, as HTML or as part of another line, and so as nothing."), _ALIKE
        )
    lint.check(plan, report, files, allowed)
    return Parsed(None if report.failed else plan, report.problems)


def accepted(text: str, path: str, executors: Executors) -> Plan:
    """The plan of a text that was good when a run was pinned to it: rules that are newer than that do not take it away."""
    clean = letters.clean(text)
    report = Report(path, clean.count("\n") + 1)
    return _plan(markdown.read(clean), sha_of(text), path, Ground(executors, {}, report))


def sha_of(text: str) -> str:
    """sha256 hex of a plan's text, to the letter."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plan(page: Page, sha: str, path: str, ground: Ground, today: str = "") -> Plan:
    report = ground.report
    head = front.read(page.front, report, today, ground.allowed.labels if ground.allowed else {})
    if page.title is None:
        report.error("P202", 1, t("The page has no title."), t("write # Title"))
    _headings(page.sections, report)
    block = _settings_block(page, report)
    chosen = settings.read(block, report, ground.allowed)
    ground.params = chosen.params
    roles = _roles(page, report)
    site = Site(ground, frozenset(role.name for role in roles))
    phases = steps.phases(page.sections, site)
    checks = experiment.abort_checks(page, site) if head.kind == experiment.KIND else ()
    _left_over(page, site, block)
    _folded(
        page, site, block, (*roles, *(answer for phase in phases for step in phase.steps for answer in step.answers))
    )
    _unused(chosen, ground)
    return Plan(
        head.id,
        " ".join(page.title.text.split()) if page.title else "",
        _summary(page),
        head.owner,
        phases,
        sha,
        path,
        match=head.match,
        severity=head.severity,
        reviewed=head.reviewed,
        kind=head.kind,
        takes=head.takes,
        roles=roles,
        settings=chosen,
        help=_help(page, phases, head.kind),
        injects=experiment.injects(page, site.roles, report),
        abort_when=experiment.abort_when(page) if head.kind == experiment.KIND else (),
        abort_checks=checks,
        lines=head.lines,
    )


def _summary(page: Page) -> str:
    return next((" ".join(words.text.split()) for words in page.sections[0].paragraphs), "")


def _settings_block(page: Page, report: Report) -> Fence | None:
    found = [
        fence
        for section in page.sections
        if section.slug == "settings"
        for fence in section.fences
        if fence.words[:2] == ("yaml", "settings")
    ]
    for fence in found[1:]:
        report.error("P405", fence.line, t("There are two settings blocks."))
    return found[0] if found else None


def _roles(page: Page, report: Report) -> tuple[PlanRole, ...]:
    tables = [table for section in page.sections if section.slug == "roles" for table in section.tables]
    if not tables:
        return ()
    head = tuple(cell.lower() for cell in tables[0].rows[0])
    if head[:1] != ("role",) or not set(head) <= set(_COLUMNS):
        names = " / ".join(("Role", "Who", "Standby", "Takes over after"))
        report.error("P204", tables[0].lines[0], t("The columns of the Roles table are: {names}.", names=names))
        return ()
    rows = [_role(tables[0], row, head, report) for row in range(1, len(tables[0].rows))]
    return tuple(role for role in rows if role is not None)


def _role(table: Table, row: int, head: tuple[str, ...], report: Report) -> PlanRole | None:
    cells, line = dict(zip(head, table.rows[row])), table.lines[row]
    name, after = of_plan(cells.get("role", "")), cells.get("takes over after", "")
    if not name:
        report.error("P204", line, t("This row names no role."))
        return None
    length = duration(after) if after else None
    if after and not length:
        report.error("P205", line, t("{words} is no time: write 5 min.", words=Code(after[:80])))
    return PlanRole(name, cells.get("who", ""), cells.get("standby", ""), length, line)


def _left_over(page: Page, site: Site, settings_block: Fence | None) -> None:
    """Every checkbox is a step and every marked block is used, or it is said."""
    report, hint = site.report, t("put it below a ## heading, not inside another list")
    for line in page.boxes:
        if line not in site.steps:
            report.error("P201", line, t("This checkbox stands outside a phase."), hint)
    for fence in page.fences:
        if fence.words[:2] == ("yaml", "action") and fence.line not in site.blocks:
            report.error("P402", fence.line, t("This action stands outside a step."), t("indent it below its - [ ]"))
        if fence.words[:2] == ("text", "update") and fence.line not in site.blocks:
            report.error("P402", fence.line, t("This update stands outside a step."), t("indent it below its - [ ]"))
        if fence.words[:2] == ("yaml", "settings") and fence != settings_block:
            report.error("P405", fence.line, t("Settings stand below ## Settings, once."))


def _folded(page: Page, site: Site, settings_block: Fence | None, other: Sequence[PlanRole | Answer]) -> None:
    """P213: a reviewer sees on the page all that can happen. other: what has a line of its own beside steps and blocks."""
    lines = (
        site.steps | site.blocks | {one.line for one in other} | ({settings_block.line} if settings_block else set())
    )
    for line in sorted(page.folded & lines):
        sentence = t("GitHub folds this away: whoever reads the plan does not see it.")
        site.report.error("P213", line, sentence, t("put it outside of <details>"))


def _unused(chosen: Settings, ground: Ground) -> None:
    key = chosen.limits.lock_key if chosen.limits else ""
    for name, param in chosen.params.items():
        if name not in ground.used and f"${{{name}}}" not in key:
            ground.report.warn("P424", param.line, t("{name} is declared and not used.", name=Code(name)))


def _help(page: Page, phases: tuple[Phase, ...], kind: str) -> tuple[tuple[str, str], ...]:
    """Headings without steps, with what stands below them."""
    taken = {phase.line for phase in phases}
    own = {"roles", "settings", experiment.INJECTS} | ({experiment.ABORT} if kind == experiment.KIND else set())
    return tuple(
        (section.title, section.source)
        for section in page.sections
        if section.level == 2 and section.line not in taken and section.slug not in own
    )


def _headings(sections: tuple[Section, ...], report: Report) -> None:
    """P304: two headings with one anchor."""
    seen: dict[str, int] = {}
    for section in sections:
        if section.level == 2 and section.slug in seen:
            sentence = t("The heading stands in line {line} already.", line=seen[section.slug])
            report.error("P304", section.line, sentence)
        seen.setdefault(section.slug, section.line)
