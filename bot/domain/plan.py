"""An emergency plan as its Markdown says it: values only (runbooks/parse.py makes them)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.terms import MINUTE, Micros, Severity

EXPERIMENT, REVERT = "experiment", "revert"


@dataclass(frozen=True, slots=True)
class PlanRole:
    """A row of the Roles table. name in lower case ("commander" for its other spellings); who, standby: `@name` as written."""

    name: str
    who: str = ""
    standby: str = ""
    after: Micros | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a decision. to: continue | stop | phase:<slug> | plan:<id>."""

    label: str
    to: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Does:
    """What an executor is asked to do. executor: run | http | python; spec: its own keys, `${param}` still inside."""

    executor: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """The read-only proof after an action."""

    does: Does
    timeout: Micros
    attempts: int = 1
    wait: Micros = 0


@dataclass(frozen=True, slots=True)
class Action:
    """Something the bot may do in a step. answer: exit code or HTTP status (or `otherwise`) → answer of the step's decision."""

    id: str
    does: Does
    changes: bool
    timeout: Micros
    idempotent: bool = False
    retries: int = 0
    verify: Check | None = None
    rollback: Does | None = None
    rollback_reason: str = ""
    rollback_timeout: Micros = 2 * MINUTE
    on_failure: str = "stop"  # stop | continue | rollback
    answer: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""  # takeover | self_heal | diagnostic | experiment
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One checkbox. number: `2.3`; role in lower case, "" = the phase's lead, else the commander."""

    number: str
    text: str
    line: int
    role: str = ""
    within: Micros | None = None
    evidence: bool = False
    confirmed_by: str = ""
    confirm_always: bool = False
    optional: bool = False
    meanwhile: bool = False
    marks: str = ""  # id of a milestone
    copy: tuple[str, ...] = ()
    update_text: str = ""
    question: str = ""  # of a decision
    answers: tuple[Answer, ...] = ()
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A heading with checkboxes. slug: as GitHub makes it."""

    slug: str
    title: str
    steps: tuple[Step, ...]
    line: int
    target: Micros | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """A value that an action may use. type: string | int | bool | choice | host | path | secret; rest: the type's own keys;
    help: what it is, for whoever is asked to give it."""

    name: str
    type: str
    source: str = ""  # label.x | annotation.x | ask.x
    required: bool = True
    default: str | int | bool | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """cooldown per target; at most `count` runs per `per` over all targets."""

    cooldown: Micros
    count: int
    per: Micros
    lock_key: str
    lock_max: int = 1
    max_targets: int = 1
    max_percent: int = 100
    of: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """How many different people of which groups (in the order they are asked) must say yes."""

    need: int
    groups: tuple[str, ...]
    forbid: tuple[str, ...] = ("starter",)
    expires: Micros = 15 * MINUTE
    then_after: Micros = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """First rule whose matchers all hold decides. auto: no person needed, if the floor allows it."""

    when: tuple[str, ...]
    auto: bool = False
    need: int | None = None
    groups: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """The plan's `## Settings`."""

    params: Mapping[str, Param] = field(default_factory=dict)
    limits: Limits | None = None
    default: Need | None = None
    rules: tuple[ApprovalRule, ...] = ()
    after_failure: str = ""  # slug of the phase to go to
    after_line: int = 0


@dataclass(frozen=True, slots=True)
class Inject:
    """What a drill tells somebody so long after its start. tell: a role, or `everybody`."""

    after: Micros
    tell: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. sha: sha256 hex of the text; match: matchers that must all hold; help: (heading, Markdown) without steps;
    abort_when: of an experiment, what ends it at once; abort_checks: what Tocsin itself looks at meanwhile, with the words of its
    item: what is looked for is so if it answers as expected. Its end time is `takes`. lines: key of the front matter → its line.
    """

    id: str
    title: str
    summary: str
    owner: str
    phases: tuple[Phase, ...]
    sha: str
    path: str = ""
    match: tuple[str, ...] = ()
    severity: tuple[Severity, ...] = ()
    reviewed: str = ""
    kind: str = "plan"  # plan | experiment
    takes: Micros | None = None
    roles: tuple[PlanRole, ...] = ()
    settings: Settings = field(default_factory=Settings)
    help: tuple[tuple[str, str], ...] = ()
    injects: tuple[Inject, ...] = ()
    abort_when: tuple[str, ...] = ()
    abort_checks: tuple[tuple[str, Action], ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def back(self) -> str:
        """First step of an experiment's way back; "" if it is none."""
        phases = self.phases if self.kind == EXPERIMENT else ()
        return next((phase.steps[0].number for phase in phases if phase.slug == REVERT), "")

    @property
    def undoes(self) -> bool:
        """What was done in it is undone when one of its actions fails."""
        steps = [step for phase in self.phases for step in phase.steps]
        return any(step.action is not None and step.action.on_failure == "rollback" for step in steps)

    def step(self, number: str) -> Step:
        """The step with a number; KeyError if there is none."""
        for phase in self.phases:
            for step in phase.steps:
                if step.number == number:
                    return step
        raise KeyError(number)

    def phase_of(self, number: str) -> Phase:
        """The phase that holds a step."""
        return self.phases[int(number.split(".")[0]) - 1]

    def role(self, name: str) -> PlanRole | None:
        """The row of the Roles table for a role."""
        return next((role for role in self.roles if role.name == name), None)
