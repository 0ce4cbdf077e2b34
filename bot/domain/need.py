"""How much approval an action needs: the plan's rules and the operator's floor together, the stricter of the two.

Both ask facts: severity and kind of the incident, service and tier of services.yaml, env of the inventory. Whoever sends an
alert chooses none of them but the severity that routes.yaml takes over; if the alert contradicts them or says nothing, every
rule that may hold has to be content, and the strictest that there is. A rule may ask a label of the alert as well: then it only
makes it stricter, and it holds also where the alert leaves that label out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from bot.domain.matcher import all_hold, parse
from bot.domain.need_facts import LABEL, Facts
from bot.domain.plan import ApprovalRule, Need, Settings
from bot.domain.policy import Automation, FloorRule, Mode
from bot.domain.terms import MINUTE, Micros
from bot.text import Text, t

R = TypeVar("R")
WORDS: Mapping[str, Text] = {
    "no_inventory": t("The target stands in no inventory, so all rules that may apply hold."),
    "env_unknown": t("Nobody has said in which environment the target is, so all rules that may apply hold."),
    "env_missing": t("The alert names no environment, so all rules that may apply hold."),
    "env_differs": t("The alert names another environment than the inventory, so all rules that may apply hold."),
    "service_unknown": t(
        "The inventory does not say whose target it is, and a rule asks for it: all that may apply hold."
    ),
    "tier_unknown": t("Nobody has said which tier its service has, and a rule asks for it: all that may apply hold."),
    "severity_unknown": t("Nobody has said how severe it is, and a rule asks for it: all that may apply hold."),
    "label_missing": t("The alert leaves out a label that a rule asks for, so that rule holds as well."),
    "storm": t("Many incidents are open, so automation asks first."),
    "typed": t("A person gave a value that the alert did not, so others are asked."),
    "mode": t("Automation is set to ask first."),
    "untried": t("It has not proved itself often enough to run without a person."),
    "floor": t("The policy of this organisation asks for this."),
}
"""Code of a requirement → why so much is asked for, where people should know."""


@dataclass(frozen=True, slots=True)
class Side:
    """So many of the members of these groups must be among those who say yes."""

    need: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """need: different people, 0 = nobody has to be asked; groups: in the order in which they are asked; code: see WORDS; sides:
    where more than one rule names groups, what each asks for: all must be content, and one person may count for several.
    """

    need: int
    groups: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ("starter",)
    expires: Micros = 15 * MINUTE
    then_after: Micros = 5 * MINUTE
    code: str = "plan"
    sides: tuple[Side, ...] = ()

    @property
    def auto(self) -> bool:
        return self.need == 0


def requirement(
    settings: Settings,
    facts: Facts,
    automation: Automation,
    *,
    changes: bool,
    mode: Mode,
    storm: bool = False,
    verified_runs: int = 0,
) -> Requirement:
    """What an action of a plan needs. mode: the kill switch as it stands; storm: too many incidents are open now;
    verified_runs: of this very action block. What changes nothing needs nobody: programs and hosts are the operator's list.
    """
    if not changes:
        return Requirement(0, code="reads")
    base = settings.default or Need(1, ())
    doubt = facts.doubt() or _doubt_of_rules(facts, settings, automation)
    if doubt:
        return _in_doubt(settings, base, facts, automation, doubt)
    rule = next((rule for rule in settings.rules if not _of_sender(rule) and all_hold(rule.when, facts.asked())), None)
    floors, stricter = _floors(facts, automation), _stricter(facts, settings)
    code = "label_missing" if _by_silence(facts, settings, automation) else "plan"
    if rule is not None and rule.auto:
        refusal = code if stricter else _why_not_auto(floors, facts, mode, storm, verified_runs)
        if not refusal:
            return Requirement(0, code="auto")
        return _at_least(base, None, stricter, floors, code if refusal == "floor" and code in WORDS else refusal)
    return _at_least(base, rule, stricter, floors, code)


def _of_sender(rule: ApprovalRule) -> bool:
    """A rule that asks a label of the alert: it never takes the place of another rule, and only makes it stricter."""
    return any(parse(written).label.startswith(LABEL) for written in rule.when)


def _stricter(facts: Facts, settings: Settings) -> tuple[Side, ...]:
    """What the plan asks for beside its rule, because of labels of the alert."""
    rules = (rule for rule in settings.rules if _of_sender(rule) and facts.meet(map(parse, rule.when)))
    return tuple(Side(rule.need or 0, rule.groups) for rule in rules)


def _by_silence(facts: Facts, settings: Settings, automation: Automation) -> bool:
    """Some rule holds only because the alert leaves a label out."""
    plan = (tuple(map(parse, rule.when)) for rule in settings.rules if _of_sender(rule))
    rules = (*plan, *(floor.when for floor in automation.floor))
    return any(facts.meet(when) and any(map(facts.silent, when)) for when in rules)


def _floors(facts: Facts, automation: Automation) -> tuple[FloorRule, ...]:
    return tuple(floor for floor in automation.floor if facts.meet(floor.when))


def _doubt_of_rules(facts: Facts, settings: Settings, automation: Automation) -> str:
    """What a rule asks for and nobody of ours has said, "" if nothing is. A wrong word of a sender must not choose the rule."""
    of_plan = [parse(written) for rule in settings.rules for written in rule.when]
    ask = {matcher.label for matcher in (*of_plan, *(m for floor in automation.floor for m in floor.when))}
    if not facts.service_sure and ask & {"service", "tier"}:
        return "service_unknown"
    if facts.tier is None and "tier" in ask:
        return "tier_unknown"
    eased = any(rule.auto for rule in settings.rules)
    return "severity_unknown" if not facts.severity_sure and (eased or "severity" in ask) else ""


def _why_not_auto(floors: tuple[FloorRule, ...], facts: Facts, mode: Mode, storm: bool, verified_runs: int) -> str:
    if mode is not Mode.AUTO:
        return "mode"
    if storm:
        return "storm"
    if facts.typed:
        return "typed"
    if not floors or not all(facts.severity in floor.auto_for for floor in floors):
        return "floor"
    return "untried" if verified_runs < max(floor.auto_after_verified_runs for floor in floors) else ""


def _at_least(
    base: Need, rule: ApprovalRule | None, stricter: tuple[Side, ...], floors: tuple[FloorRule, ...], code: str
) -> Requirement:
    """What the plan asks for and what each floor asks for, all of it; at least one person."""
    own = Side(
        max(1, base.need if rule is None or rule.need is None else rule.need),
        rule.groups if rule is not None and rule.groups else base.groups,
    )
    plain = _both(own, stricter)
    found = _both(own, (*stricter, *(Side(floor.need, floor.groups) for floor in floors)))
    sides = tuple(side for side in found if side.groups)
    need = max(side.need for side in found)
    if found != plain and code not in WORDS:
        code = "floor"
    rows = zip_longest(*(side.groups for side in sides))
    groups = tuple(dict.fromkeys(group for row in rows for group in row if group))
    alone = len(sides) < 2
    return Requirement(need, groups, _forbid(base, floors), base.expires, base.then_after, code, () if alone else sides)


def _forbid(base: Need, floors: tuple[FloorRule, ...]) -> tuple[str, ...]:
    """Who asked for it says yes to it only where the plan and every floor let them, and there is one."""
    let = floors and not any(floor.forbid for floor in floors)
    return base.forbid if let else tuple(dict.fromkeys((*base.forbid, "starter")))


def _both(own: Side, more: Iterable[Side]) -> tuple[Side, ...]:
    """What must hold together: who names no group asks for more of the plan's; who names the same asks once; what is met whenever
    another is met is not asked apart."""
    found = {own.groups: own.need}
    for side in more:
        groups = side.groups or own.groups
        found[groups] = max(side.need, found.get(groups, 0))
    kept: list[Side] = []
    for one in (Side(need, groups) for groups, need in found.items() if need):
        if not any(_implies(other, one) for other in kept):
            kept = [*(other for other in kept if not _implies(one, other)), one]
    return tuple(kept)


def _implies(one: Side, other: Side) -> bool:
    """Whoever is enough for the one is enough for the other: as many, of no other groups."""
    return bool(one.groups) and set(one.groups) <= set(other.groups) and one.need >= other.need


def _in_doubt(settings: Settings, base: Need, facts: Facts, automation: Automation, code: str) -> Requirement:
    """All that may hold, whatever the truth is, and the most that any rule asks for; its place in the file decides nothing."""
    doubted = facts.doubted()
    asking = [rule for rule in settings.rules if not rule.auto and not _of_sender(rule)]
    rules = [(rule.need or base.need, facts.meet(map(parse, rule.when), doubted), rule) for rule in asking]
    floors = [(floor.need, facts.meet(floor.when, doubted), floor) for floor in automation.floor]
    held, more = tuple(floor for _, floor in _with_most(floors)), _stricter(facts, settings)
    needs = [floor.need for floor in held if not floor.groups] + [side.need for side in more if not side.groups]
    bare = max(needs, default=1)  # of whatever rule holds: so of each
    sides = [Side(max(bare, need), rule.groups or base.groups) for need, rule in _with_most(rules)]
    return _at_least(base, None, (*sides, *more), held, code)


def _with_most(rules: Sequence[tuple[int, bool, R]]) -> list[tuple[int, R]]:
    """Of (need, whether it may hold, rule): those that may, and where none of them asks for the most, those that do."""
    most = max((need for need, _, _ in rules), default=0)
    there = any(may and need == most for need, may, _ in rules)
    return [(need, rule) for need, may, rule in rules if may or (need == most and not there)]
