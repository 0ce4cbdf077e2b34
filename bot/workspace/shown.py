"""State → what the page is told, for one person. The contract stands in page.py."""

from collections.abc import Iterator

from bot.workspace.state import State
from bot.workspace.things import Channel, Entry, File, Json, Message, Person, View
from bot.workspace.wire import mimetype, reactions_json


def person(each: Person) -> Json:
    return {
        "id": each.id,
        "name": each.name,
        "real_name": each.real_name,
        "title": each.title,
        "tz": each.tz,
        "bot": each.bot,
        "deleted": each.deleted,
        "dnd": each.quiet[1] > 0,
    }


def people(state: State) -> list[Json]:
    return [person(each) for each in state.people.values()]


def channel(each: Channel, viewer: str) -> Json:
    others = [member for member in each.members if member != viewer]
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "with": (others or [viewer])[0] if each.kind == "dm" else None,
        "topic": each.topic.value,
        "purpose": each.purpose.value,
        "archived": each.archived,
        "member": viewer in each.members,
        "members": list(each.members),
        "pins": list(each.pins),
        "bookmarks": [{"id": b.id, "title": b.title, "link": b.link, "emoji": b.emoji} for b in each.bookmarks],
    }


def message(state: State, each: Message, viewer: str) -> Json:
    if each.deleted:
        return {"channel": each.channel, "ts": each.ts, "deleted": True}
    replies = [] if each.thread_ts else state.replies(each.channel, each.ts)
    return {
        "channel": each.channel,
        "ts": each.ts,
        "thread_ts": each.thread_ts,
        "user": each.user,
        "subtype": each.subtype,
        "text": each.text,
        "blocks": each.blocks,
        "files": [_file(state.files[id], viewer) for id in each.files],
        "reactions": reactions_json(each),
        "edited": each.edited is not None,
        "pinned": each.ts in state.channels[each.channel].pins,
        "broadcast": each.broadcast,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts if replies else None,
        "ephemeral": each.only_for is not None,
    }


def _file(file: File, viewer: str) -> Json:
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype(file.name),
        "size": file.size,
        "url": f"/page/file/{file.id}?as={viewer}",
    }


def view(each: View) -> Json:
    names = ("callback_id", "title", "submit", "close")
    body = {name: each.body.get(name) for name in names}
    clear = bool(each.body.get("clear_on_close", False))
    return {
        "id": each.id,
        "hash": each.hash,
        "type": each.kind,
        **body,
        "blocks": each.body["blocks"],
        "clear_on_close": clear,
    }


def modals(state: State, viewer: str) -> list[Json]:
    return [view(state.views[id]) for id in state.stacks.get(viewer, ())]


def home(state: State, viewer: str) -> Json | None:
    found = state.views.get(state.homes.get(viewer, ""))
    return view(found) if found else None


class Watch:
    """One open page: what its person has been told of, and what comes next."""

    def __init__(self, state: State, viewer: str) -> None:
        self._state, self._viewer = state, viewer
        self._at = len(state.journal)
        self._known = {each for each in state.channels if state.sees(viewer, each)}

    def snapshot(self) -> Json:
        """All that the person may see now; `next` goes on from here."""
        state, viewer = self._state, self._viewer
        messages = [message(state, each, viewer) for id in self._known for each in self._messages(id)]
        return {
            "me": viewer,
            "now": state.clock.now() / 1_000_000,
            "team": {"id": state.team, "name": state.team_name},
            "app": {
                "id": state.app_id,
                "name": state.manifest.name,
                "user": state.bot_user,
                "home": state.manifest.home,
            },
            "people": people(state),
            "channels": [channel(state.channels[id], viewer) for id in state.channels if id in self._known],
            "messages": sorted(messages, key=lambda each: str(each["ts"])),
            "modals": modals(state, viewer),
            "home": home(state, viewer),
            "shortcuts": [
                {"name": each.name, "kind": each.kind, "callback_id": each.callback_id, "description": each.description}
                for each in state.manifest.shortcuts
            ],
        }

    def next(self) -> Iterator[tuple[str, Json]]:
        """The events since the last time. Each thing is shown as it is now, so it is shown once."""
        entries = dict.fromkeys(self._state.journal[self._at :])
        self._at = len(self._state.journal)
        for entry in entries:
            yield from self._told(entry)

    def behind(self) -> bool:
        """Whether something has happened since."""
        return self._at < len(self._state.journal)

    def _told(self, entry: Entry) -> Iterator[tuple[str, Json]]:
        if entry.kind == "channel":
            yield from self._channel(entry.id)
        elif entry.kind == "message":
            found = self._state.messages[entry.id].get(entry.ts)
            if found is not None and entry.id in self._known and self._state.shown_to(self._viewer, found):
                yield "message", message(self._state, found, self._viewer)
        elif entry.kind == "people":
            yield "people", {"people": people(self._state)}
        elif entry.id == self._viewer and entry.kind == "modal":
            yield "modal", {"modals": modals(self._state, self._viewer)}
        elif entry.id == self._viewer and entry.kind == "home":
            yield "home", {"home": home(self._state, self._viewer)}

    def _channel(self, id: str) -> Iterator[tuple[str, Json]]:
        if not self._state.sees(self._viewer, id):
            if id in self._known:
                self._known.discard(id)
                yield "channel", {"id": id, "deleted": True}
            return
        yield "channel", channel(self._state.channels[id], self._viewer)
        if id not in self._known:
            self._known.add(id)
            for each in self._messages(id):
                yield "message", message(self._state, each, self._viewer)

    def _messages(self, id: str) -> Iterator[Message]:
        for each in self._state.messages.get(id, {}).values():
            if not each.deleted and self._state.shown_to(self._viewer, each):
                yield each
