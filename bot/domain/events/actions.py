"""What the bot does on machines: approvals, attempts, checks."""

from dataclasses import dataclass, field

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("approval_asked")
@dataclass(frozen=True, slots=True)
class ApprovalAsked(Payload):
    """The bot asks to run an action. Everything that a person approves stands here, bound by the digest.

    digest: sha256 hex of run, step, visit, plan sha, resolved action, params, targets; code: its first four; need: how many
    different people; may: who may say yes now; widen_at: when `then` may, too; starter: who asked ("" = an alert or the plan).
    what: JSON of the resolved action as shown (executor, argv or request, target, verify, rollback); kind: as in ActionStarted;
    undoes: the attempt that it would undo, "" if it is the action itself;
    beside: targets that were in hand then, without its own; at_once: how many may be, 0 = the plan sets no limit.
    """

    run: int
    step: str
    visit: int
    action: str
    digest: str
    need: int
    may: tuple[str, ...]
    expires_at: Micros
    starter: str = ""
    then: tuple[str, ...] = ()
    widen_at: Micros | None = None
    floor: str = ""  # the rule that decided: code of bot.domain.approval
    policy_sha: str = ""
    plan_sha: str = ""
    target: str = ""
    kind: str = ""
    undoes: str = ""
    beside: int = 0
    at_once: int = 0
    what: str = body()

    @property
    def code(self) -> str:
        return self.digest[:4]


@event("approval_widened")
@dataclass(frozen=True, slots=True)
class ApprovalWidened(Payload):
    """Nobody of the first list answered, or more is asked for by now than when they were asked; these may approve, too."""

    digest: str
    may: tuple[str, ...]


@event("approval_waits")
@dataclass(frozen=True, slots=True)
class ApprovalWaits(Payload):
    """Half of the time is over, and it is not decided. may: who may say yes and has not."""

    digest: str
    may: tuple[str, ...]


@event("approval_given")
@dataclass(frozen=True, slots=True)
class ApprovalGiven(Payload):
    """members: who could approve at that moment; enough: this one completed the number needed; need: that number, which may
    have grown since the question was asked (the severity rose, the policy changed); policy_sha: by which policy it was counted."""

    digest: str
    enough: bool
    members: tuple[str, ...] = ()
    need: int = 0
    policy_sha: str = ""


@event("approval_denied")
@dataclass(frozen=True, slots=True)
class ApprovalDenied(Payload):
    digest: str
    reason: str = body()


@event("approval_expired")
@dataclass(frozen=True, slots=True)
class ApprovalExpired(Payload):
    """Nobody said yes in time; replaced_by: digest of the question that was asked in its place before
    its time was over; told: who is called because of that, beside those who were asked."""

    digest: str
    replaced_by: str = ""
    told: tuple[str, ...] = ()


@event("action_refused")
@dataclass(frozen=True, slots=True)
class ActionRefused(Payload):
    """A gate says no: code of bot.domain.approval, with its parameters."""

    run: int
    step: str
    visit: int
    action: str
    code: str
    params: dict[str, str] = field(default_factory=dict)


@event("action_started")
@dataclass(frozen=True, slots=True)
class ActionStarted(Payload):
    """An attempt begins. attempt: its id (its folder in the runner directory); digest: what was approved, "" if nobody had to.

    check: a read-only check follows, and the step runs until it has answered; retry: 0, or the how manieth repeat of what failed
    it is, under the same yes; undoes: the attempt that it undoes, "" if it is the action itself; overridden: the one in
    `approvers` said so without the approvals.
    """

    run: int
    step: str
    visit: int
    action: str
    attempt: str
    n: int
    changes: bool
    kind: str = ""  # takeover | self_heal | diagnostic | experiment | ""
    digest: str = ""
    approvers: tuple[str, ...] = ()
    target: str = ""
    check: bool = False
    retry: int = 0
    undoes: str = ""
    overridden: bool = False


@event("action_ended")
@dataclass(frozen=True, slots=True)
class ActionEnded(Payload):
    """outcome: exited | timed_out | stopped | unknown | never_started | failed (it could not be started, and says why in
    output); exit: code or HTTP status; ended_at: the true time; why, of what is unknown: "" = it was cut off, `silent` = whoever
    runs it is not heard of, and it may go on there."""

    attempt: str
    outcome: str
    exit: int | None = None
    ended_at: Micros | None = None
    size: int = 0
    output: str = body()
    why: str = ""


@event("action_verified")
@dataclass(frozen=True, slots=True)
class ActionVerified(Payload):
    """The read-only check after an attempt. tries: how often it was made."""

    attempt: str
    ok: bool
    tries: int = 1
    output: str = body()


@event("action_settled")
@dataclass(frozen=True, slots=True)
class ActionSettled(Payload):
    """What became of an attempt whose outcome was unknown. outcome: done | not | by_hand, as a person says; Tocsin itself says
    `not` of what only reads, and `again` of what may be done twice, when it does it again."""

    attempt: str
    outcome: str


@event("action_stopping")
@dataclass(frozen=True, slots=True)
class ActionStopping(Payload):
    """A person wants an attempt to end. What became of it is told by its end."""

    attempt: str


@event("overridden")
@dataclass(frozen=True, slots=True)
class Overridden(Payload):
    """Somebody whom policy.yaml names under break_glass runs an action without the approvals that it needs, and within its pause.
    tells: the channel that hears of it."""

    run: int
    step: str
    visit: int
    action: str
    tells: str = ""
    reason: str = body()


@event("breaker_opened")
@dataclass(frozen=True, slots=True)
class BreakerOpened(Payload):
    """Actions of a plan failed `failures` times within `within` µs: none runs until a person allows it again."""

    plan: str
    failures: int
    within: Micros


@event("recovery_lapsed")
@dataclass(frozen=True, slots=True)
class RecoveryLapsed(Payload):
    """What an action healed is broken again within the plan's pause: it counts as failed. healed_at: when its check was good;
    back_at: when the alert began again; within: µs of the pause; attempt: "" if it was done in another incident."""

    plan: str
    action: str
    target: str
    healed_at: Micros
    back_at: Micros
    within: Micros
    attempt: str = ""


@event("action_undone")
@dataclass(frozen=True, slots=True)
class ActionUndone(Payload):
    """What became of undoing an attempt. undo: the attempt that did it; ok: False = it failed, and nothing more is undone."""

    attempt: str
    undo: str
    ok: bool


@event("action_late")
@dataclass(frozen=True, slots=True)
class ActionLate(Payload):
    """A result arrived after its attempt had been settled otherwise."""

    attempt: str
    outcome: str
    exit: int | None = None
