"""What people do: say, command, click, submit … The page's POST and the tests' people both come through here.

Everything that a person cannot do raises CannotDo with the sentence that Slack would show.
"""

from typing import Any

from bot.workspace import payloads, rooms
from bot.workspace.blocks import checked_blocks, checked_view, elements
from bot.workspace.deliver import Ack, Deliver
from bot.workspace.errors import CannotDo, Refused
from bot.workspace.inputs import Given, chosen, missing, state_values
from bot.workspace.methods.views import push, replace
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Message, View
from bot.workspace.wire import view_json

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows if it cannot use the app's answer to a form."""
NOT_RESPONDING = "This app isn't responding. Please try again."


class Acts:
    """Each takes the id of the person who acts, and returns what the page is told beside ok."""

    def __init__(self, state: State, deliver: Deliver) -> None:
        self._state, self._deliver = state, deliver

    async def say(self, person: str, channel: Channel, text: str, thread_ts: str | None = None) -> Json:
        """Post a message as typed; a text that begins with / is a command."""
        if text.startswith("/"):
            if thread_ts:
                raise CannotDo("Slash commands are not supported in threads. Sorry!")
            return await self.command(person, channel, text)
        self._present(person, channel)
        if not text.strip():
            raise CannotDo("There is nothing to say.")
        if thread_ts and self._state.message(channel.id, thread_ts) is None:
            raise CannotDo("That thread is gone.")
        ts = self._state.next_ts()
        words = rooms.typed(self._state, text)
        rooms.post(self._state, Message(channel.id, ts, person, words, thread_ts=thread_ts))
        return {"ts": ts}

    async def command(self, person: str, channel: Channel, line: str) -> Json:
        """A slash command; its answer is shown to that person alone, unless the app says otherwise."""
        self._present(person, channel)
        name, _, rest = line.strip().partition(" ")
        command = self._state.manifest.commands.get(name)
        if command is None:
            raise CannotDo(f"{name} is not a valid command. Slack knows: {', '.join(self._state.manifest.commands)}")
        escape = command.should_escape
        text = rooms.typed(self._state, rest.strip(), labels=True, links=escape) if escape else _encoded(rest.strip())
        ack = await self._deliver.ask(
            "slash_commands", payloads.slash_command(self._state, person, channel, name, text)
        )
        if ack.outcome != "ok":
            code = "operation_timeout" if ack.outcome == "timeout" else "dispatch_failed"
            raise CannotDo(f'{name} failed with the error "{code}"')
        if ack.payload:
            try:
                answer(self._state, person, channel, ack.payload)
            except Refused as refused:
                raise CannotDo(f'{name} failed with the error "{refused.code}"') from refused
        return {}

    async def click(
        self,
        person: str,
        thing: Message | View,
        block_id: str,
        action_id: str,
        value: Any = None,
        given: Given | None = None,
    ) -> Json:
        """Use an element of a message that the person sees, of a modal or of Home. given: what else is filled in there."""
        self._acting(person)
        self._interactive()
        blocks = thing.blocks if isinstance(thing, Message) else thing.body["blocks"]
        element = _element(blocks, block_id, action_id)
        action = {"block_id": block_id, "action_id": action_id, "type": element["type"], **chosen(element, value)}
        if element["type"] == "button":
            action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        filled = {block: dict(inner) for block, inner in (given or {}).items()}
        filled.setdefault(block_id, {})[action_id] = value
        if isinstance(thing, Message):
            thing.values.setdefault(person, {}).update(filled)
            payload = payloads.message_click(self._state, person, thing, action)
        else:
            self._own(person, thing)
            payload = payloads.view_click(self._state, person, thing, action, state_values(blocks, filled))
        _insist(await self._deliver.ask("interactive", payload))
        return {}

    async def shortcut(self, person: str, callback_id: str, message: Message | None = None) -> Json:
        """Take a shortcut of the app: one of a message, or (without one) a global one."""
        self._acting(person)
        self._interactive()
        kind = "message" if message else "global"
        if not any(each.callback_id == callback_id and each.kind == kind for each in self._state.manifest.shortcuts):
            raise CannotDo("There is no such shortcut.")
        if message is None:
            payload = payloads.global_shortcut(self._state, person, callback_id)
        elif message.only_for is not None or message.deleted:
            raise CannotDo("That message has no shortcuts.")
        else:
            payload = payloads.message_shortcut(self._state, person, callback_id, message)
        _insist(await self._deliver.ask("interactive", payload))
        return {}

    async def submit(self, person: str, view: View, given: Given) -> Json:
        """Send a modal. CannotDo with `errors` if the form or the app does not take it."""
        self._acting(person)
        self._own(person, view)
        if view.kind != "modal" or not view.body.get("submit"):
            raise CannotDo("This view has nothing to submit.")
        values = state_values(view.body["blocks"], given)
        if errors := missing(view.body["blocks"], values):
            raise CannotDo("; ".join(errors.values()), errors)
        ack = await self._deliver.ask("interactive", payloads.view_submission(self._state, person, view, values))
        _insist(ack)
        self._submitted(person, view, ack.payload)
        return {}

    def _submitted(self, person: str, view: View, reply: Json) -> None:
        what = reply.get("response_action", "") if reply else ""
        if what == "errors":
            errors = _field_errors(view, reply.get("errors"))
            raise CannotDo("; ".join(errors.values()), errors)
        if what in ("update", "push"):
            self._next(person, view, reply.get("view"), what)
            return
        if reply and what != "clear":
            raise CannotDo(TROUBLE)
        stack = self._state.stacks[person]
        if view.id in stack:  # the app may have opened something else meanwhile
            del stack[0 if what == "clear" else stack.index(view.id) :]
            self._state.changed("modal", person)

    def _next(self, person: str, view: View, raw: Any, what: str) -> None:
        """Show the view that the app answers a form with: in its place, or on top of it."""
        try:
            body = checked_view(raw, "modal")
            if what == "update":
                replace(self._state, view, body)
            else:
                push(self._state, person, body)
        except Refused as refused:
            raise CannotDo(TROUBLE) from refused

    async def close(self, person: str, view: View, all: bool = False) -> Json:
        """Close the modal on top, or the whole stack."""
        self._own(person, view)
        stack = self._state.stacks[person]
        at = 0 if all else stack.index(view.id)
        closed = [self._state.views[id] for id in stack[at:]]
        del stack[at:]
        self._state.changed("modal", person)
        for each in reversed(closed):
            if each.body.get("notify_on_close"):
                await self._deliver.ask("interactive", payloads.view_closed(self._state, person, each, all))
        return {}

    async def home(self, person: str) -> Json:
        """Look at the app's Home tab."""
        self._acting(person)
        channel = self._state.open_dm(self._state.bot_user, person)
        shown = self._state.views.get(self._state.homes.get(person, ""))
        view = {"view": view_json(self._state, shown)} if shown else {}
        self._deliver.tell({"type": "app_home_opened", "user": person, "channel": channel.id, "tab": "home", **view})
        return {}

    def _acting(self, person: str) -> None:
        if self._state.people[person].deleted:
            raise CannotDo("Your account has been deactivated.")

    def _interactive(self) -> None:
        if not self._state.manifest.interactive:
            raise CannotDo("This app is not configured to handle interactive responses.")

    def _present(self, person: str, channel: Channel) -> None:
        self._acting(person)
        if person not in channel.members:
            raise CannotDo(f"You are not in #{channel.name}. Join it first.")
        if channel.archived:
            raise CannotDo(f"#{channel.name} is archived.")

    def _own(self, person: str, view: View) -> None:
        if view.owner != person or not self._state.is_open(view):
            raise CannotDo("That view is not open.")


def answer(state: State, person: str, channel: Channel, body: Json, thread_ts: str | None = None) -> None:
    """Show what the app said to a command, or at a response_url: to that person, or to all (`in_channel`)."""
    text, blocks = body.get("text", ""), checked_blocks(body.get("blocks"), "message")
    if not text and not blocks:
        raise Refused("no_text")
    public = body.get("response_type") == "in_channel"
    message = Message(channel.id, state.next_ts(), state.bot_user, text, blocks, by_app=True, thread_ts=thread_ts)
    if public:
        rooms.post(state, message)
    else:
        message.only_for = person
        rooms.show_once(state, message)


def _field_errors(view: View, errors: Any) -> dict[str, str]:
    """What the app says is wrong, for each field by its block_id; an answer that names no field is no answer."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise CannotDo(TROUBLE)
    return {str(block): str(words) for block, words in errors.items()}


def _insist(ack: Ack) -> None:
    if ack.outcome != "ok":
        raise CannotDo(NOT_RESPONDING)


def _encoded(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    for block in blocks:
        for element in elements(block):
            if block["block_id"] == block_id and element.get("action_id") == action_id:
                return element
    raise CannotDo("That element is not there any more.")
