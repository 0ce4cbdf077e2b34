"""One input, one transaction: the incident is locked, decisions are stored, what follows from them is enqueued."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from bot.domain import expected, moments
from bot.domain.events import Draft, Event, RoleTaken
from bot.domain.incident import fold
from bot.domain.people import By
from bot.domain.state import Incident
from bot.domain.terms import BOT, Micros, Source, stream_of
from bot.domain.walk_next import Roster
from bot.domain.walk_people import follow_role
from bot.errors import StoreAway, StoreUnsure
from bot.flows import duty
from bot.flows.courtesies import follows
from bot.flows.desk import Desk
from bot.ports import Cause, Clock, Effect, Reply, Tx
from bot.text import t

ALREADY = Reply((t("This was done already."),), done=False)
"""The answer to a second delivery of one input."""
SAVED = Reply((t("Done. The database broke off while it saved this, but it is saved."),))
AGAIN = (0.5, 2.0, 5.0, 10.0)
"""Seconds between two looks at what became of a commit that broke off."""

HOW = {Source.BUTTON: "button", Source.SLACK_EVENT: "message"}
"""How a person gave a sign of life, by the source of the input."""


class Case:
    """An incident inside a transaction: its state, and the events stored in this transaction."""

    def __init__(self, desk: Desk, tx: Tx, incident: Incident, cause: Cause) -> None:
        self.desk = desk
        self.tx = tx
        self.incident = incident
        self.cause = cause
        self.events: list[Event] = []

    @property
    def stream(self) -> str:
        return stream_of(self.incident.number)

    @property
    def now(self) -> Micros:
        return self.tx.now

    @property
    def every(self) -> Micros | None:
        """How often its severity asks for an update."""
        return self.desk.organisation.grade(self.incident.severity).update_every

    @property
    def by(self) -> By:
        """Who asks, for the domain's decisions."""
        return By(self.cause.actor, self.now, HOW.get(self.cause.source, "command"))

    async def record(self, drafts: Iterable[Draft]) -> list[Event]:
        """Store events and bring the state up to date; who takes a role takes its open steps, and updates are due as it is now."""
        decided = tuple(draft if draft.at is not None else replace(draft, at=self.cause.at) for draft in drafts)
        if not decided:
            return []
        events = await self.tx.append(self.stream, decided, self.cause)
        for event in events:
            self.incident = fold(self.incident, event)
        self.events += events
        for taken in [event.payload for event in events if isinstance(event.payload, RoleTaken)]:
            await self.record(follow_role(self.incident, taken.role, taken.person))
        said = [event.payload for event in events]
        await self.record(expected.turned(self.incident, said, self.every, self.now))
        return events

    async def roster(self) -> Roster:
        """Who stands behind the names of a plan, for this incident."""
        return await duty.roster(self.desk, self.tx, self.incident, self.now)

    async def follow(self) -> None:
        """Enqueue what follows from all events of this transaction."""
        asleep = await duty.asleep(self.desk, self.tx, self.incident, self.now)
        made = follows(self.desk.organisation, self.incident, self.events)
        told = (one for one in made if one.kind == "show" or one.args.get("person") not in asleep)
        await self.tx.enqueue([one for one in told if one.kind not in duty.quiet(self.incident)])


Work = Callable[[Case], Awaitable[Reply]]


async def once(desk: Desk, cause: Cause, number: int, work: Work) -> Reply:
    """Do `work` on an incident, exactly once per input. A second delivery changes nothing and says so."""
    return await surely(desk.clock, lambda: _once(desk, cause, number, work))


async def surely(clock: Clock, attempt: Callable[[], Awaitable[Reply]]) -> Reply:
    """Do it, and if the database breaks off at the commit, do it again: under the same input it is done once at most, so we
    find out whether it was. StoreUnsure if the database does not come back soon."""
    unsure: StoreUnsure | None = None
    for pause in AGAIN:
        try:
            reply = await attempt()
        except StoreUnsure as error:
            unsure = error
        except StoreAway:
            if unsure is None:
                raise
        else:
            return SAVED if unsure is not None and reply is ALREADY else reply
        await clock.sleep(pause)
    assert unsure is not None
    raise unsure


async def _once(desk: Desk, cause: Cause, number: int, work: Work) -> Reply:
    async with desk.store.begin() as tx:
        incident = await tx.whole(_locked(tx, cause.input, number))
        if incident is None:
            return ALREADY
        case = Case(desk, tx, incident, cause)
        moments.inside(case.incident, case.now, cause.at)
        reply = await work(case)
        await tx.whole(_ended(case))
        return reply


async def _locked(tx: Tx, input: str, number: int) -> Incident | None:
    """None: this input was answered before."""
    return await tx.lock(number) if await tx.answered(input) is None else None


async def _ended(case: Case) -> None:
    await case.follow()
    await case.tx.answer(case.cause.input, case.stream, {})


async def react(desk: Desk, tx: Tx, effect: Effect, events: Sequence[Event]) -> Case:
    """The case of an effect that is being settled: what its own events lead to is followed by the caller."""
    cause = Cause(effect.key, BOT, Source.AUTOMATION)
    number = int(effect.stream.removeprefix("inc:"))
    case = Case(desk, tx, await tx.lock(number), cause)
    case.events += events
    return case
