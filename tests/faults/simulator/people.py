"""People: they click what they see (or saw long ago), type verbs, fill forms; some of them at the same moment."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bot.workspace import social
from bot.workspace.blocks import elements, options
from bot.workspace.errors import CannotDo
from bot.workspace.screens import label
from bot.workspace.things import Json, Message, View
from tests.faults.simulator.world import World

WHO = ("U0ANA", "U0BEN", "U0LI", "U0MIA")
LINES = (
    "ack",
    "status mitigating",
    "status monitoring",
    "sev 1 it grows",
    "role commander",
    "role operations",
    "update Writes fail --next 20m",
    "done",
    "skip not needed",
    "answer yes",
    "confirm",
    "resolve",
    "reopen it is back",
    "plan restart start",
    "plan failover start",
    "plan failover resume",
    "plan mend",
    "rollback",
    "ask",
    "stop",
    "timeline",
    "list",
    "mark mitigated",
    "snooze",
    "nonsense",
)
ONWARDS = ("Approve", "Undo it", "It was done", "No", "I have it", "Run again: new approval", "Yes", "Done")
"""What brings the story on, the rarest first."""


@dataclass(frozen=True)
class Seen:
    """A button on a message as it was when somebody saw it."""

    who: str
    message: Message
    block: str
    action: str
    words: str


@dataclass
class People:
    """notes: text of each note → what its author was told, "" if nothing; kept: what they may click long after."""

    world: World
    notes: dict[str, str] = field(default_factory=dict)
    kept: list[Seen] = field(default_factory=list)
    _texts: int = 0

    async def act(self) -> None:
        chance = self.world.chance
        who, what = chance.choice(WHO), chance.random()
        found = self._sees(who)
        if found and chance.random() < 0.3:
            self.kept.append(self._copied(chance.choice(found)))
        if what < 0.1 and self.kept:
            await self._click(chance.choice(self.kept), "long ago")
        elif what < 0.65 and found:
            await self._click(chance.choice(found), "")
        else:
            await self._types(who)

    async def both(self) -> None:
        """Two people use the same button, or the same person twice."""
        chance = self.world.chance
        who, other = chance.choice(WHO), chance.choice(WHO)
        found = self._sees(who)
        if not found:
            return
        one = chance.choice(found)
        if other not in self.world.state.channels[one.message.channel].members:
            other = who
        await asyncio.gather(
            self._click(self._copied(one), "at once"),
            self._click(Seen(other, deepcopy(one.message), one.block, one.action, one.words), "at once"),
        )

    async def goes_on(self) -> None:
        """Whoever sees a button that brings the story on uses it."""
        found = [seen for who in self.world.chance.sample(WHO, len(WHO)) for seen in self._sees(who)]
        for words in ONWARDS:
            fitting = [seen for seen in found if seen.words == words]
            if fitting and self.world.chance.random() < 0.7:
                await self._click(self.world.chance.choice(fitting), "")
                return

    def _sees(self, who: str) -> list[Seen]:
        """Every button of the app that a person sees now."""
        state = self.world.state
        return [
            Seen(who, message, block["block_id"], element["action_id"], label(element))
            for channel, messages in state.messages.items()
            if who in state.channels[channel].members
            for message in messages.values()
            if message.by_app and not message.deleted and state.shown_to(who, message)
            for block in message.blocks
            for element in elements(block)
            if element["type"] == "button" and element["action_id"].startswith("verb:")
        ]

    def _copied(self, seen: Seen) -> Seen:
        return Seen(seen.who, deepcopy(seen.message), seen.block, seen.action, seen.words)

    async def _click(self, seen: Seen, how: str) -> None:
        self.world.said(f"{seen.who} clicks [{seen.words}] {how}".rstrip())
        try:
            await self.world.acts.click(seen.who, seen.message, seen.block, seen.action)
            await self._fills(seen.who)
        except CannotDo as refused:
            self.world.said(f"  {seen.who} is told: {refused.sentence}")

    async def _fills(self, who: str) -> None:
        """A form that has opened is filled in, sometimes only later, or closed."""
        chance, state = self.world.chance, self.world.state
        stack = state.stacks.get(who)
        if not stack:
            return
        view = state.views[stack[-1]]
        if chance.random() < 0.1:
            await self.world.acts.close(who, view, all=True)
            return
        if chance.random() < 0.3:
            await self.world.clock.sleep(chance.uniform(1.0, 60.0))
        if not state.is_open(view):
            return
        if "callback_id" not in view.body:  # "A moment …", and the program died before there was more
            await self.world.acts.close(who, view, all=True)
            return
        self.world.said(f"{who} sends the form {view.body['callback_id']}")
        try:
            await self.world.acts.submit(who, view, self._given(view))
        except CannotDo:
            await self.world.acts.close(who, view, all=True)
            raise

    def _given(self, view: View) -> dict[str, dict[str, Any]]:
        given: dict[str, dict[str, Any]] = {}
        for block in view.body["blocks"]:
            for element in elements(block) if block["type"] == "input" else ():
                given.setdefault(block["block_id"], {})[element["action_id"]] = self._filled(element)
        return given

    def _filled(self, element: Json) -> Any:
        chance = self.world.chance
        if element["type"] == "plain_text_input":
            return self._text()
        if element["type"] == "users_select":
            return chance.choice(WHO)
        return chance.choice([option["value"] for option in options(element)])

    async def _types(self, who: str) -> None:
        """A verb in the channel of some incident; they come in first if they have to."""
        chance, state = self.world.chance, self.world.state
        rooms = [channel for channel in state.channels.values() if channel.name.startswith("inc-")]
        if not rooms:
            return
        room = chance.choice(rooms)
        social.join(state, who, room)
        note = chance.random() < 0.4
        line = f"note {self._text()}" if note else chance.choice(LINES)
        self.world.said(f"{who} types {line} in {room.name}")
        try:
            await self.world.acts.command(who, room, f"/tocsin {line}")
        except CannotDo as refused:
            self.world.said(f"  {who} is told: {refused.sentence}")
        if note:
            self.notes[line.removeprefix("note ")] = self.world.door.told.get(line, "")

    def _text(self) -> str:
        self._texts += 1
        return f"words-{self._texts}"
