"""The Chat port over Slack's Web API. Each method is one call (or one page after the other); none repeats itself."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from bot.domain.evidence import Shared
from bot.domain.saying import Post
from bot.domain.terms import MINUTE, SECOND, Micros
from bot.errors import ChatError
from bot.ports import Bookmark, Channel, Chat, Clock, Group, Json, Message, Person
from bot.slack import download
from bot.slack.client import SlackClient
from bot.slack.echo import Echo
from bot.slack.reading import file_of, post_of

METADATA = "tocsin"
MANY, MOST = 500, 999
"""Things on one page of a long list; Slack gives less than a thousand channels at a time."""
DEEP = 5
"""Pages of history in which a post of ours is looked for: 1,000 messages."""
SKEW = 10 * MINUTE
"""By how much Slack's clock may differ from ours, at most, for a post to be found by when it was asked for."""
FREE_PLAN = frozenset({"plan_upgrade_required"})


class SlackChat(Chat):
    """Slack as the bot needs it. team: the bot's own workspace; people of others are strangers. echo: what became of our posts."""

    def __init__(self, client: SlackClient, clock: Clock, team: str = "") -> None:
        self._client = client
        self._clock = clock
        self.team = team
        self.echo = Echo(clock)

    async def create_channel(self, name: str, private: bool) -> Channel:
        answer = await self._client.call("conversations_create", name=name, is_private=private)
        return channel_of(answer["channel"])

    async def find_channel(self, name: str) -> Channel | None:
        pages = self._client.pages("conversations_list", types="public_channel,private_channel", limit=MOST)
        async for page in pages:
            for found in page["channels"]:
                if found["name"] == name:
                    return channel_of(found)
        return None

    async def join(self, channel: str) -> None:
        await self._client.call("conversations_join", channel=channel)

    async def is_member(self, channel: str) -> bool:
        try:
            answer = await self._client.call("conversations_info", channel=channel)
        except ChatError as error:
            if error.code == "channel_not_found":
                return False
            raise
        return bool(answer["channel"].get("is_member"))

    async def channel(self, channel: str) -> Channel:
        return channel_of((await self._client.call("conversations_info", channel=channel))["channel"])

    async def set_topic(self, channel: str, topic: str) -> None:
        await self._client.call("conversations_setTopic", channel=channel, topic=topic)

    async def set_purpose(self, channel: str, purpose: str) -> None:
        await self._client.call("conversations_setPurpose", channel=channel, purpose=purpose)

    async def invite(self, channel: str, people: Sequence[str]) -> None:
        await self._client.call("conversations_invite", channel=channel, users=",".join(people))

    async def archive(self, channel: str) -> None:
        await self._client.call("conversations_archive", channel=channel)

    async def delete(self, channel: str, ts: str) -> None:
        await self._client.call("chat_delete", channel=channel, ts=ts)

    async def open_dm(self, person: str) -> str:
        answer = await self._client.call("conversations_open", users=person)
        return str(answer["channel"]["id"])

    async def post(self, channel: str, message: Message, key: str, thread: str = "") -> str:
        answer = await self._client.call(
            "chat_postMessage",
            channel=channel,
            thread_ts=thread or None,
            unfurl_links=False,
            unfurl_media=False,
            **_said(message, key),
        )
        self.echo.posted(str(answer["channel"]), str(answer["ts"]))
        return str(answer["ts"])

    async def find_post(self, channel: str, key: str, thread: str = "", since: Micros = 0) -> str | None:
        """A file is found by its name, with the key `file:<name>`: Slack keeps no metadata of it."""
        async for ts in self._with_key(channel, key, thread, since):
            return ts
        return None

    async def find_posts(self, channel: str, key: str, thread: str = "") -> list[str]:
        return [ts async for ts in self._with_key(channel, key, thread)]

    async def _with_key(self, channel: str, key: str, thread: str, since: Micros = 0) -> AsyncIterator[str]:
        """A thread is read from its beginning: without `since`, what came last in a long one is not reached."""
        method, where = ("conversations_replies", thread) if thread else ("conversations_history", None)
        oldest = str((since - SKEW) // SECOND) if since > SKEW else None
        seen = 0
        pages = self._client.pages(method, channel=channel, ts=where, include_all_metadata=True, oldest=oldest)
        async for page in pages:
            for found in page["messages"]:
                if key in keys_of(found):
                    yield str(found["ts"])
            seen += 1
            if seen == DEEP:
                break

    async def update(self, channel: str, ts: str, message: Message, key: str) -> None:
        await self._client.call("chat_update", channel=channel, ts=ts, **_said(message, key))

    async def pin(self, channel: str, ts: str) -> None:
        await self._client.call("pins_add", channel=channel, timestamp=ts)

    async def bookmarks(self, channel: str) -> list[Bookmark]:
        answer = await self._client.call("bookmarks_list", channel_id=channel)
        return [Bookmark(one["id"], str(one["title"]), str(one.get("link") or "")) for one in answer["bookmarks"]]

    async def add_bookmark(self, channel: str, title: str, link: str) -> str:
        answer = await self._client.call("bookmarks_add", channel_id=channel, title=title, type="link", link=link)
        return str(answer["bookmark"]["id"])

    async def edit_bookmark(self, channel: str, bookmark: Bookmark) -> None:
        at = {"channel_id": channel, "bookmark_id": bookmark.id}
        await self._client.call("bookmarks_edit", **at, title=bookmark.title, link=bookmark.link)

    async def quiet(self, person: str) -> bool:
        """By the times alone: `dnd_enabled` says that there is a schedule, and of others nobody is told that they snooze."""
        answer = await self._client.call("dnd_info", user=person)
        start, end = answer.get("next_dnd_start_ts") or 0, answer.get("next_dnd_end_ts") or 0
        return int(start) <= self._clock.now() // SECOND < int(end)

    async def upload(self, channel: str, name: str, title: str, data: bytes, comment: str, thread: str = "") -> str:
        place = await self._client.call("files_getUploadURLExternal", filename=name, length=len(data))
        await self._client.send(place["upload_url"], data)
        await self._client.call(
            "files_completeUploadExternal",
            files=[{"id": place["file_id"], "title": title}],
            channel_id=channel,
            initial_comment=comment or None,
            thread_ts=thread or None,
        )
        return str(place["file_id"])

    async def file(self, file: str) -> Shared:
        answer = await self._client.call("files_info", file=file)
        return file_of(answer["file"])

    def content(self, file: Shared) -> AsyncIterator[bytes]:
        return download.content(self._client, file.url, file.size)

    async def permalink(self, channel: str, ts: str) -> str:
        answer = await self._client.call("chat_getPermalink", channel=channel, message_ts=ts)
        return str(answer["permalink"])

    async def publish(self, person: str, view: Json) -> None:
        await self._client.call("views_publish", user_id=person, view=dict(view))

    async def people(self) -> list[Person]:
        found: list[Person] = []
        async for page in self._client.pages("users_list", pause=self._clock.sleep, limit=MANY):
            found += [self.person_of(member) for member in page["members"]]
        return found

    async def person(self, person: str) -> Person:
        """One person, asked of Slack. Raises ChatError."""
        answer = await self._client.call("users_info", user=person)
        return self.person_of(answer["user"])

    async def groups(self) -> list[Group]:
        """User groups with their members; none where the plan of the workspace has no groups."""
        try:
            answer = await self._client.call("usergroups_list", include_users=True)
        except ChatError as error:
            if error.code in FREE_PLAN:
                return []
            raise
        return [self.group_of(group) for group in answer["usergroups"]]

    async def words(self, channel: str, ts: str) -> Post | None:
        """One message, in a thread or not; None if it is gone. Raises ChatError."""
        at = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True}
        for method, more in (("conversations_history", {}), ("conversations_replies", {"ts": ts})):
            try:
                answer = await self._client.call(method, limit=2, **at, **more)
            except ChatError as error:
                if error.code == "thread_not_found":
                    return None
                raise
            for found in answer["messages"]:
                if found["ts"] == ts:
                    return post_of(channel, found)
        return None

    def person_of(self, member: Mapping[str, Any]) -> Person:
        """A person as Slack's `user` object says."""
        profile = member.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or member.get("real_name")
        team = member.get("team_id") or self.team
        return Person(
            id=member["id"],
            name=str(name or member.get("name") or member["id"]),
            zone=str(member.get("tz") or "UTC"),
            bot=bool(member.get("is_bot")) or member["id"] == "USLACKBOT",
            deleted=bool(member.get("deleted")),
            stranger=bool(member.get("is_stranger")) or bool(self.team and team != self.team),
            seen_at=self._clock.now(),
        )

    def group_of(self, group: Mapping[str, Any]) -> Group:
        """A user group as Slack's `usergroup` object says. A disabled one has no members."""
        members = () if group.get("date_delete") else tuple(group.get("users") or ())
        return Group(group["id"], str(group["handle"]), members, self._clock.now())


def channel_of(found: Mapping[str, Any]) -> Channel:
    """A channel as Slack's `conversation` object says."""
    return Channel(
        id=found["id"],
        name=found["name"],
        purpose=str((found.get("purpose") or {}).get("value", "")),
        archived=bool(found.get("is_archived")),
        member=bool(found.get("is_member", True)),
        private=bool(found.get("is_private")),
    )


def keys_of(message: Mapping[str, Any]) -> set[str]:
    """What a post of ours can be found by: its metadata key, and its files' names."""
    metadata = message.get("metadata") or {}
    found = {f"file:{file.get('name')}" for file in message.get("files") or ()}
    if metadata.get("event_type") == METADATA:
        found.add(str((metadata.get("event_payload") or {}).get("key")))
    return found


def _said(message: Message, key: str) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": [dict(block) for block in message.blocks] or None,
        "metadata": {"event_type": METADATA, "event_payload": {"key": key}},
    }
