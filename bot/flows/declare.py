"""A person opens an incident."""

from bot.domain.events import Draft, Opened
from bot.domain.incident import replay
from bot.domain.naming import channel_name
from bot.domain.people import arrive
from bot.domain.terms import Kind, Severity, Status, stream_of
from bot.errors import BadInput
from bot.flows.calling import on_call
from bot.flows.case import ALREADY, Case, surely
from bot.flows.desk import Desk
from bot.ports import Cause, Reply
from bot.text import Text, Who, t

LONGEST_TITLE = 150


async def declare(desk: Desk, cause: Cause, title: str, severity: Severity | None, service: str) -> Reply:
    """`declare`: number, channel, card; the service's on-call is called, or the answer says that nobody was."""
    words = " ".join(title.split())
    if not words:
        raise BadInput(t("What is broken? A few words are enough."), "declare Orders cannot be placed sev1 orders")
    return await surely(desk.clock, lambda: _declared(desk, cause, words, severity, service))


async def _declared(desk: Desk, cause: Cause, words: str, severity: Severity | None, service: str) -> Reply:
    async with desk.store.begin() as tx:
        if await tx.answered(cause.input) is not None:
            return ALREADY
        number = await tx.next_number()
        grade = severity or Severity.SEV3
        opened = Opened(
            number=number,
            kind=Kind.REAL,
            severity=grade,
            status=Status.INVESTIGATING,
            service=service,
            via="command",
            severity_given=severity is not None,
            name=channel_name(number, words),
            required=desk.organisation.grade(grade).roles,
            title=words[:LONGEST_TITLE],
        )
        events = await tx.append(stream_of(number), (Draft(opened),), cause)
        case = Case(desk, tx, replay(events), cause)
        case.events += events
        await case.record(arrive(case.incident, case.by))
        await case.follow()
        await tx.answer(cause.input, case.stream, {"incident": number})
        callees = await on_call(tx, desk.organisation, service)
        return Reply((_opened(case, severity), _called(callees, cause.actor)), data={"incident": number})


def _opened(case: Case, severity: Severity | None) -> Text:
    incident = case.incident
    line = t("{incident} is open as {sev}.", incident=incident.ref, sev=incident.severity.value.upper())
    if severity is None:
        return t("{opened} Nobody has said how bad it is: say `sev 2`, for example.", opened=line)
    return line


def _called(callees: tuple[str, ...], declarer: str) -> Text:
    if not callees:
        return t("Nobody was called: nobody is on call for it. Call somebody with `role operations @person`.")
    if declarer in callees:
        return t("You are on call for it, so nobody else is called.")
    return t("{who} is called.", who=Who(callees[0]))
