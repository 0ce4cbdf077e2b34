"""Events of the workspace: mentions, 📌, words of people, people and groups that change."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.reading import posted
from bot.domain.saying import Post
from bot.domain.state import Incident
from bot.domain.terms import Source
from bot.errors import ChatError, Refused
from bot.ports import Cause, Clock, Person, Store
from bot.slack import inbox, shapes
from bot.slack.chat import SlackChat
from bot.slack.client import LOG
from bot.slack.hears import Hears
from bot.slack.inbox import Heard
from bot.slack.reading import FLAG, files_of, marked, post_of
from bot.text import t
from commands import Ask

WORDS_OF_PEOPLE = frozenset({"", "file_share", "thread_broadcast", "me_message"})


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
            "file_deleted": self._file_deleted,
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
        shapes.check(body)
        event = body["event"]
        self._chat.echo.came(event)
        text = str(event.get("text") or "")
        words = self._for_us(text)
        mentioned = event["type"] == "app_mention" and words is not None
        direct = event["type"] == "message" and event.get("channel_type") == "im" and not event.get("subtype")
        if not (mentioned or direct) or event.get("bot_id") or not event.get("user"):
            return None
        return inbox.typed(
            text if words is None else words,
            input=f"message:{event['channel']}:{event['ts']}",
            who=event["user"],
            channel=event["channel"],
            thread=event.get("thread_ts", ""),
        )

    def _for_us(self, text: str) -> str | None:
        """What follows our own name at its beginning; None if it begins otherwise: who is spoken to there is somebody else."""
        name, bracket, words = text.lstrip().partition(">")
        words = words.lstrip(" \t\n,:;，：")
        return words if bracket and name.partition("|")[0] == f"<@{self._chat.echo.us}" else None

    async def event(self, body: Mapping[str, Any]) -> None:
        """Any other event. Raises what the flow raises: then it is not acknowledged."""
        event = body["event"]
        handle = self._kinds.get(event["type"])
        if handle is not None:
            await handle(body["event_id"], event)

    async def drawn(self, input: str, who: str) -> None:
        """The person's Home tab shows what has become of it."""
        await self._hears.home_opened(input, who, False)

    async def asked(self, cause: Cause, incident: Incident | None) -> None:
        """A verb, before it is done. incident: the one it is about, None for none."""
        if incident is not None:
            await self._hears.asked(cause, incident)

    async def learn(self, who: str) -> Person:
        """Somebody who is not in the directory yet, asked of Slack."""
        try:
            person = await self._chat.person(who)
        except ChatError as error:
            raise Refused(t("Not done: I do not know you yet. Please try again in a minute."), "unknown") from error
        await self._hears.person_changed(person)
        return person

    async def _reacted(self, input: str, event: Mapping[str, Any]) -> None:
        place = marked(event)
        ask = await self._ask(input, event["user"], place[0]) if place else None
        if place is None or ask is None:
            return
        post = await self._post(place) or Post(*place, event.get("item_user", ""))
        if post.words and event["reaction"] not in post.marks:  # it was taken away before we heard of it
            return
        if event["reaction"] == FLAG:
            await self._hears.flagged(ask, *place, post.words)
        else:
            await self._hears.pinned(ask, post)

    async def _unreacted(self, input: str, event: Mapping[str, Any]) -> None:
        """A mark that somebody else has put on it, too, is still there."""
        place = marked(event)
        ask = await self._ask(input, event["user"], place[0]) if place else None
        if place is None or ask is None:
            return
        post = await self._post(place)
        if post is not None and event["reaction"] in post.marks:
            return
        off = self._hears.unflagged if event["reaction"] == FLAG else self._hears.unpinned
        await off(ask, *place)

    async def _post(self, place: tuple[str, str]) -> Post | None:
        """The message there; None if it is gone, or cannot be read now."""
        try:
            return await self._chat.words(*place)
        except ChatError as error:
            LOG.error("a marked message could not be read: %s", error)
            return None

    async def _message(self, input: str, event: Mapping[str, Any]) -> None:
        change = {"message_deleted": self._deleted, "message_changed": self._edited}.get(event.get("subtype", ""))
        if change is not None:
            await change(input, event)
            return
        who = event.get("user")
        if not who or event.get("bot_id") or str(event.get("subtype") or "") not in WORDS_OF_PEOPLE:
            return
        post = post_of(event["channel"], event)
        async with self._store.read() as reads:
            incident = await reads.incident_in(post.channel)
        if incident is None:
            return
        await self._hears.written(incident, post)
        if self._hears.wants(incident, who, post):
            ask = await self._ask(input, who, post.channel)
            if ask is not None:
                await self._hears.said(ask, post)

    async def _came(self, input: str, event: Mapping[str, Any]) -> None:
        async with self._store.read() as reads:
            here = await reads.incident_in(event["channel"]) is not None
            known = await reads.person(event["user"])
        if here and known is not None:  # Tocsin itself may not stand in the directory yet
            ask = await self._ask(input, event["user"], event["channel"])
            if ask is not None:
                await self._hears.came(ask)

    async def _deleted(self, input: str, event: Mapping[str, Any]) -> None:
        """A message that is gone is no longer on the timeline, and its files are gone with it."""
        before = event["previous_message"]
        ts = str(event.get("deleted_ts") or before["ts"])
        await self._changed(event, {**before, "ts": ts}, gone=True)
        for ask in await self._writer(input, event, ts):
            await self._hears.unpinned(ask, event["channel"], ts)
            await self._files_gone(ask, [file.id for file in files_of(before)], ts)

    async def _edited(self, input: str, event: Mapping[str, Any]) -> None:
        """A message that says something else now says so on the timeline, too. A deleted one with answers stays as a shell."""
        now, before = event["message"], event["previous_message"]
        if now.get("subtype") == "tombstone":
            await self._deleted(input, event)
            return
        there = {file.id for file in files_of(now) if not file.gone}
        gone = [file.id for file in files_of(before) if file.id not in there]
        if not gone and now.get("text") == before.get("text"):
            return
        await self._changed(event, now)
        for ask in await self._writer(input, event, str(now["ts"])):
            if now.get("text") != before.get("text"):
                post = await self._now(event["channel"], str(now["ts"])) or post_of(event["channel"], now)
                await self._hears.edited(ask, replace(post, by=ask.who))
            await self._files_gone(ask, gone, str(now["ts"]))

    async def _now(self, channel: str, ts: str) -> Post | None:
        """A message on a timeline as it is at present: Slack may tell of two changes in any order. None for one that is on none."""
        async with self._store.read() as reads:
            on = await reads.with_pin(f"{channel}:{ts}")
        return await self._post((channel, ts)) if on else None

    async def _changed(self, event: Mapping[str, Any], message: Mapping[str, Any], gone: bool = False) -> None:
        """A message of a person, wherever it stands: the event's own ts says when it was changed."""
        if message.get("user") and not message.get("bot_id"):
            await self._hears.changed(post_of(event["channel"], message), posted(event["ts"]), gone)

    async def _files_gone(self, ask: Ask, files: Sequence[str], ts: str) -> None:
        if files:
            await self._hears.deleted(replace(ask, input=f"{ask.input}:files"), files, ts)

    async def _file_deleted(self, input: str, event: Mapping[str, Any]) -> None:
        """A file was deleted, wherever it was shared. Slack does not say by whom."""
        async with self._store.read() as reads:
            found = await reads.with_evidence(event["file_id"])
        for incident in found:
            by = next(one.by for one in incident.evidence if one.file == event["file_id"])
            ask = self._asked(f"{input}:{incident.number}", by, incident, incident.channel)
            await self._hears.deleted(ask, [event["file_id"]], "")

    async def _writer(self, input: str, event: Mapping[str, Any], ts: str) -> list[Ask]:
        """Who wrote the message that is changed, for each incident that it concerns: the one of its channel, and those on whose
        timelines it was put. Strangers, too: they change their own words, and nothing else."""
        before = event.get("previous_message") or {}
        who, channel = before.get("user", ""), event["channel"]
        if not who or before.get("bot_id"):
            return []
        here = await self._ask(input, who, channel, anybody=True)
        async with self._store.read() as reads:
            there = await reads.with_pin(f"{channel}:{ts}") if here is None else ()
        asks = [self._asked(f"{input}:{incident.number}", who, incident, channel) for incident in there]
        return [here] if here is not None else asks

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
        return self._asked(input, who, incident, channel, known.zone)

    def _asked(self, input: str, who: str, incident: Incident, channel: str, zone: str = "UTC") -> Ask:
        return Ask(input, who, Source.SLACK_EVENT, self._clock.now(), channel, incident.number, zone=zone)
