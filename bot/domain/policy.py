"""What people and automation may do: `policy.yaml` as values.

Nothing in a plan or an alert can widen what stands here. Names of people are Slack user ids (`U…`), names of groups are keys of
`groups` or Slack user groups (`@handle`); who is in a Slack group is told by the caller (`Directory`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.directory import Directory, is_person
from bot.domain.matcher import Matcher
from bot.domain.reach import Reach
from bot.domain.terms import HOUR, Micros, Severity

EVERYBODY = "everybody"
FUNCTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
"""`module:function`, in policy.yaml and in plans."""
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "read": (EVERYBODY,),
    "respond": (EVERYBODY,),
    "declare": (EVERYBODY,),
    "command": (EVERYBODY,),
    "approve": (EVERYBODY,),
    "edit_times": (EVERYBODY,),
    "see_private": (),
}
"""Permission → who has it if policy.yaml does not say: everybody in the workspace, private incidents only their own people."""


class Mode(StrEnum):
    """How far automation may go."""

    OFF = "off"
    DRY_RUN = "dry-run"
    ASK = "ask"
    AUTO = "auto"

    def within(self, most: "Mode") -> "Mode":
        """The stricter of two: off, dry-run, ask, auto, in this order."""
        order = list(Mode)
        return min(self, most, key=order.index)


@dataclass(frozen=True, slots=True)
class FloorRule:
    """The least that must be asked where all matchers hold. auto_for: severities that need nobody, after so many verified runs;
    forbid: whose yes does not count, `starter` or nobody.
    """

    when: tuple[Matcher, ...]
    need: int = 1
    groups: tuple[str, ...] = ()
    auto_for: frozenset[Severity] = frozenset()
    auto_after_verified_runs: int = 0
    line: int = 0
    forbid: tuple[str, ...] = ("starter",)


@dataclass(frozen=True, slots=True)
class Hosts:
    """One entry of the inventory: hosts of one kind in one environment. service: whose they are, "" if it is not said; drill:
    they are there for drills and experiments.
    """

    name: str
    env: str
    hosts: tuple[str, ...]
    service: str = ""
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Breaker:
    """Opens after `failures` failed recoveries within `within`; only a person closes it."""

    failures: int = 3
    within: Micros = HOUR


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Who may skip approval count and cooldown of one action, with a reason. tells: the channel that hears of it."""

    who: tuple[str, ...] = ()
    need_second: bool = False
    tells: str = ""


@dataclass(frozen=True, slots=True)
class PlansFrom:
    """Where plans that may act come from. edit: where a file is edited in a browser, with `{path}`, and `{branch}` and `{line}` if
    they are wanted; "" = what the remote's address tells."""

    repo: str = ""
    branch: str = ""
    signed_commits: bool = False
    edit: str = ""


SECRET = r"[A-Za-z][A-Za-z0-9_]{0,62}"  # noqa: S105
"""The name of a secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What a request may carry in a header. value: a reference (`env:NAME`, `file:/path`), never the value itself; hosts: where it
    may go, written as http_hosts are."""

    value: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Automation:
    """What may run. programs: absolute paths, `*` at the end of one stands for any name; http_hosts: see the Http port;
    python: `module:function` of each function that may be called; python_path: folders in which modules are looked for, too;
    reach: what may be done on other machines; secrets: by the names under which plans write them.
    """

    mode: Mode = Mode.ASK
    plans: PlansFrom = PlansFrom()
    floor: tuple[FloorRule, ...] = ()
    programs: tuple[str, ...] = ()
    http_hosts: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)
    inventory: tuple[Hosts, ...] = ()
    breaker: Breaker = Breaker()
    pause_when_open_incidents: int | None = None
    break_glass: BreakGlass = BreakGlass()

    @property
    def references(self) -> tuple[str, ...]:
        """Where the values of the secrets are."""
        return tuple(secret.value for secret in self.secrets.values())

    def entry_of(self, target: str) -> Hosts | None:
        """The inventory's entry that holds a target."""
        return next((entry for entry in self.inventory if target in entry.hosts), None)

    def hosts(self, name: str) -> tuple[str, ...]:
        """Hosts of an entry of the inventory; `all` stands for every entry, no such entry for none."""
        return tuple(host for entry in self.inventory if name in {entry.name, "all"} for host in entry.hosts)


@dataclass(frozen=True, slots=True)
class DrillTime:
    """A drill of `plan` begins by itself, at each moment that a cron line names in a zone."""

    plan: str
    cron: str
    zone: str = "UTC"
    service: str = ""


@dataclass(frozen=True, slots=True)
class Drills:
    """any_hour: drills call people outside their working hours, too; schedule: those that begin by themselves."""

    any_hour: bool = False
    schedule: tuple[DrillTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """policy.yaml. sha: sha256 hex of its text, stored with every approval."""

    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PERMISSIONS)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    automation: Automation = Automation()
    drills: Drills = Drills()
    sha: str = ""

    def holders(self, permission: str) -> tuple[str, ...]:
        """Who has a permission, as written. KeyError if there is no such permission."""
        return self.permissions.get(permission, PERMISSIONS[permission])

    def members(self, name: str, directory: Directory) -> tuple[str, ...]:
        """Ids of the people behind a name: a group of policy.yaml, a Slack user group `@handle`, or a user id itself."""
        if name in self.groups:
            found = [person for entry in self.groups[name] for person in _behind(entry, directory)]
            return tuple(dict.fromkeys(found))
        return _behind(name, directory)

    def handles(self) -> tuple[str, ...]:
        """Handles of the Slack user groups that policy.yaml names, without @."""
        named = [*self.groups.values(), *self.permissions.values(), self.automation.break_glass.who]
        found = [name[1:] for names in named for name in names if name.startswith("@")]
        return tuple(dict.fromkeys(found))


def _behind(name: str, directory: Directory) -> tuple[str, ...]:
    if name.startswith("@"):
        return directory.members(name)
    return (name,) if is_person(name) else ()
