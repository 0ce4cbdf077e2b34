"""What people change and say in an incident: one transaction each, and the sentence for the one who asked."""

from bot.domain import change, course, expected, moments, named, people, roles, saying
from bot.domain.terms import MINUTE, Micros, Severity, Status
from bot.errors import BadInput
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import Button, Cause, Reply
from bot.text import Strong, Text, Typed, When, Who, t

LATER: Micros = 30 * MINUTE
"""`snooze` asks again after so long."""


async def acknowledge(desk: Desk, cause: Cause, number: int) -> Reply:
    """`ack`."""

    async def work(case: Case) -> Reply:
        drafts = roles.ack(case.incident, case.by)
        await case.record(drafts)
        if not drafts:
            return Reply((t("You have acknowledged {incident} already.", incident=case.incident.ref),), done=False)
        return Reply((t("Acknowledged. {who}", who=_command(case)),))

    return await once(desk, cause, number, work)


def _command(case: Case) -> Text:
    if case.incident.commander == case.cause.actor:
        return t("You command until somebody else takes it.")
    return t("The card in the channel shows where it stands.")


async def set_status(desk: Desk, cause: Cause, number: int, status: Status, reason: str) -> Reply:
    """`status`."""

    async def work(case: Case) -> Reply:
        drafts = change.set_status(case.incident, case.by, status, reason=reason)
        if not drafts and cause.at is not None:
            so = t(
                "{incident} is {status} already. To correct a moment, mark it.",
                incident=case.incident.ref,
                status=named.STATUS[status],
            )
            raise BadInput(so, "mark known --at 14:02")
        before = case.incident
        if not drafts:
            return _so_already(case, named.STATUS[status], reason)
        await case.record(drafts)
        said = t("{incident} is {status}.", incident=before.ref, status=named.STATUS[case.incident.status])
        return Reply((said, *moments.doubts(before, case.incident, cause.at)))

    return await once(desk, cause, number, work)


def _so_already(case: Case, what: Text | str, reason: str) -> Reply:
    """Nothing was recorded, nor was the reason: what is on the timeline stays as it was said."""
    said = t("{incident} is {what} already.", incident=case.incident.ref, what=what)
    why = t("Nothing was recorded. To add why, say {note}.", note=Typed(f"note {reason}"))
    return Reply((said, why) if reason else (said,), done=False)


def severities(desk: Desk, number: int) -> Reply:
    """The four severities as they are defined here, with a button each."""
    grades = desk.organisation.severities
    lines = tuple(t("{sev}: {means}", sev=Strong(s.value.upper()), means=grades[s].means) for s in Severity)
    buttons = tuple(
        Button(t("{sev}", sev=s.value.upper()), "sev", {"i": number, "severity": s.value}) for s in Severity
    )
    return Reply(lines, buttons, done=False, shows=True)


async def set_severity(desk: Desk, cause: Cause, number: int, severity: Severity, reason: str) -> Reply:
    """`sev`."""

    async def work(case: Case) -> Reply:
        required = desk.organisation.grade(severity).roles
        drafts = change.set_severity(case.incident, case.by, severity, required, reason)
        if not drafts:
            return _so_already(case, severity.value.upper(), reason)
        await case.record(drafts)
        return Reply((t("{incident} is {sev}.", incident=case.incident.ref, sev=severity.value.upper()),))

    return await once(desk, cause, number, work)


async def mark(desk: Desk, cause: Cause, number: int, word: str, at: Micros, reason: str) -> Reply:
    """`mark`."""

    async def work(case: Case) -> Reply:
        await case.record(moments.mark(case.incident, case.by, word, at, reason))
        said = t("{word}: {at}.", word=named.REACHED[moments.milestone(word)], at=When(at, "full"))
        return Reply((said, *moments.odd(case.incident)))

    return await once(desk, cause, number, work)


async def note(desk: Desk, cause: Cause, number: int, text: str, at: Micros | None = None) -> Reply:
    """`note`."""

    async def work(case: Case) -> Reply:
        await case.record(saying.note(case.incident, case.by, text, moments.checked(case.incident, case.now, at)))
        return Reply((t("It is on the timeline."),))

    return await once(desk, cause, number, work)


async def resolve(
    desk: Desk, cause: Cause, number: int, recovered_at: Micros | None, asked: int = 0, anyway: bool = False
) -> Reply:
    """`resolve`. asked: the question that is answered with it, 0 for none; anyway: although somebody keeps it open."""

    async def work(case: Case) -> Reply:
        if not anyway and case.incident.status.open and course.watched(case.incident, case.now):
            return _kept_open(case, recovered_at)
        drafts = change.resolve(case.incident, case.by, recovered_at, asked=asked)
        if not drafts:
            return Reply((people.over(case.incident),), done=False)
        await case.record(drafts)
        said = t("{incident} is resolved. The numbers follow in the channel.", incident=case.incident.ref)
        odd = moments.odd(case.incident) if recovered_at is not None else ()
        return Reply((said, *odd), (Button(t("Undo"), "undo", {"i": number}),))

    return await once(desk, cause, number, work)


def _kept_open(case: Case, recovered_at: Micros | None) -> Reply:
    """Somebody watches over it: who knows better resolves it all the same."""
    value = {"anyway": True, **({"at": recovered_at} if recovered_at is not None else {})}
    button = Button(t("Resolve anyway"), "resolve", {"i": case.incident.number, **value})
    until, who = case.incident.watched_until or case.now, Who(case.incident.watched_by)
    said = t("{who} keeps {ref} open until {at}.", who=who, ref=case.incident.ref, at=When(until, "full"))
    return Reply((said,), (button,), done=False)


async def snooze(desk: Desk, cause: Cause, number: int, update: bool = False) -> Reply:
    """`snooze`: the question whether it is back to normal comes again in a while; an update that is late may come later.
    update: the update is meant, whatever else is asked."""

    async def work(case: Case) -> Reply:
        asked = case.incident.question is not None and not case.incident.question.over
        if update or (not asked and expected.late(case.incident, case.now)):
            await case.record(expected.put_off(case.incident, case.by))
            until = When(case.incident.next_update_at or case.now)
            return Reply((t("The update is put off until {until}. The card says so.", until=until),))
        due = case.now + LATER
        await case.record(change.snooze(case.incident, case.by, due))
        return Reply((t("I ask again {due}.", due=When(due)),), echo=case.incident.question is not None)

    return await once(desk, cause, number, work)
