"""What is under way in an incident: plans being walked, approvals, attempts. Part of bot/domain/state.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.terms import BOT, Micros


@dataclass(frozen=True)
class Visit:
    """One time that a step was current.

    state: open | unconfirmed | waiting (for an approval) | running | unknown | done | skipped | left (the plan went elsewhere);
    denies: see StepAnswered; ticked_by: of what was skipped, who had ticked it, and nobody confirmed it; refused, refused_with:
    code and values of what last kept its action from running.
    """

    step: str
    visit: int
    started_at: Micros
    role: str = ""
    person: str = ""
    due_at: Micros | None = None
    meanwhile: bool = False
    state: str = "open"
    overdue: bool = False
    done_at: Micros | None = None
    done_by: str = ""
    confirmed_at: Micros | None = None
    confirmed_by: str = ""
    alone: bool = False
    evidence: bool = False
    answer: str = ""
    to: str = ""
    denies: bool = False
    refused: str = ""
    refused_with: Mapping[str, str] = field(default_factory=dict)
    ticked_by: str = ""
    confirm: str = ""  # the role whose second word is missing (or was)
    by_bot: bool = False  # Tocsin does it by itself

    @property
    def quiet(self) -> bool:
        """Tocsin does it, or did, without anybody: it has no card of its own."""
        by_itself = self.by_bot and self.done_by in ("", BOT)
        return by_itself and self.state in ("running", "done", "skipped", "left")


@dataclass(frozen=True)
class Walk:
    """A plan being walked. visits in the order they began; outcome "" while it runs; title: "" if it was deleted; newer: sha of
    a newer text of the plan, "" if this is the newest; by: who began it, or went on with it, "" = nobody of ours."""

    run: int
    plan: str
    sha: str
    why: str
    matchers: int
    started_at: Micros
    visits: tuple[Visit, ...] = ()
    ended_at: Micros | None = None
    outcome: str = ""
    title: str = ""
    newer: str = ""
    by: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.title or self.plan

    @property
    def current(self) -> Visit | None:
        """The step that holds up the next one."""
        return next((v for v in reversed(self.visits) if not v.meanwhile and v.state not in SETTLED), None)

    @property
    def done(self) -> bool:
        """It ended as it was written: after its last step, or by an answer that ends it."""
        return self.outcome == "finished" or (self.outcome == "stopped" and any(v.to == "stop" for v in self.visits))

    @property
    def left_at(self) -> Visit | None:
        """The step at which people left it for another plan; None if it runs, or came to an end of its own."""
        last = next((v for v in reversed(self.visits) if not v.meanwhile), None)
        return last if self.outcome == "replaced" and last and last.state not in ("done", "skipped") else None

    @property
    def open(self) -> tuple[Visit, ...]:
        """All steps that wait for somebody, the holding one last."""
        waiting = [v for v in self.visits if v.state not in SETTLED]
        return tuple(sorted(waiting, key=lambda v: not v.meanwhile))

    def gone_on(self, step: str, visit: int) -> bool:
        """The plan has gone on elsewhere, while what the bot began in this visit was not settled."""
        place = next((n for n, v in enumerate(self.visits) if (v.step, v.visit) == (step, visit)), None)
        if place is None or self.visits[place].meanwhile:
            return False
        return any(not later.meanwhile for later in self.visits[place + 1 :])

    def visit(self, step: str) -> Visit | None:
        """The latest visit of a step."""
        return next((v for v in reversed(self.visits) if v.step == step), None)


SETTLED = frozenset({"done", "skipped", "left"})
ON_A_MACHINE = frozenset({"running", "unknown"})


def left(visit: Visit) -> Visit:
    """Nobody will end it any more: the plan went on elsewhere. What runs on a machine goes on, and still has to be settled."""
    return visit if visit.state in SETTLED or visit.state in ON_A_MACHINE else replace(visit, state="left")


@dataclass(frozen=True)
class Approval:
    """A question whether an action may run. state: open | given | denied | expired | overtaken (its step needs no answer any more)
    | replaced (another one was asked in its place, replaced_by: its digest); given: who said yes, in order; half_at: when half of
    its time is over, None once that was said."""

    digest: str
    run: int
    step: str
    visit: int
    action: str
    need: int
    may: tuple[str, ...]
    asked_at: Micros
    expires_at: Micros
    starter: str = ""
    then: tuple[str, ...] = ()
    widen_at: Micros | None = None
    given: tuple[str, ...] = ()
    state: str = "open"
    ended_at: Micros | None = None
    ended_by: str = ""
    floor: str = ""
    policy_sha: str = ""
    target: str = ""
    kind: str = ""
    undoes: str = ""
    replaced_by: str = ""
    half_at: Micros | None = None

    @property
    def code(self) -> str:
        return self.digest[:4]


@dataclass(frozen=True)
class Attempt:
    """One try at an action. state: running | exited | timed_out | stopped | unknown | never_started | ok | failed.

    `ok` = verified (or ended with 0 where nothing is to be verified); settled_by: the person who answered an unknown;
    retry, undoes, overridden: as in ActionStarted; undone_at: when it was undone; stop_by: who wants
    it to end; lapsed_at: when what it healed was broken again.
    """

    id: str
    run: int
    step: str
    visit: int
    action: str
    n: int
    changes: bool
    started_at: Micros
    kind: str = ""
    digest: str = ""
    approvers: tuple[str, ...] = ()
    target: str = ""
    check: bool = False
    state: str = "running"
    exit: int | None = None
    ended_at: Micros | None = None
    verified: bool | None = None
    verified_at: Micros | None = None
    settled_by: str = ""
    retry: int = 0
    undoes: str = ""
    undone_at: Micros | None = None
    stop_by: str = ""
    lapsed_at: Micros | None = None
    overridden: bool = False

    @property
    def well(self) -> bool:
        """It ended by itself, with a code of what went well."""
        return self.exit == 0 or 200 <= (self.exit or 0) < 300

    @property
    def against(self) -> bool:
        """Its check is good, although it ended badly by itself: the check decides, and it earns no trust."""
        return bool(self.verified) and self.exit is not None and not self.well

    @property
    def unbegun(self) -> bool:
        """Nothing was run, as far as anybody is sure: it was taken back before, or could not be started."""
        failed = self.state == "failed" and self.exit is None and self.verified is None and not self.settled_by
        return failed or self.state == "never_started"
