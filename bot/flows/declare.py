"""A person opens an incident."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.domain import reading, saying
from bot.domain.alike import duplicates
from bot.domain.events import AlertsChanged, Draft, Opened
from bot.domain.incident import replay
from bot.domain.naming import channel_name
from bot.domain.people import arrive
from bot.domain.state import Incident
from bot.domain.terms import Kind, Micros, Severity, Source, Status, stream_of
from bot.errors import BadInput, Refused
from bot.flows.calling import ladder
from bot.flows.case import ALREADY, Case, surely
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Button, Cause, GroupKey, Json, Reply, Tx
from bot.slack.views import lists
from bot.text import Code, Text, Who, t

LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class Told:
    """A message from which an incident is declared: where it stands, who wrote it, when, and what it says."""

    channel: str
    ts: str
    author: str
    at: Micros
    text: str

    @property
    def value(self) -> tuple[str, ...]:
        """For a button or a form, in what these can carry."""
        return self.channel, self.ts, self.author, self.text[:600]


def told(channel: str, ts: str, author: str, text: str) -> Told:
    """A message as a shortcut, a button or a form carries it."""
    return Told(channel, ts, author, reading.posted(ts), text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An incident that a person wants to open. anyway: whatever it looks like; told: the message, and alert:
    source, fingerprint and kind of the recorded alert, that made them do it."""

    title: str
    severity: Severity | None = None
    service: str = ""
    private: bool = False
    anyway: bool = False
    told: Told | None = None
    kind: Kind = Kind.REAL
    alert: tuple[str, ...] = ()

    @property
    def value(self) -> Json:
        """For a button that opens it."""
        severity = self.severity.value if self.severity else ""
        told = self.told.value if self.told else None
        given = {"title": self.title, "severity": severity, "service": self.service, "private": self.private}
        return {name: value for name, value in {**given, "told": told, "alert": self.alert}.items() if value}


async def declare(desk: Desk, cause: Cause, wanted: Wanted) -> Reply:
    """`declare`: number, channel, card; the service's on-call is called, or the answer says that nobody was.

    What seems to be open already is told, with a way to open it all the same.
    """
    if not wanted.title.strip():
        raise BadInput(t("What is broken? A few words are enough."), "declare Orders cannot be placed sev1 orders")
    named = spelt(desk, wanted)
    return await surely(desk.clock, lambda: _declared(desk, cause, named))


def spelt(desk: Desk, wanted: Wanted) -> Wanted:
    """The same, its title in one line and not too long, its service as services.yaml writes it."""
    title = " ".join(wanted.title.split())[:LONGEST_TITLE]
    return replace(wanted, title=title, service=service_of(desk.organisation.services.by_id, wanted))


def service_of(known: Collection[str], wanted: Wanted) -> str:
    """The service as services.yaml (known) writes it; foreign words stay as they are.

    Where none is named, one that the title ends with is meant; its word may belong to the sentence, and stays there. A private
    incident calls the people of a service only if it is named, and a test calls nobody.
    """
    named = wanted.service
    if not named and wanted.title.strip() and not wanted.private and wanted.kind is not Kind.TEST:
        last = wanted.title.split()[-1].rstrip(".,!?。\uff01\uff1f").lower()
        return next((id for id in known if id.lower() == last), "")
    return next((id for id in known if id.lower() == named.lower()), named)


class Alike(Exception):
    """Nothing is opened: the transaction is rolled back, with the number that it took."""

    def __init__(self, found: Sequence[Incident]) -> None:
        self.found = found


async def _declared(desk: Desk, cause: Cause, wanted: Wanted) -> Reply:
    try:
        async with desk.store.begin() as tx:
            if await tx.answered(cause.input) is not None:
                return ALREADY
            group = await _group(desk, tx, cause, wanted)
            number = await tx.next_number()  # who declares at the same moment waits here, and then sees ours
            await refuse_alike(desk, tx, cause, wanted)
            case = await opened(desk, tx, cause, wanted, number)
            if group is not None:
                await _take_in(case, group, wanted.alert[1])
            if wanted.told:
                await _pin(case, wanted.told)
            await case.record(arrive(case.incident, case.by))
            await case.follow()
            await tx.answer(cause.input, case.stream, {"incident": number})
            return await _reply(case, wanted)
    except Alike as alike:
        return warning(alike.found, wanted, desk.clock.now())


async def _group(desk: Desk, tx: Tx, cause: Cause, wanted: Wanted) -> GroupKey | None:
    """The group of the alert that it is declared from, locked. Refused if an open incident has it."""
    if len(wanted.alert) != 3:
        return None
    found = await tx.group_of(*wanted.alert)
    gone = Refused(t("That alert is not known any more."), "gone")
    if found is None:
        raise gone
    group, number = found
    there = await tx.incident(number, EVERYTHING) if number else None
    if there is not None and there.status.open:
        sees = await tx.incident(there.number, await desk.viewer(tx, cause.actor)) is not None
        raise Refused(t("That alert belongs to {ref}. Go on there.", ref=there.ref), "taken") if sees else gone
    return group


async def _take_in(case: Case, group: GroupKey, fingerprint: str) -> None:
    """The alert's group is the incident's from now on: what comes of it comes here."""
    await case.tx.move_groups([group], case.incident.number)
    firing, total = await case.tx.alerts_in([group])
    found = [one for one in await case.tx.incident_alerts(case.incident.number) if one.fingerprint == fingerprint]
    began = min((one.starts_at for one in found if one.starts_at is not None), default=case.now)
    services = tuple({one.service: None for one in found if one.service})
    changed = AlertsChanged("attach", group[0], total, total - firing, began, began, 1, services, 0, (fingerprint,))
    await case.record((Draft(changed, source=Source.ALERT),))


async def refuse_alike(desk: Desk, tx: Tx, cause: Cause, wanted: Wanted) -> None:
    """Alike if something seems to be open already, unless it is to be opened anyway."""
    if wanted.anyway:
        return
    found = await tx.incidents(await desk.viewer(tx, cause.actor))
    alike = duplicates(wanted.title, wanted.service, [one for one in found if one.kind is wanted.kind])
    if alike:
        raise Alike(alike)


def warning(alike: Sequence[Incident], wanted: Wanted, now: Micros, verb: str = "declare") -> Reply:
    """It may be open already; who knows better opens it anyway. verb: of that button."""
    head = t("This may be open already. Nothing was opened yet.")
    join = [Button(t("Join {ref}", ref=one.ref), "join", {"i": one.number}, "primary") for one in alike]
    anyway = Button(t("Open anyway"), verb, {**wanted.value, "anyway": True})
    return Reply((head, *lists.incidents(alike, now)), (*join, anyway), done=False)


async def opened(desk: Desk, tx: Tx, cause: Cause, wanted: Wanted, number: int, **more: object) -> Case:
    """The incident's first event, stored. more: further fields of `Opened`."""
    grade = wanted.severity or Severity.SEV3
    first = Opened(
        number=number,
        kind=wanted.kind,
        severity=grade,
        status=Status.INVESTIGATING,
        service=wanted.service,
        via="command",
        severity_given=wanted.severity is not None,
        private=wanted.private,
        name=channel_name(number, wanted.title),
        required=desk.organisation.grade(grade).roles,
        title=wanted.title,
    )
    first = replace(first, **more)  # type: ignore[arg-type]
    events = await tx.append(stream_of(number), (Draft(first, at=cause.at),), cause)
    case = Case(desk, tx, replay(events), cause)
    case.events += events
    return case


async def _pin(case: Case, told: Told) -> None:
    """The words of the message are the first entry of its timeline, at their own time."""
    await case.record(saying.pin(case.incident, case.by, told.channel, told.ts, told.author, told.at, told.text))


async def _reply(case: Case, wanted: Wanted) -> Reply:
    incident = case.incident
    if wanted.kind is Kind.TEST:
        done = t("{incident} is open as a test: nobody is called, nothing is announced.", incident=incident.ref)
        return Reply((done, t("Try what you like; `decline mistake` ends it.")), data={"incident": incident.number})
    line = t("{incident} is open as {sev}.", incident=incident.ref, sev=incident.severity.value.upper())
    if wanted.private:
        line = t("{opened} It is private: only its people see it.", opened=line)
    return Reply(await begun(case, wanted, line), data={"incident": incident.number})


async def begun(case: Case, wanted: Wanted, line: Text) -> tuple[Text, ...]:
    """The answer's words: what was opened, whether somebody said how bad it is, and who is called."""
    if wanted.severity is None:
        line = t("{opened} Nobody has said how bad it is: say `sev 2`, for example.", opened=line)
    found = await ladder(case.tx, case.desk.organisation, wanted.service)
    return line, _called(found.first, case.cause.actor, _unknown(case.desk, wanted.service))


def _unknown(desk: Desk, service: str) -> str:
    """A service that services.yaml does not know, although it knows some."""
    known = desk.organisation.services.by_id
    return service if service and known and service not in known else ""


def _called(callees: tuple[str, ...], declarer: str, unknown: str) -> Text:
    if declarer in callees:
        return t("You are on call for it, so nobody else is called.")
    if callees:
        called = t("{who} is called.", who=Who(callees[0]))
        return t("{called} I know no service {name}.", called=called, name=Code(unknown)) if unknown else called
    if unknown:
        return t(
            "Nobody was called: I know no service {name}. Call somebody with `role operations @person`.",
            name=Code(unknown),
        )
    return t("Nobody was called: nobody is on call for it. Call somebody with `role operations @person`.")
