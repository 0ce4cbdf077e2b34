"""A person of a story: does what people do in Slack, and lets the program answer."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.workspace.blocks import elements
from bot.workspace.people import Actor
from bot.workspace.screens import label, message_text
from bot.workspace.things import Message

if TYPE_CHECKING:
    from tests.stories.story import Story


@dataclass(frozen=True)
class Stale:
    """A message as it was, and the button on it."""

    message: Message
    block: str
    action: str

    def forged(self, **value: Any) -> Stale:
        """The same with another value in its button."""
        message = deepcopy(self.message)
        for block in message.blocks:
            for element in elements(block):
                if element.get("action_id") == self.action and block["block_id"] == self.block:
                    element["value"] = json.dumps({**json.loads(element["value"]), **value})
        return Stale(message, self.block, self.action)


class Player:
    """Everything happens in the story's channel unless `where` says otherwise. Each act returns what the person was told."""

    def __init__(self, story: Story, actor: Actor) -> None:
        self.story, self.actor, self.id = story, actor, actor.id

    def _where(self, where: str) -> str:
        return where or self.story.channel.id

    def _told(self) -> list[Message]:
        state = self.story.workspace.state
        mine = [m for room in state.messages.values() for m in room.values() if m.only_for == self.id]
        return sorted(mine, key=lambda message: message.ts)

    async def _answer(self, before: int) -> str:
        await self.story.settle()
        return "\n".join(message_text(self.story.workspace.state, m) for m in self._told()[before:])

    async def click(self, words: str, where: str = "") -> str:
        """Use the newest button with these words."""
        before = len(self._told())
        await self.actor.click(words, self._where(where))
        return await self._answer(before)

    async def opens_home(self) -> str:
        """Look at the Home tab, as it is a moment later."""
        await self.actor.open_home()
        await self.story.settle()
        return self.home

    @property
    def home(self) -> str:
        """The Home tab as it stands."""
        return self.actor.sees_home()

    async def clicks_home(self, words: str) -> str:
        """Use a button of the Home tab; the form that it opens, if any."""
        await self.actor.click_home(words)
        await self.story.settle()
        return self.form

    def keeps(self, words: str, where: str = "") -> Stale:
        """The newest message with this button as it looks now, for a click when it has long been changed."""
        place = self._where(where)
        state = self.story.workspace.state
        [asked] = [p.id for p in state.people.values() if p.name == place[1:]] if place[:1] == "@" else [""]
        room = state.messages[state.open_dm(self.id, asked).id if asked else self.story.workspace.channel(place).id]
        for message in reversed(list(room.values())):
            for block in message.blocks:
                for element in elements(block):
                    if element["type"] == "button" and label(element) == words:
                        return Stale(deepcopy(message), block["block_id"], element["action_id"])
        raise AssertionError(f"there is no [{words}]")

    async def clicks(self, stale: Stale) -> str:
        """Click a button that may long be gone, or that belongs to somebody else's screen."""
        before = len(self._told())
        await self.story.workspace.acts.click(self.id, stale.message, stale.block, stale.action)
        return await self._answer(before)

    async def types(self, line: str, where: str = "") -> str:
        """`/tocsin line`."""
        before = len(self._told())
        await self.actor.command(f"/tocsin {line}", self._where(where))
        return await self._answer(before)

    async def mentions(self, line: str, where: str = "", thread: str | None = None) -> str:
        """`@Tocsin line`."""
        before = len(self._told())
        await self.actor.say(self._where(where), f"@tocsin {line}", thread)
        return await self._answer(before)

    async def says(self, words: str, where: str = "", thread: str | None = None) -> str:
        """Plain words; the ts of the message."""
        ts = await self.actor.say(self._where(where), words, thread)
        await self.story.settle()
        return ts

    async def fills(self, **values: Any) -> str:
        """Fill the open form in and send it."""
        before = len(self._told())
        await self.actor.fill(**values).submit()
        return await self._answer(before)

    async def reacts(self, ts: str, name: str = "pushpin", on: bool = True) -> None:
        await self.actor.react(self._where(""), ts, name, on)
        await self.story.settle()

    @property
    def form(self) -> str:
        """The form that is open, as text."""
        return self.actor.sees_modal()

    def sees(self, where: str = "") -> list[str]:
        return self.actor.sees(self._where(where))

    def reads(self, words: str, where: str = "") -> bool:
        """Whether the words stand in a message that this person sees."""
        return any(words in line for line in self.sees(where))
