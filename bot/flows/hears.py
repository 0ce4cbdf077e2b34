"""Events of the workspace that are no verbs: pins, signs of life, changes of people and groups."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.terms import Micros
from bot.flows import change, home, summary, telling
from bot.flows.desk import Desk
from bot.ports import Cause, Group, Person


class Said(Protocol):
    """What an event of Slack says of itself (commands.Ask)."""

    @property
    def cause(self) -> Cause: ...
    @property
    def incident(self) -> int | None: ...


@dataclass(frozen=True)
class Hearing:
    """Each event is one transaction; those outside an incident change nothing."""

    desk: Desk

    async def pinned(self, ask: Said, channel: str, ts: str, by: str, text: str, at: Micros) -> None:
        """📌 on a message."""
        if ask.incident is not None:
            await change.pinned(self.desk, ask.cause, ask.incident, channel, ts, by, at, text)

    async def unpinned(self, ask: Said, channel: str, ts: str) -> None:
        """📌 taken away."""
        if ask.incident is not None:
            await change.unpinned(self.desk, ask.cause, ask.incident, channel, ts)

    async def flagged(self, ask: Said, channel: str, ts: str, text: str) -> None:
        """🚩 on a message."""
        if ask.incident is not None:
            await telling.flagged(self.desk, ask.cause, ask.incident, channel, ts, text)

    async def unflagged(self, ask: Said, channel: str, ts: str) -> None:
        """🚩 taken away."""
        if ask.incident is not None:
            await telling.unflagged(self.desk, ask.cause, ask.incident, channel, ts)

    async def edited(self, ask: Said, channel: str, ts: str, by: str, text: str) -> None:
        """A message says something else now."""
        if ask.incident is not None:
            await change.edited(self.desk, ask.cause, ask.incident, channel, ts, by, text)

    async def seen(self, ask: Said) -> None:
        """A person wrote in an incident's channel: for the first time, or one whose silence would be noticed."""
        if ask.incident is not None:
            await change.seen(self.desk, ask.cause, ask.incident)

    async def came(self, ask: Said) -> None:
        """A person joined an incident's channel."""
        if ask.incident is not None:
            await summary.arrived(self.desk, ask.cause, ask.incident)

    async def home_opened(self, input: str, person: str, first: bool) -> None:
        """Somebody looks at their Home tab."""
        await home.opened(self.desk, input, person, first)

    async def person_changed(self, person: Person) -> None:
        await self._save(person)

    async def group_changed(self, group: Group) -> None:
        await self._save(group)

    async def _save(self, row: Person | Group) -> None:
        async with self.desk.store.begin() as tx:
            await tx.save([row])
