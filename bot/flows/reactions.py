"""What follows when an effect has ended, or is due: decided in the transaction that settles it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.domain import change, course, roles, silence, walk_people
from bot.domain.calling import INCIDENT, Chain, instead
from bot.domain.deadlines import called_until
from bot.domain.events import Draft, Event, UpdateMissed
from bot.domain.state import Incident, Offer
from bot.domain.terms import COMMANDER, MANAGER, ORG, Kind, Severity
from bot.domain.waking import APPROVAL
from bot.flows import (
    aborting,
    approvals,
    calling,
    drill,
    drilling,
    duty,
    execute,
    feedback,
    follow,
    home,
    lasting,
    moving,
    opening,
    outcomes,
    questions,
    quiet,
    waking,
)
from bot.flows.case import Case, react
from bot.flows.desk import AT_FIRST, DOUBT, Desk
from bot.ports import Effect, Json, Reaction, Tx

Decide = Callable[[Case, Json], Awaitable[None]]

JUDGES = frozenset(
    {
        "clock.role",
        "clock.silent",
        "clock.step",
        "clock.update",
        "clock.approval",
        "clock.half",
        "clock.widen",
        "clock.page",
    }
)
"""Timers that say of people that they did not answer. All others are of machines and of Tocsin itself, and run on."""

HELD = frozenset({"clock.role", "clock.step", "clock.update", "clock.approval", "clock.half", "clock.widen"})
"""Timers that stand still in a pause: they are made anew when the work goes on (consequences_course)."""
SENDS = (
    *("channel", "topic", "purpose", "invite", "show", "pin", "say", "dm", "page", "file", "mend"),
    *("archive", "unsay", "notify", "evidence", "evidence.drop", "bookmark", "dnd"),
)


def reactions(desk: Desk) -> Mapping[str, Reaction]:
    """Kind of effect → what follows."""
    ours = {kind: _reaction(desk, DECIDES.get(kind, _nothing)) for kind in (*SENDS, *DECIDES)}
    return {**ours, **home.reactions(), **drilling.reactions(desk)}


def _reaction(desk: Desk, decide: Decide) -> Reaction:
    async def reaction(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
        if effect.stream == ORG:
            return
        case = await react(desk, tx, effect, events)
        still = case.incident.paused is not None and _held(effect)
        if not still and (not _judges(case.incident, effect) or await _may_judge(case, effect)):
            await decide(case, effect.args)
        await case.follow()

    return reaction


def _held(effect: Effect) -> bool:
    """So do the bells of approvals."""
    return effect.kind in HELD or (effect.kind == "clock.ring" and effect.args["about"] == APPROVAL)


def _judges(incident: Incident, effect: Effect) -> bool:
    """Whether it is about somebody who could have answered: not where nobody could be called, or the one asked has said no."""
    if effect.kind == "clock.page":
        chain = Chain(effect.args["service"], effect.args.get("about", INCIDENT))
        rung = chain.rung(incident)
        woken = any(page.woken for page in rung if page.level == rung[-1].level)  # who can answer without Slack
        return effect.args["service"] not in incident.uncalled and not woken
    if effect.kind == "clock.role":
        return _offer(incident, effect.args) is not None
    return effect.kind in JUDGES


def _offer(incident: Incident, args: Json) -> Offer | None:
    return next((o for o in incident.offers if (o.role, o.person) == (args["role"], args["person"])), None)


async def _may_judge(case: Case, effect: Effect) -> bool:
    """Whether people may be judged now. While Slack is away they are not: when it is back, timers are made anew for what was left
    (consequences_away). Where we only doubt our clock or our connections, the timer comes again."""
    if case.incident.away is not None:
        return False
    if case.desk.doubts():
        key, again, _ = effect.key.partition("~")
        at = case.now + (DOUBT if again else AT_FIRST)
        await case.tx.enqueue([replace(effect, key=f"{key}~{at}", not_before=at)])
        return False
    return True


async def _nothing(case: Case, args: Json) -> None:
    """Its own events are followed; nothing is decided."""


async def _again(case: Case, args: Json) -> None:
    await outcomes.again(case)


async def _opening(case: Case, args: Json) -> None:
    if case.incident.kind is Kind.DRILL and not case.incident.begun_again:
        await drill.opened(case)
    await opening.open_up(case)
    if case.incident.begun_again:
        await outcomes.again(case)
    await lasting.look(case, args)
    await drill.chosen(case)


async def _page(case: Case, args: Json) -> None:
    chain = Chain(args["service"], args.get("about", INCIDENT))
    if case.incident.status.open and called_until(case.incident, chain) <= case.now:
        await calling.call_next(case, chain, args.get("level"))


async def _role(case: Case, args: Json) -> None:
    """A role that was offered is still nobody's: the plan's standby is asked; an unanswered hand-over goes back."""
    offered = _offer(case.incident, args)
    if offered is not None and offered.due_at is not None and offered.due_at > case.now:
        return  # its time was moved on
    await case.record(roles.hand_over_lapsed(case.incident, case.now))
    here = case.incident.walk
    if here is None or here.ended_at is not None:
        return
    plan = await case.desk.plan(case.tx, here.sha)
    roster = await case.roster()
    await case.record(walk_people.standby(case.incident, plan, args["role"], roster, case.now))


async def _silent(case: Case, args: Json) -> None:
    """The commander was not heard for long; and when to look again. One row for each moment, however many timers there are."""
    others = await calling.others(case)
    drafts = silence.silence(case.incident, case.now, bool(others.everybody))
    await case.record(instead(case.incident, others, case.desk.ids.new, case.now) if drafts is None else drafts)
    incident = case.incident
    if incident.status.open and incident.severity is Severity.SEV1 and incident.commander:
        due = incident.silent_at if incident.silent_at and incident.silent_at > case.now else case.now + silence.SILENT
        key, lane = f"{case.stream}:clock.silent:{due}", f"{case.stream}:clock:silent:again"
        await case.tx.enqueue([Effect(key, "clock.silent", lane, case.stream, not_before=due)])


async def _step(case: Case, args: Json) -> None:
    await case.record(walk_people.overdue(case.incident, args["run"], args["step"], args["visit"], case.now))


async def _update(case: Case, args: Json) -> None:
    """The update that was promised is not there. after: the question that others are told of; another commander has one anew."""
    incident, asked = case.incident, args.get("asked", COMMANDER)
    if not incident.status.open or incident.next_update_at != args["due"]:
        return
    if args.get("after", incident.update_asked) != incident.update_asked:
        return
    told = await duty.managers(case.desk, case.tx, incident) if asked == MANAGER else ()
    if told or asked != MANAGER:
        await case.record((Draft(UpdateMissed(args["due"], asked, told)),))


async def _clear(case: Case, args: Json) -> None:
    """`snooze` is over: ask again, if it is still quiet."""
    await case.record(change.ask_again(case.incident, args["until"], case.now))


async def _watch(case: Case, args: Json) -> None:
    """Until then it was to be kept open."""
    await case.record(course.watch_over(case.incident, args["until"], case.now))


DECIDES: Mapping[str, Decide] = {
    "channel": moving.moved,
    "clock.opening": _opening,
    "clock.follow": follow.look,
    "clock.page": _page,
    "clock.ring": waking.ring,
    "clock.stale": quiet.stale,
    "clock.role": _role,
    "clock.silent": _silent,
    "clock.step": _step,
    "clock.update": _update,
    "clock.clear": _clear,
    "clock.feedback": feedback.report,
    "clock.watch": _watch,
    "clock.questions": questions.due,
    "clock.inject": drill.inject,
    "clock.drill_end": drill.time_over,
    "clock.abort": aborting.look,
    "action.look": aborting.looked,
    "drill.clear": _nothing,
    "clock.act": execute.act,
    "clock.again": _again,
    "clock.lasted": lasting.look,
    "clock.approval": approvals.expire,
    "clock.half": approvals.half_over,
    "clock.widen": approvals.widen,
    "action.start": outcomes.started,
    "action.poll": outcomes.ended,
    "action.stop": _nothing,
    "action.verify": outcomes.verified,
    "action.late": _nothing,
}
"""Kind → what is decided. The incident is locked; what is recorded here is followed."""
