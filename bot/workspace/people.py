"""People for tests and for the demo: they do what the page does, with names instead of ids."""

from collections.abc import Mapping
from typing import Any

from bot.workspace import social
from bot.workspace.acts import Acts
from bot.workspace.blocks import elements, options
from bot.workspace.errors import CannotDo
from bot.workspace.screens import label, message_text, view_text
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Message, View


class Form:
    """A modal with something filled in: `await ana.fill(doing="…").submit()`."""

    def __init__(self, acts: Acts, person: str, view: View, given: dict[str, dict[str, Any]]) -> None:
        self._acts, self._person, self._view, self._given = acts, person, view, given

    async def submit(self) -> None:
        """Send it. Raises CannotDo, with `errors` (block_id → sentence), if it is not taken."""
        await self._acts.submit(self._person, self._view, self._given)

    async def click(self, words: str) -> None:
        """Use a button or an option inside the modal."""
        found = _find(self._view.body["blocks"], words)
        if found is None:
            raise CannotDo(f"no [{words}] in the form")
        await self._acts.click(self._person, self._view, *found, given=self._given)


class Actor:
    """One person at the screen. Channels are named (`#orders`, `orders`, an id); `@tocsin` is the DM with that user."""

    def __init__(self, state: State, acts: Acts, id: str) -> None:
        self._state, self._acts, self.id = state, acts, id
        self.name = state.people[id].name

    async def say(self, channel: str, text: str, thread: str | None = None) -> str:
        """Say something; returns its ts. thread: the ts of the root."""
        done = await self._acts.say(self.id, self._channel(channel), text, thread)
        return str(done.get("ts", ""))

    async def share(self, channel: str, name: str, content: bytes, text: str = "", thread: str | None = None) -> str:
        """Share a file; returns the ts of its message."""
        done = social.share(self._state, self.id, self._channel(channel), (name, content), text, thread)
        return str(done["ts"])

    async def command(self, line: str, channel: str) -> None:
        """A slash command, acked when this returns."""
        await self._acts.command(self.id, self._channel(channel), line)

    async def click(self, words: str, channel: str) -> None:
        """Use the button (or the option of a menu) of that label, in the newest message that has it."""
        room = self._channel(channel)
        seen: list[str] = []
        for message in reversed(self._messages(room)):
            if found := _find(message.blocks, words):
                await self._acts.click(self.id, message, *found)
                return
            seen += [label(each) for block in message.blocks for each in elements(block)]
        raise CannotDo(f"{self.name} sees no [{words}] in {room.name or room.id}, but {list(dict.fromkeys(seen))}")

    async def choose(self, words: str, value: str, channel: str) -> None:
        """Choose in a menu of a message (its placeholder is `words`); value: an option's value or words, or a person's id."""
        for message in reversed(self._messages(self._channel(channel))):
            for block in message.blocks:
                for element in elements(block):
                    if label(element) == words and element["type"] != "button":
                        chosen = _option_value(element, value)
                        await self._acts.click(self.id, message, block["block_id"], element["action_id"], chosen)
                        return
        raise CannotDo(f"{self.name} sees no menu {words!r}")

    async def shortcut(self, name: str, channel: str = "", ts: str = "") -> None:
        """Take a shortcut by its name: of the message `ts` in `channel`, or (without them) a global one."""
        kind = "message" if ts else "global"
        known = {each.name: each for each in self._state.manifest.shortcuts if each.kind == kind}
        if name not in known:
            raise CannotDo(f"{self.name} sees no {kind} shortcut {name!r}, but {list(known)}")
        message = self._message(channel, ts) if ts else None
        await self._acts.shortcut(self.id, known[name].callback_id, message)

    async def react(self, channel: str, ts: str, name: str, on: bool = True) -> None:
        social.react(self._state, self.id, self._message(channel, ts), name, on)

    async def edit(self, channel: str, ts: str, text: str) -> None:
        social.edit(self._state, self.id, self._message(channel, ts), text)

    async def delete(self, channel: str, ts: str) -> None:
        social.delete(self._state, self.id, self._message(channel, ts))

    async def delete_file(self, file: str) -> None:
        social.delete_file(self._state, self.id, file)

    async def dnd(self, on: bool = True) -> None:
        social.dnd(self._state, self.id, on)

    async def join(self, channel: str) -> None:
        social.join(self._state, self.id, self._channel(channel))

    async def leave(self, channel: str) -> None:
        social.leave(self._state, self.id, self._channel(channel))

    async def invite(self, channel: str, user: str) -> None:
        social.invite(self._state, self.id, self._channel(channel), self._person(user))

    async def archive(self, channel: str) -> None:
        social.archive(self._state, self.id, self._channel(channel))

    async def open_home(self) -> None:
        await self._acts.home(self.id)

    async def click_home(self, words: str) -> None:
        """Use the first button of the Home tab with these words."""
        view = self._state.views.get(self._state.homes.get(self.id, ""))
        found = _find(view.body["blocks"], words) if view else None
        if view is None or found is None:
            raise CannotDo(f"{self.name} sees no [{words}] in the Home tab, but\n{self.sees_home()}")
        await self._acts.click(self.id, view, *found)

    # forms

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        stack = self._state.stacks.get(self.id)
        return self._state.views[stack[-1]] if stack else None

    def fill(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Form:
        """Fill the open modal in. A field is named by its block_id, action_id or label; a choice by its value or words."""
        view = self._top()
        given: dict[str, dict[str, Any]] = {}
        for name, value in {**(values or {}), **named}.items():
            block, element = _field(view, name)
            given.setdefault(block["block_id"], {})[element["action_id"]] = _option_value(element, value)
        return Form(self._acts, self.id, view, given)

    async def close(self) -> None:
        """Close the modal on top."""
        await self._acts.close(self.id, self._top())

    def sees_modal(self) -> str:
        """The modal on top as text, or nothing."""
        return view_text(self._state, self.modal) if self.modal else ""

    def sees_home(self) -> str:
        """The Home tab as text, or nothing."""
        view = self._state.views.get(self._state.homes.get(self.id, ""))
        return view_text(self._state, view) if view else ""

    def sees(self, channel: str) -> list[str]:
        """Every message of a channel as this person sees it, replies (`↳`) right after their root, ephemerals (`👁`) too."""
        messages = self._messages(self._channel(channel))
        threads = {each.ts: [reply for reply in messages if reply.thread_ts == each.ts] for each in messages}
        lines: list[str] = []
        for each in messages:
            if each.thread_ts is None:
                lines.append(self._line(each))
                lines += [f"↳ {self._line(reply)}" for reply in threads[each.ts]]
        return lines

    def _line(self, message: Message) -> str:
        return ("👁 " if message.only_for else "") + message_text(self._state, message)

    def _messages(self, channel: Channel) -> list[Message]:
        every = self._state.messages.get(channel.id, {}).values()
        return [each for each in every if self._state.shown_to(self.id, each) and not each.deleted]

    def _message(self, channel: str, ts: str) -> Message:
        found = self._state.message(self._channel(channel).id, ts)
        if found is None:
            raise CannotDo("That message is gone.")
        return found

    def _channel(self, name: str) -> Channel:
        if name.startswith("@"):
            return self._state.open_dm(self.id, self._person(name[1:]))
        found = self._state.channels.get(name) or self._state.named(name.removeprefix("#"))
        if found is None or not self._state.sees(self.id, found.id):
            raise CannotDo(f"{self.name} sees no channel {name}")
        return found

    def _person(self, name: str) -> str:
        for each in self._state.people.values():
            if name in (each.name, each.id):
                return each.id
        raise CannotDo(f"Nobody is called {name}.")

    def _top(self) -> View:
        if self.modal is None:
            raise CannotDo(f"{self.name} has no form open.")
        return self.modal


def _find(blocks: list[Json], words: str) -> tuple[str, str, Any] | None:
    """block_id, action_id and value of the button or option with that label."""
    for block in blocks:
        for element in elements(block):
            if element["type"] == "button" and label(element) == words:
                return block["block_id"], element["action_id"], None
            if element["type"] in ("overflow", "radio_buttons", "static_select"):
                for option in options(element):
                    if option["text"]["text"] == words:
                        return block["block_id"], element["action_id"], option["value"]
    return None


def _field(view: View, name: str) -> tuple[Json, Json]:
    known: list[str] = []
    for block in view.body["blocks"]:
        words = [block.get("label", {}).get("text", ""), block["block_id"]]
        for element in elements(block):
            if name in (*words, element.get("action_id")):
                return block, element
        known += words[:1] if block["type"] == "input" else []
    raise CannotDo(f"the form has no {name!r}, but {known}")


def _option_value(element: Json, value: Any) -> Any:
    by_words = {option["text"]["text"]: option["value"] for option in options(element)}
    if isinstance(value, list):
        return [by_words.get(each, each) for each in value]
    return by_words.get(value, value)
