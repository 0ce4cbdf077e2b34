"""What the edge tells the flows of, besides verbs."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.saying import Post
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.ports import Cause, Group, Person
from commands import Ask


class Hears(Protocol):
    """What the flows do with events. `ask.input` is Slack's event_id: the same event again changes nothing."""

    def wants(self, incident: Incident, who: str, post: Post) -> bool:
        """Whether `said` has anything to do."""
        ...

    async def said(self, ask: Ask, post: Post) -> None:
        """A person wrote in an incident's channel."""
        ...

    async def asked(self, cause: Cause, incident: Incident) -> None:
        """A person asks for something in an incident, whatever becomes of it."""
        ...

    async def written(self, incident: Incident, post: Post) -> None:
        """The same, for the transcript."""
        ...

    async def changed(self, post: Post, at: Micros, gone: bool) -> None:
        """A person's message was edited or deleted (`gone`) then, wherever; for the transcript."""
        ...

    async def pinned(self, ask: Ask, post: Post) -> None: ...
    async def unpinned(self, ask: Ask, channel: str, ts: str) -> None: ...
    async def flagged(self, ask: Ask, channel: str, ts: str, text: str) -> None: ...
    async def unflagged(self, ask: Ask, channel: str, ts: str) -> None: ...
    async def edited(self, ask: Ask, post: Post) -> None: ...
    async def deleted(self, ask: Ask, files: Sequence[str], ts: str) -> None:
        """Files were deleted, with the message `ts` or ("") by themselves."""
        ...

    async def came(self, ask: Ask) -> None:
        """A person joined an incident's channel."""
        ...

    async def home_opened(self, input: str, person: str, first: bool) -> None:
        """A person looks at their Home tab. first: there is nothing in it yet."""
        ...

    async def person_changed(self, person: Person) -> None: ...
    async def group_changed(self, group: Group) -> None: ...
