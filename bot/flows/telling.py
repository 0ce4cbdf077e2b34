"""What people tell: decided, tried, seen, impact. One transaction each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain import followup as followups
from bot.domain import moments, saying, telling
from bot.domain.events import Draft, FollowupMade, ImpactTold
from bot.domain.questions import CAUSES
from bot.domain.terms import Micros
from bot.flows import directory
from bot.flows.case import Case, once
from bot.flows.declare import Told
from bot.flows.desk import Desk
from bot.ports import Button, Cause, Reply
from bot.slack.views import lines_told
from bot.text import Code, Text, Who, t

THERE = t("It is on the timeline.")
ALREADY = t("It was there already.")
FOLLOWING = t("You follow it already.")


@dataclass(frozen=True, slots=True)
class Affected:
    """What somebody says was affected."""

    function: str = ""
    percent: int | None = None
    start: Micros | None = None
    end: Micros | None = None


async def decided(desk: Desk, cause: Cause, number: int, text: str, at: Micros | None = None) -> Reply:
    """`decide`."""
    return await _said(desk, cause, number, lambda case: telling.decide(case.incident, case.by, text, _when(case, at)))


async def tried(desk: Desk, cause: Cause, number: int, text: str, result: str, at: Micros | None = None) -> Reply:
    """`tried`."""
    said = THERE if result else t("It is on the timeline. Once you know what came of it: `tried {text} → …`", text=text)
    return await _said(
        desk, cause, number, lambda case: telling.tried(case.incident, case.by, text, result, _when(case, at)), said
    )


async def seen(
    desk: Desk, cause: Cause, number: int, who: str, text: str, at: Micros | None = None, message: Told | None = None
) -> Reply:
    """`seen`, and the shortcut of a message."""
    where = telling.Message(message.channel, message.ts, message.author, message.at) if message else None
    return await _said(
        desk, cause, number, lambda case: telling.seen(case.incident, case.by, who, text, _when(case, at), where)
    )


async def seen_too(desk: Desk, cause: Cause, number: int) -> Reply:
    """[I see it too] on the announcement. What exactly they see may be said afterwards."""
    said, again = t("Thank you: it is noted that you see it, too."), t("It is noted already that you see it.")
    reply = await _said(desk, cause, number, lambda case: telling.seen_too(case.incident, cause.actor), said, again)
    return replace(reply, buttons=(Button(t("Say what you see"), "seen", {"who": "colleague"}),))


async def put(desk: Desk, cause: Cause, number: int, message: Told) -> Reply:
    """The shortcut *Add to timeline*: a message of any channel, at its own time."""
    m = message
    return await _said(
        desk,
        cause,
        number,
        lambda case: saying.pin(case.incident, case.by, m.channel, m.ts, m.author, _when(case, m.at) or m.at, m.text),
    )


async def follow(desk: Desk, cause: Cause, number: int, zone: str) -> Reply:
    """`follow`."""
    by_night = t("none between 22:00 and 07:00; the newest comes in the morning")
    said = t("You get the updates of {ref} by direct message, {by_night}.", ref=f"INC-{number}", by_night=by_night)
    return await _said(
        desk, cause, number, lambda case: saying.follow(case.incident, cause.actor, zone), said, FOLLOWING
    )


async def unfollow(desk: Desk, cause: Cause, number: int) -> Reply:
    """`unfollow`."""
    said, not_ = t("You get no updates of it any more."), t("You do not follow it.")
    return await _said(desk, cause, number, lambda case: saying.unfollow(case.incident, cause.actor), said, not_)


async def cause(desk: Desk, cause: Cause, number: int, code: str, text: str) -> Reply:
    """`cause`."""
    said = t("Recorded: {title} ({code}). There may be more than one.", title=CAUSES[code], code=Code(code))
    return await _said(desk, cause, number, lambda case: telling.cause(case.incident, case.by, code, text), said)


async def followup(desk: Desk, cause: Cause, number: int, text: str, owner: str, due: str) -> Reply:
    """`followup`."""

    async def work(case: Case) -> Reply:
        if owner:
            await directory.refuse_absent(case.tx, owner)
        await case.record(await numbered(case, followups.make(case.incident, case.by, text, owner, due)))
        made = case.incident.told.followups[-1]
        whose = Who(owner) if owner else t("nobody yet")
        until = t("due {day}", day=made.due) if made.due else t("no day yet")
        kept = t("{ref} stands in the draft of the post-mortem: {who}, {due}.", ref=made.ref, who=whose, due=until)
        return Reply((t("{kept} Nobody is reminded of it yet.", kept=kept),))

    return await once(desk, cause, number, work)


async def numbered(case: Case, drafts: Sequence[Draft]) -> list[Draft]:
    """Each follow-up among them gets the next number of all."""
    given = []
    for draft in drafts:
        p = draft.payload
        made = replace(p, number=await case.tx.next_followup()) if isinstance(p, FollowupMade) else p
        given.append(replace(draft, payload=made))
    return given


async def flagged(desk: Desk, cause: Cause, number: int, channel: str, ts: str, text: str) -> Reply:
    """🚩 on a message."""

    async def work(case: Case) -> Reply:
        await case.record(await numbered(case, followups.flag(case.incident, case.by, channel, ts, text)))
        return Reply()

    return await once(desk, cause, number, work)


async def unflagged(desk: Desk, cause: Cause, number: int, channel: str, ts: str) -> Reply:
    """🚩 taken away."""
    return await _said(desk, cause, number, lambda case: followups.unflag(case.incident, channel, ts))


async def no_impact(desk: Desk, cause: Cause, number: int) -> Reply:
    """`impact none`."""
    said = t("Recorded: nothing was affected.")
    return await _said(desk, cause, number, lambda case: telling.no_impact(case.incident, case.by), said)


async def impact(desk: Desk, cause: Cause, number: int, told: Affected) -> Reply:
    """`impact trading 40% from 02:45 to 03:10`; says back what was understood."""

    async def work(case: Case) -> Reply:
        drafts = telling.impact(case.incident, case.by, told.function, told.percent, told.start, told.end)
        await case.record(drafts)
        found = next((e.payload for e in case.events if isinstance(e.payload, ImpactTold)), None)
        if found is None:
            return Reply((ALREADY,), done=False)
        what = lines_told.impact(found.function, found.percent, found.began_at, found.ended_at)
        return Reply((t("Recorded: {what}.", what=what),))

    return await once(desk, cause, number, work)


def _when(case: Case, at: Micros | None) -> Micros | None:
    return moments.checked(case.incident, case.now, at)


async def _said(
    desk: Desk,
    cause: Cause,
    number: int,
    decide: Callable[[Case], Sequence[Draft]],
    said: Text = THERE,
    otherwise: Text = ALREADY,
) -> Reply:
    async def work(case: Case) -> Reply:
        drafts = decide(case)
        await case.record(drafts)
        return Reply((said if drafts else otherwise,), done=bool(drafts))

    return await once(desk, cause, number, work)
