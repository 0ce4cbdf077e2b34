"""Events of the workspace: mentions, 📌, words of people, people and groups that change."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from bot.domain import silence
from bot.domain.reading import posted
from bot.domain.terms import Micros, Source
from bot.errors import ChatError, Refused
from bot.ports import Clock, Group, Person, Store
from bot.slack import inbox
from bot.slack.chat import SlackChat
from bot.slack.client import LOG
from bot.slack.inbox import Heard
from bot.text import t
from commands import Ask

PIN, FLAG = "pushpin", "triangular_flag_on_post"
WORDS_OF_PEOPLE = frozenset({"", "file_share", "thread_broadcast", "me_message"})


class Hears(Protocol):
    """What the flows do with events. `ask.input` is Slack's event_id: the same event again changes nothing."""

    async def pinned(self, ask: Ask, channel: str, ts: str, by: str, text: str, at: Micros) -> None: ...
    async def unpinned(self, ask: Ask, channel: str, ts: str) -> None: ...
    async def flagged(self, ask: Ask, channel: str, ts: str, text: str) -> None: ...
    async def unflagged(self, ask: Ask, channel: str, ts: str) -> None: ...
    async def edited(self, ask: Ask, channel: str, ts: str, by: str, text: str) -> None: ...
    async def seen(self, ask: Ask) -> None:
        """A person wrote in an incident's channel for the first time."""
        ...

    async def came(self, ask: Ask) -> None:
        """A person joined an incident's channel."""
        ...

    async def home_opened(self, input: str, person: str, first: bool) -> None:
        """A person looks at their Home tab. first: there is nothing in it yet."""
        ...

    async def person_changed(self, person: Person) -> None: ...
    async def group_changed(self, group: Group) -> None: ...


class Happenings:
    """Brings each event to where it belongs. All others are acknowledged and forgotten."""

    def __init__(self, store: Store, clock: Clock, chat: SlackChat, hears: Hears) -> None:
        self._store = store
        self._clock = clock
        self._chat = chat
        self._hears = hears
        self._kinds: Mapping[str, Callable[[str, Mapping[str, Any]], Awaitable[None]]] = {
            "reaction_added": self._reacted,
            "reaction_removed": self._unreacted,
            "message": self._message,
            "member_joined_channel": self._came,
            "app_home_opened": self._home,
            "user_change": self._person,
            "team_join": self._person,
            "subteam_created": self._group,
            "subteam_updated": self._group,
        }

    def command(self, body: Mapping[str, Any]) -> Heard | None:
        """The command in a mention that begins with us, or in a direct message; None for any other event.

        Slack may tell of one message in several events, each with an id of its own: the message itself is the input.
        """
        event = body["event"]
        self._chat.echo.came(event)
        text = str(event.get("text") or "")
        mentioned = event["type"] == "app_mention" and text.lstrip().startswith("<@")
        direct = event["type"] == "message" and event.get("channel_type") == "im" and not event.get("subtype")
        if not (mentioned or direct) or event.get("bot_id") or not event.get("user"):
            return None
        words = text.lstrip().partition(">")[2] if text.lstrip().startswith("<@") else text
        return inbox.typed(
            words,
            input=f"message:{event['channel']}:{event['ts']}",
            who=event["user"],
            channel=event["channel"],
            thread=event.get("thread_ts", ""),
        )

    async def event(self, body: Mapping[str, Any]) -> None:
        """Any other event. Raises what the flow raises: then it is not acknowledged."""
        event = body["event"]
        handle = self._kinds.get(event["type"])
        if handle is not None:
            await handle(body["event_id"], event)

    async def drawn(self, input: str, who: str) -> None:
        """The person's Home tab shows what has become of it."""
        await self._hears.home_opened(input, who, False)

    async def learn(self, who: str) -> Person:
        """Somebody who is not in the directory yet, asked of Slack."""
        try:
            person = await self._chat.person(who)
        except ChatError as error:
            raise Refused(t("Not done: I do not know you yet. Please try again in a minute."), "unknown") from error
        await self._hears.person_changed(person)
        return person

    async def _reacted(self, input: str, event: Mapping[str, Any]) -> None:
        place = _pinned_place(event)
        ask = await self._ask(input, event["user"], place[0]) if place else None
        if place is None or ask is None:
            return
        by, text = event.get("item_user", ""), ""
        try:
            found = await self._chat.words(*place)
            by, text = found or (by, text)
        except ChatError as error:
            LOG.error("a pinned message could not be read: %s", error)
        if event["reaction"] == FLAG:
            await self._hears.flagged(ask, *place, inbox.as_typed(text))
        else:
            await self._hears.pinned(ask, *place, by, inbox.as_typed(text), posted(place[1]))

    async def _unreacted(self, input: str, event: Mapping[str, Any]) -> None:
        place = _pinned_place(event)
        ask = await self._ask(input, event["user"], place[0]) if place else None
        if place is not None and ask is not None:
            off = self._hears.unflagged if event["reaction"] == FLAG else self._hears.unpinned
            await off(ask, *place)

    async def _message(self, input: str, event: Mapping[str, Any]) -> None:
        change = {"message_deleted": self._deleted, "message_changed": self._edited}.get(event.get("subtype", ""))
        if change is not None:
            await change(input, event)
            return
        who = event.get("user")
        if not who or event.get("bot_id") or str(event.get("subtype") or "") not in WORDS_OF_PEOPLE:
            return
        async with self._store.read() as reads:
            incident = await reads.incident_in(event["channel"])
        if incident is not None and (who not in incident.people or silence.listens(incident, who)):
            ask = await self._ask(input, who, event["channel"])
            if ask is not None:
                await self._hears.seen(ask)

    async def _came(self, input: str, event: Mapping[str, Any]) -> None:
        async with self._store.read() as reads:
            here = await reads.incident_in(event["channel"]) is not None
            known = await reads.person(event["user"])
        if here and known is not None:  # Tocsin itself may not stand in the directory yet
            ask = await self._ask(input, event["user"], event["channel"])
            if ask is not None:
                await self._hears.came(ask)

    async def _deleted(self, input: str, event: Mapping[str, Any]) -> None:
        """A message that is gone is no longer on the timeline."""
        ask = await self._writer(input, event)
        if ask is not None:
            await self._hears.unpinned(ask, event["channel"], event["deleted_ts"])

    async def _edited(self, input: str, event: Mapping[str, Any]) -> None:
        """A message that says something else now says so on the timeline, too."""
        ask, now = await self._writer(input, event), event["message"]
        if ask is not None and now.get("text") != event["previous_message"].get("text"):
            await self._hears.edited(ask, event["channel"], now["ts"], ask.who, inbox.as_typed(now.get("text", "")))

    async def _writer(self, input: str, event: Mapping[str, Any]) -> Ask | None:
        """Who wrote the message that is changed. Strangers, too: they change their own words, and nothing else."""
        before = event.get("previous_message") or {}
        who = before.get("user", "")
        return await self._ask(input, who, event["channel"], anybody=True) if who and not before.get("bot_id") else None

    async def _home(self, input: str, event: Mapping[str, Any]) -> None:
        if event.get("tab") == "home":
            await self._hears.home_opened(input, event["user"], not event.get("view"))

    async def _person(self, input: str, event: Mapping[str, Any]) -> None:
        await self._hears.person_changed(self._chat.person_of(event["user"]))

    async def _group(self, input: str, event: Mapping[str, Any]) -> None:
        await self._hears.group_changed(self._chat.group_of(event["subteam"]))

    async def _ask(self, input: str, who: str, channel: str, anybody: bool = False) -> Ask | None:
        """Who did something where; None outside incidents and for those who may do nothing here."""
        async with self._store.read() as reads:
            incident = await reads.incident_in(channel)
            person = await reads.person(who) if incident else None
        if incident is None:
            return None
        known = person or await self.learn(who)
        if (known.stranger or known.deleted or known.bot) and not anybody:
            return None
        now = self._clock.now()
        return Ask(input, who, Source.SLACK_EVENT, now, channel, incident.number, zone=known.zone)


def _pinned_place(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """(channel, ts) of a message that got or lost a 📌 or a 🚩."""
    item = event.get("item") or {}
    if event.get("reaction") not in (PIN, FLAG) or item.get("type") != "message":
        return None
    return item["channel"], item["ts"]
