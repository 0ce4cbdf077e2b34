"""Rules about a whole plan: roles, the ways through it, what its settings must hold."""

import posixpath
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain import matcher
from bot.domain.plan import ApprovalRule, Plan
from bot.domain.terms import Severity
from bot.errors import BadInput
from bot.text import Code, t
from runbooks import experiment, ways
from runbooks.approval_rules import never
from runbooks.lint_action import PLACE, Allowed, leaves
from runbooks.params import target_names, used
from runbooks.problem import Report, did_you_mean


@dataclass(frozen=True, slots=True)
class Names:
    """all: plans by their paths in their folder, without .md; inside: the folder in it that the plan itself lies in."""

    all: Collection[str]
    inside: str = ""


def check(plan: Plan, report: Report, files: Names | None = None, allowed: Allowed | None = None) -> None:
    """All rules about the whole; files: None if the other plans are not known."""
    _roles(plan, report)
    _destinations(plan, report, files)
    _ways(plan, report)
    _settings(plan, report)
    experiment.check(plan, report)
    _target(plan, report)
    _one_machine(plan, report)
    _aimed(plan, report)
    if allowed is not None:
        _inventory(plan, report, allowed)


def _roles(plan: Plan, report: Report) -> None:
    serious = {Severity.SEV1, Severity.SEV2} & set(plan.severity or Severity)
    for role in plan.roles:
        if serious and not role.standby and plan.match:
            sentence = t("{role} has no standby, and the plan is used at sev1 or sev2.", role=Code(role.name))
            report.error("P206", role.line, sentence, t("name one in the column Standby"))


def _destinations(plan: Plan, report: Report, files: Names | None) -> None:
    slugs = {phase.slug for phase in plan.phases}
    for step in ways.steps(plan):
        for answer in step.answers:
            kind, _, name = answer.to.partition(":")
            if kind == "phase" and name not in slugs:
                sentence = t("There is no phase {name}.", name=Code("#" + name[:80]))
                report.error("P303", answer.line, sentence, did_you_mean(name, slugs))
            if kind == "plan" and files is not None:
                _page(name, answer.line, report, files)
    after = plan.settings.after_failure
    if after and after not in slugs:
        sentence = t("after_failure: there is no phase {name}.", name=Code(after[:80]))
        report.error("P303", plan.settings.after_line, sentence, did_you_mean(after, slugs))


def _page(name: str, line: int, report: Report, files: Names) -> None:
    """A link finds its plan by the file's name; the way to it is right if GitHub finds it, too."""
    place = posixpath.normpath(posixpath.join(files.inside, name))
    if place in files.all:
        return
    ways = {file.rpartition("/")[2]: posixpath.relpath(file, files.inside or ".") for file in files.all}
    stem = name.rpartition("/")[2]
    if stem not in ways:
        sentence = t("There is no plan {name}.", name=Code(name[:80] + ".md"))
        report.error("P303", line, sentence, did_you_mean(name, ways.values()))
    elif not place.startswith("../"):
        hint = t("did you mean {word}?", word=Code(ways[stem] + ".md"))
        report.warn("P303", line, t("On GitHub, {name} leads nowhere.", name=Code(name[:80] + ".md")), hint)


def _ways(plan: Plan, report: Report) -> None:
    if not plan.phases:
        report.error("P202", 1, t("The plan has no phase."), t("a phase is a ## heading with - [ ] below it"))
        return
    edges = ways.edges(plan)
    starts = [plan.phases[0].steps[0].number]
    starts += [phase.steps[0].number for phase in plan.phases if phase.slug == plan.settings.after_failure]
    reached = ways.closure(starts, edges)
    ends_well = ways.closure([ways.END], ways.backwards(edges))
    for phase in plan.phases:
        numbers = {step.number for step in phase.steps}
        if not numbers & reached:
            report.error("P207", phase.line, t("No way leads to this phase."))
        elif not numbers & ends_well:
            report.error("P208", phase.line, t("From here the plan never ends."), t("let an answer say stop"))


def _settings(plan: Plan, report: Report) -> None:
    settings = plan.settings
    changing = [step.action for step in ways.steps(plan) if step.action and step.action.changes]
    if changing and (settings.limits is None or settings.default is None):
        sentence = t("{id} changes something, and the settings have no limits or no approval.", id=Code(changing[0].id))
        report.error("P501", changing[0].line, sentence)
    for rule in settings.rules:
        if never(rule, plan.severity, _matchers(rule)):
            report.warn("P516", rule.line, t("This rule never holds: the plan is not offered for that severity."))


def _matchers(rule: ApprovalRule) -> tuple[matcher.Matcher, ...]:
    found = []
    for text in rule.when:
        try:
            found.append(matcher.parse(text))
        except BadInput:
            return ()
    return tuple(found)


def _target(plan: Plan, report: Report) -> None:
    """P513: where no host is the target, what the lock is about is, and that must be said each time."""
    params, limits = plan.settings.params, plan.settings.limits
    if limits is None or any(param.type == "host" for param in params.values()):
        return
    for name in PLACE.findall(limits.lock_key):
        if name in params and params[name].default is not None:
            sentence = t("{name} is what the plan acts on, and has a default: nothing given would mean it.", name=name)
            report.warn("P513", params[name].line, sentence)


def _one_machine(plan: Plan, report: Report) -> None:
    """P519: pause, place and approval follow one host, so that an action knows no second one."""
    params = plan.settings.params
    for action in (step.action for step in ways.steps(plan) if step.action and step.action.changes):
        hosts = [name for name in used(action, plan.settings) if params[name].type == "host"]
        if len(hosts) > 1:
            names = ", ".join(hosts)
            sentence = t("{id} acts on one machine, and names several: {names}.", id=Code(action.id), names=names)
            report.error("P519", action.line, sentence, t("make a step of its own for each"))


def _aimed(plan: Plan, report: Report) -> None:
    """P445: environment, floor, pause and place are judged by the target, so what changes something says it in its own words."""
    for action in (step.action for step in ways.steps(plan) if step.action and step.action.changes):
        for does in filter(None, (action.does, action.rollback)):
            said = {name for _, text in leaves(does.spec) for name in PLACE.findall(text)}
            silent = [name for name in target_names(action, plan.settings) if name not in said]
            if silent:
                place = Code(f"${{{silent[0]}}}")
                sentence = t(
                    "{id} acts on {place}, and what it runs does not name it.", id=Code(action.id), place=place
                )
                hint = t("give {place} to what is run, and to what undoes it", place=place)
                report.error("P445", action.line, sentence, hint)
                break


def _inventory(plan: Plan, report: Report, allowed: Allowed) -> None:
    """P518: entries of the inventory that are not there; P607: an experiment on production."""
    named = {name: str(p.rest["allow"]) for name, p in plan.settings.params.items() if "allow" in p.rest}
    for name, entry in named.items():
        entry = entry.removeprefix("inventory:")
        line = plan.settings.params[name].line
        if not allowed.inventory or entry == "all":
            continue
        if entry not in allowed.inventory:
            sentence = t("There is no {entry} in the inventory of policy.yaml.", entry=Code(entry))
            report.error("P518", line, sentence, did_you_mean(entry, allowed.inventory))
        elif plan.kind == experiment.KIND and allowed.inventory[entry] == "production":
            report.warn(
                "P607", line, t("{entry} is in production: an experiment needs targets of its own.", entry=entry)
            )
