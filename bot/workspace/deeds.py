"""What the page's POST asks for, by name: ids are looked up here, the doing is in acts and social."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping

from bot.workspace import social
from bot.workspace.acts import Acts
from bot.workspace.errors import CannotDo
from bot.workspace.state import State
from bot.workspace.things import Channel, Json, Message, View

Deed = Callable[["Deeds", str, Json], Awaitable[Json]]


class Deeds:
    """KeyError, TypeError and ValueError mean that the request makes no sense; CannotDo is for the person."""

    def __init__(self, state: State, acts: Acts) -> None:
        self.state, self.acts = state, acts

    async def do(self, asked: Json) -> Json:
        """asked: the JSON of POST /page/do."""
        if not isinstance(asked, dict):
            raise TypeError("a JSON object is needed")
        person = self.state.people[asked["as"]]
        if person.bot:
            raise ValueError(f"{person.name} cannot be played")
        return await _DEEDS[asked["what"]](self, person.id, asked)

    def channel(self, person: str, asked: Json) -> Channel:
        found = self.state.channels.get(asked["channel"])
        if found is None or not self.state.sees(person, found.id):
            raise CannotDo("There is no such channel.")
        return found

    def message(self, person: str, asked: Json) -> Message:
        found = self.state.message(self.channel(person, asked).id, asked["ts"])
        if found is None or not self.state.shown_to(person, found):
            raise CannotDo("That message is gone.")
        return found

    def view(self, asked: Json) -> View:
        found = self.state.views.get(asked["view_id"])
        if found is None:
            raise CannotDo("That view is gone.")
        return found


async def _say(deeds: Deeds, person: str, asked: Json) -> Json:
    return await deeds.acts.say(person, deeds.channel(person, asked), asked["text"], asked.get("thread_ts"))


async def _command(deeds: Deeds, person: str, asked: Json) -> Json:
    return await deeds.acts.command(person, deeds.channel(person, asked), asked["text"])


async def _click(deeds: Deeds, person: str, asked: Json) -> Json:
    thing = deeds.view(asked) if "view_id" in asked else deeds.message(person, asked)
    value, given = asked.get("value"), asked.get("values")
    return await deeds.acts.click(person, thing, asked["block_id"], asked["action_id"], value, given)


async def _shortcut(deeds: Deeds, person: str, asked: Json) -> Json:
    message = deeds.message(person, asked) if "ts" in asked else None
    return await deeds.acts.shortcut(person, asked["callback_id"], message)


async def _submit(deeds: Deeds, person: str, asked: Json) -> Json:
    return await deeds.acts.submit(person, deeds.view(asked), asked["values"])


async def _close(deeds: Deeds, person: str, asked: Json) -> Json:
    return await deeds.acts.close(person, deeds.view(asked), bool(asked.get("all")))


async def _react(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.react(deeds.state, person, deeds.message(person, asked), asked["name"], asked.get("on", True))


async def _home(deeds: Deeds, person: str, asked: Json) -> Json:
    return await deeds.acts.home(person)


async def _open(deeds: Deeds, person: str, asked: Json) -> Json:
    return {"channel": deeds.state.open_dm(person, deeds.state.people[asked["user"]].id).id}


async def _create(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.create(deeds.state, person, asked["name"], bool(asked.get("private")))


async def _join(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.join(deeds.state, person, deeds.channel(person, asked))


async def _leave(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.leave(deeds.state, person, deeds.channel(person, asked))


async def _archive(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.archive(deeds.state, person, deeds.channel(person, asked))


async def _invite(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.invite(deeds.state, person, deeds.channel(person, asked), asked["user"])


async def _share(deeds: Deeds, person: str, asked: Json) -> Json:
    file = (str(asked["name"]), b64decode(asked["content"], validate=True))
    channel = deeds.channel(person, asked)
    return social.share(deeds.state, person, channel, file, asked.get("text", ""), asked.get("thread_ts"))


async def _edit(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.edit(deeds.state, person, deeds.message(person, asked), asked["text"])


async def _delete(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.delete(deeds.state, person, deeds.message(person, asked))


async def _dnd(deeds: Deeds, person: str, asked: Json) -> Json:
    return social.dnd(deeds.state, person, bool(asked.get("on", True)))


_DEEDS: Mapping[str, Deed] = {
    "say": _say,
    "command": _command,
    "click": _click,
    "shortcut": _shortcut,
    "submit": _submit,
    "close": _close,
    "react": _react,
    "home": _home,
    "open": _open,
    "create": _create,
    "join": _join,
    "leave": _leave,
    "archive": _archive,
    "invite": _invite,
    "share": _share,
    "edit": _edit,
    "delete": _delete,
    "dnd": _dnd,
}
