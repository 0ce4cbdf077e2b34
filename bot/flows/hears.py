"""Events of the workspace that are no verbs: pins, signs of life, changes of people and groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain import silence
from bot.domain.saying import Post
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.flows import home, posts, summary, telling, transcript
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

    def wants(self, incident: Incident, who: str, post: Post) -> bool:
        """Whether a message of somebody changes anything: their first, one whose silence would be noticed, one with files."""
        return who not in incident.people or silence.listens(incident, who) or bool(post.files)

    async def said(self, ask: Said, post: Post) -> None:
        """A person wrote in an incident's channel."""
        if ask.incident is not None:
            await posts.said(self.desk, ask.cause, ask.incident, post)

    async def asked(self, cause: Cause, incident: Incident) -> None:
        """A person typed or clicked a verb about it."""
        if silence.listens(incident, cause.actor):
            await posts.alive(self.desk, replace(cause, input=f"{cause.input}:alive"), incident.number)

    async def written(self, incident: Incident, post: Post) -> None:
        """A person wrote in an incident's channel: for the transcript."""
        await transcript.written(self.desk, incident, post)

    async def changed(self, post: Post, at: Micros, gone: bool) -> None:
        """A message was edited or deleted, wherever: for the transcript."""
        await transcript.changed(self.desk, post, at, gone)

    async def pinned(self, ask: Said, post: Post) -> None:
        """📌 on a message."""
        if ask.incident is not None:
            await posts.pinned(self.desk, ask.cause, ask.incident, post)

    async def unpinned(self, ask: Said, channel: str, ts: str) -> None:
        """📌 taken away."""
        if ask.incident is not None:
            await posts.unpinned(self.desk, ask.cause, ask.incident, channel, ts)

    async def flagged(self, ask: Said, channel: str, ts: str, text: str) -> None:
        """🚩 on a message."""
        if ask.incident is not None:
            await telling.flagged(self.desk, ask.cause, ask.incident, channel, ts, text)

    async def unflagged(self, ask: Said, channel: str, ts: str) -> None:
        """🚩 taken away."""
        if ask.incident is not None:
            await telling.unflagged(self.desk, ask.cause, ask.incident, channel, ts)

    async def edited(self, ask: Said, post: Post) -> None:
        """A message says something else now."""
        if ask.incident is not None:
            await posts.edited(self.desk, ask.cause, ask.incident, post)

    async def deleted(self, ask: Said, files: Sequence[str], ts: str) -> None:
        """Files were deleted, with a message or by themselves."""
        if ask.incident is not None:
            await posts.deleted(self.desk, ask.cause, ask.incident, files, ts)

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
