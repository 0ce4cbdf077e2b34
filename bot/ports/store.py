"""The database: one transaction per input, and questions to it."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.domain.alert import Alert
from bot.domain.events import Draft, Event
from bot.domain.state import Incident, Interval
from bot.domain.terms import BOT, Micros, Source
from bot.domain.transcript import Line
from bot.ports.effects import Effect
from bot.ports.rows import AttemptRow, Group, Held, Json, MessageAt, Person, PlanText, Row, TokenRow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cause:
    """Who and what brings an input: the envelope of its events. input: id of the one input (it dedupes).

    at: when it really happened, if a person says that it was before (µs UTC).
    """

    input: str
    actor: str
    source: Source
    at: Micros | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom something is read: a person, a token or the bot. Private incidents are filtered by it, in storage."""

    person: str
    all: bool = False  # the bot itself, or somebody with the permission see_private


EVERYTHING = Viewer(BOT, all=True)
"""For the bot itself, and for whoever can read the database file: nothing is hidden. What the bot shows to whom is decided where
it is shown."""


GroupKey: TypeAlias = tuple[str, str, str]
"""(source, kind, group key) of an alert group; in this order they are locked."""


class Reads(Protocol):
    """Questions to the store."""

    async def whole(self, script: Coroutine[Any, Any, T]) -> T:
        """Carry out a coroutine that awaits nothing but what is asked of this store, in one go where that is cheaper."""
        ...

    async def incident(self, number: int, viewer: Viewer) -> Incident | None: ...
    async def incident_in(self, channel: str) -> Incident | None:
        """The incident whose channel it is."""
        ...

    async def incidents(self, viewer: Viewer, open_only: bool = True, limit: int = 50) -> list[Incident]:
        """Newest first."""
        ...

    async def timeline(self, number: int, viewer: Viewer, after: int = 0) -> list[Event]: ...
    async def heads(self) -> dict[str, tuple[int, str]]:
        """Stream → how many events it has, and the hash of the last."""
        ...

    async def head_at(self, stream: str, seq: int) -> str:
        """The hash of an event, "" if there is none."""
        ...

    async def of_organisation(self, *kinds: str) -> list[Event]:
        """Events of these kinds that happened to no incident, oldest first."""
        ...

    async def outage(self) -> Interval | None:
        """The last time without Slack, of the whole organisation; end None: Slack is away now. value: why."""
        ...

    async def facts(self, viewer: Viewer, since: Micros = 0, until: Micros | None = None) -> "list[Json]":
        """Rows of incident_facts (bot/domain/facts.py), by opened_at."""
        ...

    async def person(self, person: str) -> Person | None: ...
    async def people(self) -> dict[str, Person]: ...
    async def groups(self) -> list[Group]: ...
    async def message(self, key: str) -> MessageAt | None: ...
    async def message_at(self, channel: str, ts: str) -> MessageAt | None: ...
    async def plan_text(self, sha: str) -> PlanText | None: ...
    async def attempt(self, attempt: str) -> AttemptRow | None: ...
    async def token(self, token: str) -> TokenRow | None: ...
    async def tokens(self) -> list[TokenRow]:
        """All personal tokens, oldest first, revoked ones too."""
        ...

    async def runner_seen(self, runner: str) -> Micros | None:
        """When a process with this runner directory was seen last; None if none is known."""
        ...

    async def turn(self, name: str) -> Micros:
        """Until when one of the replicas has the turn `name`; 0 if none ever had."""
        ...

    async def heard_of(self, number: int) -> tuple[Alert, Micros] | None:
        """The alert of an incident that fires and was heard of last, and when; None if none fires."""
        ...

    async def incident_alerts(self, number: int, limit: int = 50) -> list[Alert]:
        """Alerts of an incident, firing first, newest first."""
        ...

    async def incident_envs(self, number: int) -> frozenset[str]:
        """What all alerts of an incident say of `env`, "" for those that say nothing."""
        ...

    async def alerts(self, viewer: Viewer, service: str = "", limit: int = 15) -> "list[tuple[Alert, int | None]]":
        """Alerts of all sources (of a service), those heard of last first, each with the incident that it belongs to; none of
        an incident that the viewer may not see."""
        ...

    async def with_pin(self, pin: str) -> list[Incident]:
        """Incidents that are not closed and have the message `channel:ts` on their timeline."""
        ...

    async def with_evidence(self, file: str) -> list[Incident]:
        """Incidents in whose channels the file with Slack's id `file` was shared."""
        ...

    async def keeps_copy(self, sha: str) -> bool:
        """Whether a file with these bytes (sha256 hex) is kept as evidence of any incident."""
        ...

    async def transcript(self, number: int, viewer: Viewer) -> list[Line]:
        """What was kept of what people wrote, by its own time; deleted messages without their words."""
        ...

    async def line_of(self, channel: str, ts: str) -> int | None:
        """The incident in whose transcript a message is kept."""
        ...

    async def effects(self, stream: str) -> list[Json]:
        """All effects of a stream as dictionaries, oldest first (for people and tests)."""
        ...


class Tx(Reads, Protocol):
    """One transaction: either all of it is there after the commit, or nothing is. Locks follow the order of ARCHITECTURE.md."""

    now: Micros
    driver_connection: Any  # psycopg's connection, for the PostgreSQL engine only

    async def answered(self, input: str) -> Json | None:
        """The answer given to this input before, None if it is new (it then belongs to this transaction)."""
        ...

    async def answer(self, input: str, stream: str, answer: Json) -> None: ...
    async def next_number(self) -> int:
        """The next incident's number."""
        ...

    async def next_followup(self) -> int:
        """The next follow-up's number (F-17), of all incidents."""
        ...

    async def lock(self, number: int) -> Incident:
        """The incident, locked until the commit. NotFound if there is none."""
        ...

    async def append(self, stream: str, drafts: Sequence[Draft], cause: Cause) -> list[Event]:
        """Store events (order, hashes, bodies), and the state and facts that follow from them."""
        ...

    async def enqueue(self, effects: Sequence[Effect]) -> None:
        """Store effects and wake their lanes after the commit. A key that is there already is left alone."""
        ...

    async def save(self, rows: Sequence[Row]) -> None: ...

    async def groups_of(self, number: int) -> list[GroupKey]:
        """The alert groups of an incident, locked; before the incident itself is."""
        ...

    async def group_of(self, source: str, fingerprint: str, kind: str) -> tuple[GroupKey, int | None] | None:
        """The group of an alert, locked, and the incident that it belongs to; None if there is no such alert."""
        ...

    async def move_groups(self, groups: Sequence[GroupKey], to: int) -> None:
        """These groups belong to the incident `to` from now on."""
        ...

    async def alerts_in(self, groups: Sequence[GroupKey]) -> tuple[int, int]:
        """Alerts of these groups: how many fire, and how many there are."""
        ...

    async def services_in(self, number: int) -> set[str]:
        """Ids of the services of an incident's alerts, "" for those of none."""
        ...

    async def count_runs(self, key: str, since: Micros) -> list[Micros]:
        """Moments of the runs counted under a key (cooldown, rate), oldest first."""
        ...

    async def count_run(self, key: str, at: Micros) -> None: ...
    async def uncount_run(self, key: str, at: Micros) -> None: ...
    async def queue(self, key: str) -> None:
        """One transaction after the other from here to its end, over all replicas; asked for before all counters and places."""
        ...

    async def take_lock(self, key: str, holder: str, most: int) -> bool:
        """One of `most` places under a key; True if held by `holder` now."""
        ...

    async def held(self) -> list[Held]:
        """All places that attempts have now; who wants one asks for it with `take_lock`."""
        ...

    async def free_lock(self, holder: str) -> None: ...
    async def take_turn(self, name: str, until: Micros) -> bool:
        """Have the turn `name` until then; False if another replica has it now."""
        ...

    async def set_turn(self, name: str, until: Micros) -> None:
        """Nobody takes the turn before then."""
        ...

    async def breaker(self, plan: str) -> Json | None:
        """The breaker's row {state, opened_at, closed_by}, None if it never opened."""
        ...

    async def set_breaker(self, plan: str, state: str, by: str) -> None: ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that commits at the end of the block and rolls back on an exception. StoreAway after its bound."""
        ...

    def read(self) -> AbstractAsyncContextManager[Reads]: ...


Reaction: TypeAlias = Callable[[Tx, Effect, Sequence[Event]], Awaitable[None]]
"""Called in the transaction that settles an effect: enqueues and appends what follows."""
