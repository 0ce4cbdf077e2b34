"""Incidents that begin in a channel that was there before, or that were over before they were entered."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import saying
from bot.domain.events import Draft, MilestoneMarked, StatusChanged
from bot.domain.moments import WORDS, checked, odd
from bot.domain.people import arrive
from bot.domain.terms import Kind, Micros, Severity, Source, Status
from bot.errors import BadInput, Refused
from bot.flows.case import ALREADY, Case, surely
from bot.flows.declare import Alike, Wanted, begun, opened, refuse_alike, spelt, warning
from bot.flows.desk import Desk
from bot.flows.incoming import ANNOUNCE
from bot.ports import Cause, Reply
from bot.text import Strong, Typed, When, t

_OPEN_TO_ALL = t(
    "Everybody can read this channel, so it cannot be a private incident's. Declare the incident: it gets a private channel."
)
_AFTERWARDS = "backfill Orders were down sev2 orders began 2026-11-20 02:40 back 2026-11-20 04:01"


async def adopt(desk: Desk, cause: Cause, channel: str, wanted: Wanted, hidden: bool | None) -> Reply:
    """`adopt`: the channel is the incident's from now on, and the incident is as private as the channel.

    hidden: whether the channel is private, None where Slack does not say so: then nothing is adopted, or what is said in a
    private channel would be announced. What seems to be open already is told, with a way to adopt it all the same.
    """
    wanted = spelt(desk, wanted)
    if not channel.startswith(("C", "G")):
        raise Refused(t("Say it in the channel that is to be the incident's."), "no_channel")
    if hidden is None:
        line = Typed(_line("adopt", wanted))
        said = t(
            "A mention does not tell me whether this channel is private. Type it here as a command: {line}", line=line
        )
        raise Refused(said, "unseen")
    if wanted.private and not hidden:
        raise BadInput(_OPEN_TO_ALL, _line("declare", wanted, "--private"), field="private")
    wanted = replace(wanted, private=hidden)
    try:
        return await surely(desk.clock, lambda: _adopted(desk, cause, wanted, channel))
    except Alike as alike:
        return warning(alike.found, wanted, desk.clock.now(), "adopt")


def _line(verb: str, wanted: Wanted, *more: str) -> str:
    """What a person could type to open it."""
    severity = wanted.severity or Severity.SEV2
    return " ".join([verb, wanted.title, severity.value, *([wanted.service] if wanted.service else []), *more])


async def _adopted(desk: Desk, cause: Cause, wanted: Wanted, channel: str) -> Reply:
    async with desk.store.begin() as tx:
        if await tx.answered(cause.input) is not None:
            return ALREADY
        number = await tx.next_number()  # who adopts it at the same moment waits here, and then sees ours
        there = await tx.incident_in(channel)
        announced = await tx.message(ANNOUNCE)
        if there is not None:
            raise Refused(t("This is the channel of {ref}.", ref=Strong(there.ref)), "taken")
        if announced is not None and announced.channel == channel:
            raise Refused(t("This is the channel of the announcements. Adopt another one."), "announcements")
        await refuse_alike(desk, tx, cause, wanted)
        case = await opened(desk, tx, cause, wanted, number, room=channel)
        await case.record(arrive(case.incident, case.by))
        await case.follow()
        await tx.answer(cause.input, case.stream, {"incident": number})
        return await _here(case, wanted)


async def _here(case: Case, wanted: Wanted) -> Reply:
    ref, sev = case.incident.ref, case.incident.severity.value.upper()
    said = t("{ref} is open as {sev}, in this channel.", ref=ref, sev=sev)
    unless = t("If I am not in this private channel, I make another one and invite you.")
    lines = await begun(case, wanted, said)
    return Reply((*lines, unless) if case.incident.private else lines, data={"incident": case.incident.number})


async def backfill(
    desk: Desk,
    cause: Cause,
    title: str,
    severity: Severity | None,
    service: str,
    told: Mapping[str, Micros],
    words: str,
) -> Reply:
    """`backfill`: entered with its times, resolved. told: began, found, mitigated, back."""
    for name in ("began", "back"):
        if name not in told:
            raise BadInput(t("Say when it began, and when it was back to normal."), _AFTERWARDS, field=name)
    if told["back"] < told["began"]:
        raise BadInput(t("It was back before it began. Name other times."), _AFTERWARDS, field="back")
    wanted = Wanted(" ".join(title.split())[:150], severity, service, kind=Kind.BACKFILL)
    entered = replace(cause, source=Source.MANUAL_BACKFILL)
    return await surely(desk.clock, lambda: _entered(desk, entered, wanted, told, words))


async def _entered(desk: Desk, cause: Cause, wanted: Wanted, told: Mapping[str, Micros], words: str) -> Reply:
    async with desk.store.begin() as tx:
        if await tx.answered(cause.input) is not None:
            return ALREADY
        number = await tx.next_number()
        at = told.get("found", told["began"])
        case = await opened(desk, tx, replace(cause, at=at), wanted, number, via="backfill", name="")
        case.cause = cause
        for name, moment in told.items():
            mark = MilestoneMarked(WORDS[name].value)
            await case.record((Draft(mark, at=checked(case.incident, case.now, moment, _AFTERWARDS)),))
        over = StatusChanged(Status.INVESTIGATING, Status.RESOLVED)
        await case.record((Draft(over, at=told["back"]),))
        if words.strip():
            await case.record(saying.note(case.incident, case.by, words))
        await tx.answer(cause.input, case.stream, {"incident": number})
        return _told(case, told)


def _told(case: Case, told: Mapping[str, Micros]) -> Reply:
    ref = case.incident.ref
    began, back = When(told["began"], "full"), When(told["back"], "full")
    head = t(
        "{ref} is entered: from {began} to {back}. Nobody was told, and it has no channel.",
        ref=ref,
        began=began,
        back=back,
    )
    more = t("`questions {ref}`, `times {ref}` and `close {ref}` go on with it.", ref=ref)
    return Reply((head, *odd(case.incident), more), data={"incident": case.incident.number})
