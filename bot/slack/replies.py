"""Replies: tried once, at once, by the edge. Nothing of record depends on them; what others see is an effect instead."""

from collections.abc import Mapping
from typing import Any

from bot.errors import ChatError
from bot.ports import Json, Message
from bot.slack.client import SlackClient

OUTSIDE = frozenset({"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"})
"""Nothing can be whispered there, to this person at least."""


class Replies:
    """What one person is told, and the forms that are opened for that person. Every method raises ChatError."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client

    async def ephemeral(self, channel: str, person: str, message: Message, thread: str = "") -> None:
        """Words that only this person sees; in a direct message if they are not in the channel."""
        try:
            await self._client.call(
                "chat_postEphemeral", channel=channel, user=person, thread_ts=thread or None, **said(message)
            )
        except ChatError as error:
            if error.code not in OUTSIDE:
                raise
            await self.direct(person, message)

    async def direct(self, person: str, message: Message) -> None:
        """Words where there is no channel to whisper in."""
        await self._client.call("chat_postMessage", channel=person, **said(message))

    async def respond(self, url: str, message: Message) -> None:
        """Words through a response_url: five times within 30 minutes."""
        await self._client.send(url, {**said(message), "response_type": "ephemeral", "replace_original": False})

    async def form(self, trigger: str, view: Json) -> str:
        """Open a modal, its id; the trigger lasts three seconds."""
        answer = await self._client.call("views_open", trigger_id=trigger, view=dict(view))
        return str(answer["view"]["id"])

    async def change(self, view_id: str, view: Json) -> None:
        """Another modal in the place of one that is open."""
        await self._client.call("views_update", view_id=view_id, view=dict(view))


def said(message: Message) -> Mapping[str, Any]:
    """A message as Slack takes it."""
    return {"text": message.text, **({"blocks": [dict(b) for b in message.blocks]} if message.blocks else {})}
