"""A store with one incident in memory, and the stage of Slack's handlers on it."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from bot.domain.events import Draft, Event, Payload
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.domain.state import Incident
from bot.ports import (
    Call,
    Cause,
    Chat,
    Clock,
    Copies,
    Done,
    Effect,
    Group,
    Json,
    MessageAt,
    Outcome,
    Person,
    Reads,
    Store,
    Viewer,
)
from bot.slack.effects import handlers
from bot.slack.names import Names
from bot.slack.patience import Patience
from bot.slack.surfaces import Stage
from storage.evidence import Folder
from tests.bot.slack.samples import INCIDENT, NAMES, PLAN
from tests.fakes import FakeIds


class OneIncident:
    """As much of the store as Slack's rooms read. `incident` and `messages` are what a test changes; `recorded` is stored."""

    def __init__(self, incident: Incident = INCIDENT) -> None:
        self.incident_now = incident
        self.events: list[Event] = []
        self.messages: dict[str, MessageAt] = {}
        self.recorded: list[tuple[str, Payload]] = []
        self.directory = {id: Person(id, name, "Europe/Lisbon") for id, name in NAMES.items()}

    @asynccontextmanager
    async def read(self) -> AsyncIterator["OneIncident"]:
        yield self

    async def groups(self) -> Sequence[Group]:
        return [Group("S0TEAM", "db-team", (), 0)]

    async def whole(self, script: Awaitable[Any]) -> Any:
        return await script

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["OneIncident"]:
        yield self

    async def answered(self, input: str) -> None:
        return None

    async def append(self, stream: str, drafts: Sequence[Draft], cause: Cause) -> None:
        self.recorded += [(stream, draft.payload) for draft in drafts]

    async def answer(self, input: str, stream: str, answer: Json) -> None:
        """Each input of these tests comes once."""

    async def incident(self, number: int, viewer: Viewer) -> Incident | None:
        return self.incident_now if number == self.incident_now.number else None

    async def incident_in(self, channel: str) -> Incident | None:
        return self.incident_now if channel == self.incident_now.channel else None

    async def incidents(self, viewer: Viewer, open_only: bool = True, limit: int = 50) -> list[Incident]:
        return [self.incident_now]

    async def timeline(self, number: int, viewer: Viewer, after: int = 0) -> list[Event]:
        return [event for event in self.events if event.seq > after]

    async def keeps_copy(self, sha: str) -> bool:
        return any(one.sha == sha for one in self.incident_now.evidence)

    async def message(self, key: str) -> MessageAt | None:
        return self.messages.get(key)

    async def person(self, person: str) -> Person | None:
        return self.directory.get(person)

    async def people(self) -> dict[str, Person]:
        return self.directory


async def plan_of(reads: Reads, sha: str) -> Plan:
    return PLAN


async def no_figures(reads: Reads, incident: Incident) -> Sequence[Any]:
    return ()


async def draft_of(reads: Reads, incident: Incident) -> str:
    return f"# {incident.ref}\n"


class Playing:
    """Runs effects through their handlers, and keeps the rows that they leave."""

    def __init__(
        self, chat: Chat, clock: Clock, organisation: Organisation | None = None, copies: Copies | None = None
    ) -> None:
        self.store = OneIncident()
        self.answered: Counter[str] = Counter()
        store = cast(Store, self.store)
        self.told = organisation or Organisation()
        kept = copies or Folder(Path("/nowhere"), clock, FakeIds())
        stage = Stage(chat, store, clock, lambda: self.told, plan_of, no_figures, draft_of, "here", Names(clock), kept)
        self.handlers = handlers(stage, Patience(clock, FakeIds(), self.answered))

    async def do(
        self, effect: Effect, *, again: bool = False, attempt: int = 1, members: tuple[Effect, ...] = ()
    ) -> Outcome:
        outcome = await self.handlers[effect.kind](Call(effect, attempt, again, members))
        if isinstance(outcome, Done):
            self.store.messages.update({row.key: row for row in outcome.rows if isinstance(row, MessageAt)})
        return outcome

    async def room(self, name: str = "inc-42-orders-db-down", private: bool = False) -> str:
        """The incident's channel, made by its effect."""
        outcome = await self.do(effect("channel", "channel", name=name, private=private))
        assert isinstance(outcome, Done)
        made: Any = outcome.events[0].payload
        self.store.incident_now = replace(self.store.incident_now, channel=made.channel)
        return str(made.channel)


def effect(kind: str, name: str, /, **args: Any) -> Effect:
    """An effect of the incident; its surface is named `surface`."""
    key = f"inc:42:{name}"
    return Effect(f"{key}@1", kind, "inc:42:talk", "inc:42", {"key": key, "room": "inc:42", **args})
