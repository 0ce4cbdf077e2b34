"""How much approval an action needs: the plan's rules and the operator's floor together, the stricter of the two.

Both ask facts: severity and kind of the incident, service and tier of services.yaml, env of the inventory. Whoever sends an
alert chooses none of them but the severity that routes.yaml takes over; if the alert contradicts them or says nothing, the
strictest rule that there is holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.matcher import all_hold, parse
from bot.domain.plan import ApprovalRule, Need, Settings
from bot.domain.policy import Automation, FloorRule, Mode
from bot.domain.terms import MINUTE, Micros, Severity
from bot.text import Text, t

WORDS: Mapping[str, Text] = {
    "no_inventory": t("The target stands in no inventory, so the strictest rule holds."),
    "env_unknown": t("Nobody has said in which environment the target is, so the strictest rule holds."),
    "env_missing": t("The alert names no environment, so the strictest rule holds."),
    "env_differs": t("The alert names another environment than the inventory, so the strictest rule holds."),
    "service_unknown": t("The inventory does not say whose target it is, and a rule asks for it: the strictest holds."),
    "severity_unknown": t("Nobody has said how severe it is, and a rule asks for it: the strictest holds."),
    "storm": t("Many incidents are open, so automation asks first."),
    "mode": t("Automation is set to ask first."),
    "untried": t("It has not proved itself often enough to run without a person."),
    "floor": t("The policy of this organisation asks for this."),
}
"""Code of a requirement → why so much is asked for, where people should know."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides. env: of the target by the inventory, else of the service, "" if nobody says; in_inventory: the target is
    known there; alert_envs: what the incident's alerts say (empty: it has none; "": one says nothing); labels: of the alert;
    service_sure, severity_sure: whether somebody of ours has said it, and not only the sender of an alert, or nobody.
    """

    severity: Severity
    service: str
    tier: int | None
    env: str
    kind: str
    in_inventory: bool
    alert_envs: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    service_sure: bool = True
    severity_sure: bool = True

    def asked(self) -> Mapping[str, str]:
        """The facts as matchers see them; labels of the alert stand apart as `label.x`."""
        own = {
            "severity": self.severity.value,
            "service": self.service,
            "tier": "" if self.tier is None else str(self.tier),
            "env": self.env,
            "kind": self.kind,
        }
        return {**{f"label.{name}": value for name, value in self.labels.items()}, **own}


@dataclass(frozen=True, slots=True)
class Requirement:
    """need: different people, 0 = nobody has to be asked; groups: in the order in which they are asked; code: see WORDS."""

    need: int
    groups: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ("starter",)
    expires: Micros = 15 * MINUTE
    then_after: Micros = 5 * MINUTE
    code: str = "plan"

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
    doubt = _doubt(facts) or _doubt_of_rules(facts, settings, automation)
    if doubt:
        return _strictest(settings, base, automation, doubt)
    rule = next((rule for rule in settings.rules if all_hold(rule.when, facts.asked())), None)
    floors = tuple(f for f in automation.floor if all(m.holds(facts.asked()) for m in f.when))
    if rule is not None and rule.auto:
        refusal = _why_not_auto(floors, facts, mode, storm, verified_runs)
        if not refusal:
            return Requirement(0, code="auto")
        return _at_least(base, None, floors, refusal)
    return _at_least(base, rule, floors, "plan")


def _doubt(facts: Facts) -> str:
    """Why the facts cannot be trusted to make anything easier, "" if they can."""
    if not facts.in_inventory:
        return "no_inventory"
    if not facts.env:
        return "env_unknown"
    if "" in facts.alert_envs:
        return "env_missing"
    return "env_differs" if facts.alert_envs - {facts.env} else ""


def _doubt_of_rules(facts: Facts, settings: Settings, automation: Automation) -> str:
    """What a rule asks for and nobody of ours has said, "" if nothing is. A wrong word of a sender must not choose the rule."""
    of_plan = [parse(written) for rule in settings.rules for written in rule.when]
    ask = {matcher.label for matcher in (*of_plan, *(m for floor in automation.floor for m in floor.when))}
    if not facts.service_sure and ask & {"service", "tier"}:
        return "service_unknown"
    eased = any(rule.auto for rule in settings.rules)
    return "severity_unknown" if not facts.severity_sure and (eased or "severity" in ask) else ""


def _why_not_auto(floors: tuple[FloorRule, ...], facts: Facts, mode: Mode, storm: bool, verified_runs: int) -> str:
    if mode is not Mode.AUTO:
        return "mode"
    if storm:
        return "storm"
    if not floors or not all(facts.severity in floor.auto_for for floor in floors):
        return "floor"
    return "untried" if verified_runs < max(floor.auto_after_verified_runs for floor in floors) else ""


def _at_least(base: Need, rule: ApprovalRule | None, floors: tuple[FloorRule, ...], code: str) -> Requirement:
    """The plan's number and groups, or the floor's where it asks for more; at least one person."""
    need = max(1, base.need if rule is None or rule.need is None else rule.need)
    groups = rule.groups if rule is not None and rule.groups else base.groups
    floor = max(floors, key=lambda f: (f.need, bool(f.groups)), default=None)
    if floor is not None and floor.need > need:
        need, code = floor.need, code if code in WORDS else "floor"
    named = next((f.groups for f in sorted(floors, key=lambda f: -f.need) if f.groups), ())
    return Requirement(need, named or groups, base.forbid, base.expires, base.then_after, code)


def _strictest(settings: Settings, base: Need, automation: Automation, code: str) -> Requirement:
    """The most that any rule of the plan or of the floor asks for."""
    rule = max((r for r in settings.rules if r.need), key=lambda r: r.need or 0, default=None)
    if rule is not None and (rule.need or 0) < base.need:
        rule = None
    return _at_least(base, rule, automation.floor, code)
