"""The deadlines that judge people: listed, moved on when nobody could be judged, and what of them an absence touched.

A timer is a row that is due at its moment; what counts is the deadline in the state. So a deadline that moves needs no timer to be
found again: the old timer comes too early and decides nothing, and a new one is made for the new moment.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from bot.domain import events as e
from bot.domain.calling import Chain
from bot.domain.run_state import SETTLED, Approval, Visit, Walk
from bot.domain.silence import watched
from bot.domain.state import Incident, Offer, Page
from bot.domain.terms import BOT, SECOND, Micros, Status

Move = Callable[[Micros, Micros | None], Micros | None]
"""(when it was set, when it is due) → when it is due now."""
JUDGING = (
    e.RolePassed,
    e.RoleUnanswered,
    e.CommanderSilent,
    e.StepOverdue,
    e.UpdateMissed,
    e.ApprovalExpired,
    e.ApprovalWidened,
    e.NobodyAnswers,
)
"""What Tocsin says of people who did not answer in time."""
JUST_NOW: Micros = 10 * SECOND
"""What was set so short before a clock's step is known was set by the new time."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """what: role | silent | step | approval | half | widen | update | call; name: what people call it; args: of its timer."""

    what: str
    name: str
    at: Micros
    args: Mapping[str, Any] = field(default_factory=dict)


def deadlines(incident: Incident) -> Iterator[Deadline]:
    """All that somebody is still to do by a moment."""
    if not incident.status.open:
        return
    for offer in incident.offers:
        if offer.due_at is not None:
            yield Deadline("role", offer.role, offer.due_at, {"role": offer.role, "person": offer.person})
    if watched(incident) and incident.silent_at is not None:
        yield Deadline("silent", "", incident.silent_at)
    yield from _of_steps(incident)
    yield from _of_approvals(incident)
    if incident.next_update_at is not None:
        yield Deadline("update", "", incident.next_update_at, {"due": incident.next_update_at})
    for chain, page in _ringing(incident).items():
        ended = any(one.answer in ("take", "over") for one in chain.rung(incident) if one.level == page.level)
        if page.due_at is not None and not ended:
            args = {"service": chain.name, "about": chain.about, "level": page.level}
            yield Deadline("call", chain.name, page.due_at, args)


def _of_steps(incident: Incident) -> Iterator[Deadline]:
    if (walk := incident.walking) is None:
        return
    for visit in walk.open:
        if visit.due_at is not None and not visit.overdue and visit.state != "unconfirmed":
            where = {"run": walk.run, "step": visit.step, "visit": visit.visit}
            yield Deadline("step", visit.step, visit.due_at, where)


def _of_approvals(incident: Incident) -> Iterator[Deadline]:
    for asked in incident.approvals:
        if asked.state == "open":
            yield Deadline("approval", asked.action, asked.expires_at, {"digest": asked.digest})
            if asked.half_at is not None:
                yield Deadline("half", asked.action, asked.half_at, {"digest": asked.digest})
            if asked.widen_at is not None and asked.then:
                yield Deadline("widen", asked.action, asked.widen_at, {"digest": asked.digest})


def _ringing(incident: Incident) -> dict[Chain, Page]:
    """Search for somebody → the latest call after whose time others are called."""
    return {Chain(page.service, page.about): page for page in incident.pages if page.due_at is not None}


def called_until(incident: Incident, chain: Chain) -> Micros:
    """Until when those who were called last have time to answer; 0 if nobody was called."""
    page = _ringing(incident).get(chain)
    return 0 if page is None or page.due_at is None else page.due_at


def held(began: Micros, ended: Micros) -> Move:
    """From began until ended timers stood still: what was left of them counts on."""

    def move(since: Micros, due: Micros | None) -> Micros | None:
        if due is None or due <= began:
            return due
        return due + max(0, ended - max(began, since))

    return move


def stepped(now: Micros, step: Micros) -> Move:
    """The clock was set by `step` and shows `now`: what is left of a timer stays the same."""

    def move(since: Micros, due: Micros | None) -> Micros | None:
        if due is None or now - JUST_NOW <= since <= now:
            return due
        return due + step

    return move


def steps_moved(incident: Incident, move: Move) -> tuple[Walk, ...]:
    """The plans with other deadlines of the steps that are not done; what was said to be late is."""

    def step(visit: Visit) -> Visit:
        late = visit.state in SETTLED or visit.overdue
        return visit if late else replace(visit, due_at=move(visit.started_at, visit.due_at))

    return tuple(replace(walk, visits=tuple(step(visit) for visit in walk.visits)) for walk in incident.walks)


def open_again(incident: Incident, at: Micros) -> tuple[Walk, ...]:
    """The plans of what was over until `at`: that time does not count for their steps."""
    over = list(takewhile(lambda one: not Status(one.value).open, reversed(incident.statuses)))
    return steps_moved(incident, held(over[-1].start, at)) if over else incident.walks


def later(asked: Approval, move: Move) -> Approval:
    """The question with other deadlines, if it is open."""
    if asked.state != "open":
        return asked
    until, half = move(asked.asked_at, asked.expires_at), move(asked.asked_at, asked.half_at)
    return replace(asked, expires_at=until or 0, half_at=half, widen_at=move(asked.asked_at, asked.widen_at))


def moved(incident: Incident, move: Move) -> Incident:
    """The incident with other deadlines."""

    def offer(offered: Offer) -> Offer:
        return replace(offered, due_at=move(offered.at, offered.due_at))

    def page(called: Page) -> Page:
        return replace(called, due_at=move(called.at, called.due_at))

    return replace(
        incident,
        walks=steps_moved(incident, move),
        approvals=tuple(later(asked, move) for asked in incident.approvals),
        offers=tuple(offer(offered) for offered in incident.offers),
        pages=tuple(page(called) for called in incident.pages),
        silent_at=move(incident.heard_at or 0, incident.silent_at),
        next_update_at=move(incident.updates[-1] if incident.updates else incident.opened_at, incident.next_update_at),
    )


def missed(incident: Incident, events: Iterable[e.Event], began: Micros, ended: Micros) -> dict[str, Any]:
    """What of Absence an absence is said with: what came in, what would have been due, what was run, and how often people were
    judged before anybody knew of it."""
    there = [event for event in events if began <= event.recorded_at <= ended]
    meanwhile = [event.payload for event in there]
    due = [
        f"{one.what}:{one.name}"
        for one in deadlines(incident)
        if began < one.at <= ended and one.what not in ("half", "widen", "silent")
    ]
    return {
        "alerts": sum(payload.fired for payload in meanwhile if isinstance(payload, e.AlertsChanged)),
        "due": tuple(dict.fromkeys(due)),
        "judged": sum(event.actor == BOT and isinstance(event.payload, JUDGING) for event in there),
        "runs": sum(isinstance(payload, e.ActionStarted) for payload in meanwhile),
    }
