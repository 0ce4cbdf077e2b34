"""What is known of an action's target and its incident, and how far that can be trusted: on this rests who must say yes to it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.matcher import LONGEST_VALUE, Matcher
from bot.domain.terms import Severity

LABEL = "label."
"""How a matcher names what the alert says, and not what we know."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides. env: of the target by the inventory, else of the service, "" if nobody says; in_inventory: the target is
    known there; alert_envs: what the incident's alerts say (empty: it has none; "": one says nothing); labels: of the alert;
    service_sure, severity_sure: whether somebody of ours has said it, and not only the sender of an alert, or nobody; typed: a
    person gave a value that the alert should have, or the target.
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
    typed: bool = False

    def asked(self) -> Mapping[str, str]:
        """The facts as matchers see them; labels of the alert stand apart as `label.x`."""
        own = {
            "severity": self.severity.value,
            "service": self.service,
            "tier": "" if self.tier is None else str(self.tier),
            "env": self.env,
            "kind": self.kind,
        }
        return {**{f"{LABEL}{name}": value for name, value in self.labels.items()}, **own}

    def meet(self, matchers: Iterable[Matcher], doubted: Collection[str] = ()) -> bool:
        """Whether a rule that only makes it stricter holds: a label that is left out, or that nobody can read, lifts none; nor does
        a fact in doubt."""
        asked = self.asked()
        return all(m.label in doubted or m.holds(asked) or self.silent(m) for m in matchers)

    def silent(self, matcher: Matcher) -> bool:
        """The matcher asks a label of the alert, and the alert does not say it."""
        found = self.labels.get(matcher.label.removeprefix(LABEL), "")
        return matcher.label.startswith(LABEL) and not 0 < len(found) <= LONGEST_VALUE

    def doubt(self) -> str:
        """Why they cannot be trusted to make anything easier (a code of bot.domain.need), "" if they can."""
        if not self.in_inventory:
            return "no_inventory"
        if not self.env:
            return "env_unknown"
        if "" in self.alert_envs:
            return "env_missing"
        return "env_differs" if self.alert_envs - {self.env} else ""

    def doubted(self) -> frozenset[str]:
        """Those that may be otherwise: of a target that nobody knows, or that may not be what the alert is about, all but severity
        and kind."""
        found = {"env", "service", "tier"} if self.doubt() else set()
        found |= set() if self.service_sure else {"service", "tier"}
        found |= {"tier"} if self.tier is None else set()
        return frozenset(found if self.severity_sure else found | {"severity"})
