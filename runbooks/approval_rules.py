"""Approval rules of a plan: which facts, and never which labels, make it stricter or easier."""

from bot.domain.matcher import Matcher
from bot.domain.plan import ApprovalRule, Need
from bot.domain.terms import MINUTE, Severity
from bot.text import Code, t
from runbooks.front import check_matcher
from runbooks.lint_action import Allowed
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader
from runbooks.yaml_lines import Y

FACTS = ("env", "kind", "service", "severity", "tier")
"""What a rule may ask: facts of the incident and of the target. A label of the alert is written `label.x`."""

Rules = tuple[ApprovalRule, ...]


def read(block: Y | None, report: Report, allowed: Allowed | None) -> tuple[Need | None, Rules]:
    """The `approval:` part of the settings: who is asked if no rule holds, and the rules in their order."""
    if block is None:
        return None, ()
    inside = Reader(block, report, "approval", "P102")
    need = _need(inside, allowed)
    found = _rules(inside.take("rules"), report, allowed)
    for rule in found:
        _asks_more(rule, need, report)
    inside.end("P102")
    return need, found


def _rules(block: Y | None, report: Report, allowed: Allowed | None) -> Rules:
    if block is None:
        return ()
    if not isinstance(block.value, list):
        report.error(
            "P102", block.line, t("{key} must be {wanted}.", key=Code("rules"), wanted="a list of - when: [...]")
        )
        return ()
    return tuple(_rule(item, report, allowed) for item in block.value)


def never(rule: ApprovalRule, severity: tuple[Severity, ...], matchers: tuple[Matcher, ...]) -> bool:
    """A rule that no severity of the plan can meet (P516)."""
    by_severity = [m for m in matchers if m.label == "severity"]
    return bool(severity and by_severity) and not any(
        all(m.holds({"severity": one.value}) for m in by_severity) for one in severity
    )


def _rule(item: Y, report: Report, allowed: Allowed | None) -> ApprovalRule:
    inside = Reader(item, report, "a rule", "P502")
    when = inside.texts("when")
    auto, need = inside.flag("auto"), inside.number("need", 1, 5, 0) if "need" in inside.left else None
    groups = inside.texts("from")
    _check_groups(groups, need or 1, item.line, report, allowed)
    inside.end("P102")
    if not when:
        report.error("P510", item.line, t("A rule says when it holds: when: [...]."))
    if auto == (need is not None):
        report.error("P502", item.line, t("A rule says either auto: true or need: 1 to 5."))
    if need is not None and not groups:
        report.error("P502", item.line, t("A rule that asks people says whom: from: [group]."))
    matchers = [found for text in when if (found := check_matcher(text, item.line, report))]
    for matcher in matchers:
        _fact(matcher, auto, item.line, report)
    if auto and matchers:
        _auto(matchers, item.line, report)
    return ApprovalRule(when, auto, need, groups, item.line)


def _asks_more(rule: ApprovalRule, default: Need | None, report: Report) -> None:
    labelled = any(text.strip().startswith("label.") for text in rule.when)
    if labelled and default is not None and rule.need is not None and rule.need < default.need:
        sentence = t(
            "A label comes from whoever sends the alert: it can only ask for more than {need} people.",
            need=default.need,
        )
        report.error("P515", rule.line, sentence)


def _fact(matcher: Matcher, auto: bool, line: int, report: Report) -> None:
    if matcher.label.startswith("label."):
        if auto:
            sentence = t(
                "{label} comes from whoever sends the alert: it cannot decide that nobody is asked.",
                label=Code(matcher.label),
            )
            report.error("P515", line, sentence)
    elif matcher.label not in FACTS:
        sentence = t("{label} is no fact that a rule may ask.", label=Code(matcher.label[:80]))
        report.error("P515", line, sentence, did_you_mean(matcher.label, FACTS) or t("labels are written label.x"))


def _auto(matchers: list[Matcher], line: int, report: Report) -> None:
    for matcher in matchers:
        if not matcher.positive:
            sentence = t(
                "{matcher} also holds where nothing is known: auto needs what must be there.",
                matcher=Code(str(matcher)),
            )
            report.error("P510", line, sentence, t("write = or =~ with what must be there"))
    worst = {"severity": Severity.SEV1.value, "env": "production"}
    if all(m.holds(worst) for m in matchers if m.label in worst):
        report.error("P511", line, t("This would run without asking anybody at sev1 in production."))


def _need(reader: Reader, allowed: Allowed | None) -> Need | None:
    block, report = reader.take("default"), reader.report
    if block is None:
        report.error(
            "P501", reader.line, t("approval needs default: {example}.", example=Code("{need: 1, from: [group]}"))
        )
        return None
    inside = Reader(block, report, "approval.default", "P502")
    line = inside.left["need"].line if "need" in inside.left else block.line
    if "need" not in inside.left:
        report.error("P502", line, t("Say how many must say yes: need: 1."))
    need = inside.number("need", 0, 5, 1)
    if need == 0:
        report.error("P502", line, t("The default may not be 0: only a rule may say auto: true."))
    groups, forbid = inside.texts("from"), inside.texts("not") if "not" in inside.left else ("starter",)
    if not groups:
        report.error("P502", block.line, t("Say who may approve: from: [group]."))
    for word in set(forbid) - {"starter"}:
        report.error("P502", block.line, t("not: knows only starter, and not {word}.", word=Code(word[:80])))
    _check_groups(groups, need, block.line, report, allowed)
    expires, then_after = inside.time("expires"), inside.time("then_after")
    if expires == 0:
        report.error("P502", block.line, t("Nobody could say yes in time: write expires: 15m."))
    inside.end("P102")
    after = 5 * MINUTE if then_after is None else then_after
    return Need(need, groups, forbid, expires or 15 * MINUTE, after)


def _check_groups(groups: tuple[str, ...], need: int, line: int, report: Report, allowed: Allowed | None) -> None:
    """P512 unknown group, P517 too few people to choose from; only where the operator's groups are known."""
    if allowed is None or not allowed.groups:
        return
    for group in groups:
        if group not in allowed.groups and not group.startswith(("@", "U", "W")):
            sentence = t("There is no group {group} in policy.yaml.", group=Code(group[:80]))
            report.error("P512", line, sentence, did_you_mean(group, allowed.groups))
        elif (size := allowed.groups.get(group)) is not None and size < need + 1:
            report.warn(
                "P517",
                line,
                t("{group} has {size} people: too few to be sure of {need}.", group=Code(group), size=size, need=need),
            )
