"""An approval is asked for: of whom, for what exactly, until when; and what time makes of the question."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.events import ApprovalAsked, ApprovalExpired, ApprovalWaits, ApprovalWidened, Draft
from bot.domain.need import Requirement, Side
from bot.domain.people import refuse_if_over
from bot.domain.run_state import Approval
from bot.domain.state import Incident
from bot.domain.terms import BOT, COMMANDER, DEPUTY, Micros, Source
from bot.errors import Refused
from bot.text import Text, t

Members = Callable[[str], tuple[str, ...]]
"""An approver group → ids of its members as they are known now (fresh, able to act); () if there is no such group."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall run, in the words of ApprovalAsked. what: canonical JSON of the resolved action as it is shown; target: "" if it
    has none."""

    run: int
    step: str
    visit: int
    action: str
    digest: str
    plan_sha: str
    target: str
    what: str
    kind: str = ""
    undoes: str = ""
    beside: int = 0
    at_once: int = 0


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(
    incident: int,
    run: int,
    step: str,
    visit: int,
    plan_sha: str,
    resolved: Mapping[str, Any],
    params: Mapping[str, str],
    targets: Collection[str],
    again: int = 0,
) -> str:
    """sha256 hex of what an approval is bound to.

    incident: its number, since runs are counted from 1 in each; resolved: the action with everything filled in, its check and
    rollback, too; again: `asked_before`, so that a yes counts for one question and one run.
    """
    told = [incident, run, step, visit, plan_sha, dict(resolved), dict(params), sorted(targets), again]
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def asked_before(incident: Incident, run: int, step: str, visit: int, still: str = "") -> int:
    """Questions about this visit that are over: denied, expired, replaced, overtaken, or approved and used (what never began
    used nothing). still: digest of the yes that holds on, for what is tried again."""
    used = {attempt.digest for attempt in incident.attempts if attempt.state != "never_started"} - {still}
    here = [a for a in incident.approvals if (a.run, a.step, a.visit) == (run, step, visit)]
    return sum(a.state in ("denied", "expired", "overtaken", "replaced") or a.digest in used for a in here)


def bound(
    incident: Incident,
    place: tuple[int, str, int],
    plan_sha: str,
    resolved: Mapping[str, Any],
    params: Mapping[str, str],
    targets: Collection[str],
    still: str = "",
) -> str:
    """The digest of a question about a visit (run, step, visit). One with other values that is open there ends when this one is
    asked, so it counts as one that is over. still: see `asked_before`."""
    over = asked_before(incident, *place, still)
    waiting = {a.digest for a in incident.approvals if a.state == "open" and (a.run, a.step, a.visit) == place}
    found, next_one = (
        digest(incident.number, *place, plan_sha, resolved, params, targets, n) for n in (over, over + len(waiting))
    )
    return found if found in waiting else next_one


def ask(
    incident: Incident,
    wanted: Wanted,
    requirement: Requirement,
    members: Members,
    starter: str,
    now: Micros,
    policy_sha: str = "",
) -> tuple[Draft, ...]:
    """The question to those who may say yes. starter: the person who asked, "" for an alert or the plan.

    () if the same question is open; another open question about the step is replaced. Refused if too few people could ever say yes.
    """
    refuse_if_over(incident)
    here = [a for a in incident.approvals if a.state == "open" and (a.run, a.step, a.visit) == _place(wanted)]
    if any(a.digest == wanted.digest for a in here):
        return ()
    may, then = first_asked(requirement, members, {starter, *wanting(incident, _place(wanted), wanted.undoes)})
    old = tuple(Draft(ApprovalExpired(a.digest, wanted.digest), actor=BOT, source=Source.DERIVED) for a in here)
    asked = ApprovalAsked(
        **asdict(wanted),
        need=least(requirement, members),
        may=may,
        expires_at=now + requirement.expires,
        starter=starter,
        then=then,
        widen_at=now + requirement.then_after if then else None,
        floor=requirement.code,
        policy_sha=policy_sha,
    )
    return (*old, Draft(asked))


def starter(incident: Incident, run: int) -> str:
    """The person because of whom the actions of a walk are asked: who began the drill, else who began the plan or went on with
    it; "" if an alert did."""
    return (incident.drill.by if incident.drill else "") or incident.walked(run).by


def wanting(incident: Incident, place: tuple[int, str, int], undoes: str = "") -> frozenset[str]:
    """Who wanted the action of a step to run (or to be undone): whoever asked for it, also before somebody else did, and because
    of whom the walk's actions are asked. place: run, step, visit."""
    asked = (a for a in incident.approvals if (a.run, a.step, a.visit) == place and bool(a.undoes) == bool(undoes))
    return frozenset({starter(incident, place[0]), *(a.starter for a in asked)})


def barred(incident: Incident, approval: Approval) -> frozenset[str]:
    """Whose yes does not count, where the starter's does not."""
    return wanting(incident, (approval.run, approval.step, approval.visit), approval.undoes)


def first_asked(
    requirement: Requirement, members: Members, askers: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(people asked at once, groups asked later): as many groups at once as the number needed takes. askers: who wants it."""
    barred = set(askers) if "starter" in requirement.forbid else set()
    may: dict[str, None] = {}
    for number, group in enumerate(requirement.groups, 1):
        may.update(dict.fromkeys(person for person in members(group) if person not in barred))
        if len(may) >= least(requirement, members) and not missing(requirement, may, members):
            return tuple(may), requirement.groups[number:]
    raise Refused(_too_few(requirement, may, members), "nobody")


def _too_few(requirement: Requirement, may: Collection[str], members: Members) -> Text:
    """Which of those who must be content has too few people."""
    whole = Side(requirement.need, requirement.groups)
    short = (side for side in requirement.sides if len(_among(may, side, members)) < side.need)
    side = next(short, whole)
    return t(
        "Not asked: {n} people may approve it ({groups}), and {need} must. Add people to the group in policy.yaml.",
        n=len(_among(may, side, members)),
        groups=", ".join(side.groups),
        need=max(side.need, least(requirement, members) if side is whole else 0),
    )


def _among(people: Collection[str], side: Side, members: Members) -> set[str]:
    return {person for group in side.groups for person in members(group)} & set(people)


def missing(requirement: Requirement, said: Collection[str], members: Members) -> tuple[Side, ...]:
    """Of those who must be content, who has not said yes often enough."""
    return tuple(side for side in requirement.sides if len(_among(said, side, members)) < side.need)


def enough(requirement: Requirement, said: Collection[str], members: Members) -> bool:
    return len(said) >= requirement.need and not missing(requirement, said, members)


def least(requirement: Requirement, members: Members) -> int:
    """How many people it takes at least: those who must be content may have nobody in common."""
    counted: set[str] = set()
    total = 0
    for side in requirement.sides:
        people = {person for group in side.groups for person in members(group)}
        if not people & counted:
            total += side.need
            counted |= people
    return max(requirement.need, total)


def widen(incident: Incident, wanted: str, members: Members, now: Micros) -> tuple[Draft, ...]:
    """Nobody of those asked first has answered: the next groups may, too (actor: Tocsin). () if it is no longer the time."""
    approval = next((a for a in incident.approvals if a.digest == wanted and a.state == "open"), None)
    if approval is None or approval.widen_at is None or now < approval.widen_at:
        return ()
    more = dict.fromkeys(person for group in approval.then for person in members(group))
    new = tuple(person for person in more if person not in (*approval.may, *barred(incident, approval)))
    return (Draft(ApprovalWidened(wanted, new), actor=BOT, source=Source.DERIVED),) if new else ()


def grown(incident: Incident, wanted: str, may: Collection[str]) -> tuple[Draft, ...]:
    """A yes is not enough yet, and some may say one only since more is asked for than at first: they are asked, too. may: who may
    now. () if there are none."""
    approval = incident.approval(wanted)
    if approval is None or approval.state != "open":
        return ()
    new = tuple(person for person in may if person not in approval.may)
    return (Draft(ApprovalWidened(wanted, new)),) if new else ()


def half_over(incident: Incident, wanted: str, now: Micros) -> tuple[Draft, ...]:
    """Half of the time is over: said once (actor: Tocsin). () if it is decided, not the time for that, or was said."""
    approval = next((a for a in incident.approvals if a.digest == wanted and a.state == "open"), None)
    if approval is None or approval.half_at is None or not approval.half_at <= now < approval.expires_at:
        return ()
    silent = tuple(person for person in approval.may if person not in approval.given)
    return (Draft(ApprovalWaits(wanted, silent), actor=BOT, source=Source.DERIVED),)


def next_told(incident: Incident, wanted: str, members: Members) -> tuple[str, ...]:
    """Who hears of it when nobody said yes in time: the groups that were never asked, and whoever leads and was not asked.

    () if there is nobody.
    """
    approval = incident.approval(wanted)
    assert approval is not None, "it was asked"
    later = [person for group in approval.then for person in members(group)]
    leads = [who for role in (COMMANDER, DEPUTY) if (who := incident.holder(role)) and who not in approval.may]
    return tuple(dict.fromkeys(who for who in (*later, *leads[:1]) if who not in approval.may))


def expire(incident: Incident, wanted: str, now: Micros, told: tuple[str, ...] = ()) -> tuple[Draft, ...]:
    """The time is over: that is a no (actor: Tocsin), from then on, also where it is noticed later. () if it is decided, or not yet
    over. told: see ApprovalExpired."""
    approval = next((a for a in incident.approvals if a.digest == wanted and a.state == "open"), None)
    if approval is None or now < approval.expires_at:
        return ()
    over = ApprovalExpired(wanted, told=told)
    return (Draft(over, at=approval.expires_at, actor=BOT, source=Source.DERIVED),)


def _place(wanted: Wanted) -> tuple[int, str, int]:
    return wanted.run, wanted.step, wanted.visit
