"""The end, and beginning again: one transaction each, and the sentence for the one who asked."""

from bot.domain import ending, moments, people, undo
from bot.domain.events import Event
from bot.domain.state import Incident
from bot.domain.terms import Kind
from bot.errors import Refused
from bot.flows import drill
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.walk import CARRIED
from bot.ports import EVERYTHING, Button, Cause, Reply
from bot.slack.views import words
from bot.slack.views.lines import line
from bot.text import Room, Text, Typed, When, Who, t


async def reopen(desk: Desk, cause: Cause, number: int, reason: str) -> Reply:
    """`reopen`."""

    async def work(case: Case) -> Reply:
        drafts = ending.reopen(case.incident, case.by, reason)
        if not drafts:
            return Reply((t("{incident} is open.", incident=case.incident.ref),), done=False)
        before = case.incident
        if before.kind is Kind.DRILL:
            drill.refuse_beside(*await drill.open_now(desk, case.tx, cause.actor))
        await case.record(drafts)
        said = t("{incident} is open again.", incident=before.ref)
        return Reply((said, *moments.doubts(before, case.incident, cause.at)))

    return await once(desk, cause, number, work)


async def close(desk: Desk, cause: Cause, number: int) -> Reply:
    """`close`: done, and what a good end would still have."""

    async def work(case: Case) -> Reply:
        gaps = ending.missing(case.incident)
        await case.record(ending.close(case.incident, case.by))
        head = t("{incident} is closed.", incident=case.incident.ref)
        return Reply((head, *((t("Still missing:"), *gaps) if gaps else ())))

    return await once(desk, cause, number, work)


async def decline(
    desk: Desk, cause: Cause, number: int, why: str, reason: str, sure: bool = False, seen: int = 0
) -> Reply:
    """`decline`: it is no incident. sure: also if somebody else has only just ended it, or (seen: as in `ending.only_just`)
    while the form was open."""

    async def work(case: Case) -> Reply:
        drafts = ending.decline(case.incident, case.by, why, reason)
        if not drafts:
            return Reply((people.over(case.incident),), done=False)
        doubt = (
            None if sure else ending.only_just(case.incident, await case.tx.timeline(number, EVERYTHING), case.by, seen)
        )
        if doubt is not None:
            return _otherwise(case, doubt, why, reason)
        await case.record(drafts)
        said = t(
            "{incident} is ended and counts in no number. {word} opens it again.",
            incident=case.incident.ref,
            word=Typed("reopen"),
        )
        return Reply((said,))

    return await once(desk, cause, number, work)


def _otherwise(case: Case, doubt: Text, why: str, reason: str) -> Reply:
    """Ask before what somebody ended is no incident. A button carries neither a time nor very many words."""
    said = t("As no incident it would count in no number.")
    if case.cause.at is not None or len(reason) > CARRIED:
        return Reply((doubt, said, t("If that is meant, say it again in half a minute.")), done=False)
    value = {"i": case.incident.number, "why": why, "reason": reason, "sure": True}
    return Reply((doubt, said), (Button(t("It is no incident"), "decline", value, "danger"),), done=False)


async def set_kind(desk: Desk, cause: Cause, number: int, kind: Kind, reason: str) -> Reply:
    """`kind`."""

    async def work(case: Case) -> Reply:
        drafts = ending.kind(case.incident, case.by, kind, reason)
        await case.record(drafts)
        counts = t("It counts.") if kind is Kind.REAL else t("It counts in no number of production.")
        said = t("{incident} is {kind}.", incident=case.incident.ref, kind=words.KIND[kind])
        return Reply((said, counts), done=bool(drafts))

    return await once(desk, cause, number, work)


async def archive(desk: Desk, cause: Cause, number: int, sure: bool = False) -> Reply:
    """`archive`: the channel is put away. sure: also one that people had before the incident."""

    async def work(case: Case) -> Reply:
        drafts = ending.archive(case.incident)
        if drafts and case.incident.borrowed and not sure:
            return _theirs(case.incident)
        await case.record(drafts)
        if not drafts:
            return Reply((t("The channel of {ref} is archived already.", ref=case.incident.ref),), done=False)
        return Reply((t("The channel of {ref} is archived in a moment.", ref=case.incident.ref),))

    return await once(desk, cause, number, work)


def _theirs(incident: Incident) -> Reply:
    """A team's channel: ask before it is taken from them."""
    room, who = Room(incident.channel, incident.name), Who(incident.opened_by)
    lines = (
        t(
            "{room} is older than {ref}: people had it before {who} made it the incident's.",
            room=room,
            ref=incident.ref,
            who=who,
        ),
        t(
            "Archived, nobody can write there any more. If they still need it, leave it as it is: nothing has to be done."
        ),
    )
    return Reply(
        lines,
        (Button(t("Archive it for everybody"), "archive", {"i": incident.number, "sure": True}, "danger"),),
        done=False,
    )


async def take_back(desk: Desk, cause: Cause, number: int, seq: int = 0) -> Reply:
    """`undo`: the last input of the person; or that of somebody else which event `seq` belongs to, as a button says."""

    async def work(case: Case) -> Reply:
        events = await case.tx.timeline(number, EVERYTHING)
        if not seq:
            undo.refuse_for_good(cause.actor, events, case.now)
        taken = undo.last_of(cause.actor, events, case.now)
        if seq or not taken:
            theirs = undo.last_of("", events, case.now)
            if not theirs or (seq and seq != theirs[-1].seq):
                raise Refused(undo.why_not(events, cause.actor, case.now), "nothing")
            if not seq:
                return _whose(case, theirs[-1])
            taken = theirs
        await case.record(undo.undo(case.incident, taken, events))
        return Reply((t("Taken back: {what}", what=line(taken[-1], case.incident)),))

    return await once(desk, cause, number, work)


def _whose(case: Case, event: Event) -> Reply:
    """The last change was somebody else's: ask before it is taken back."""
    said = t("{at} {what}", at=When(event.recorded_at, "secs"), what=line(event, case.incident))
    button = Button(t("Take it back"), "undo", {"i": case.incident.number, "seq": event.seq}, "danger")
    return Reply((said, t("Take that back?")), (button,), done=False)
