"""The one door to the app: events (delivered again until acked) and requests (asked once), by Socket Mode or over HTTP."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.workspace.machine import Background, Clock
from bot.workspace.mishaps import Mishap, Mishaps
from bot.workspace.state import State
from bot.workspace.things import Channel, Json

ACK_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds to wait before the second, third and fourth delivery of an event."""

_REASONS = {"timeout": "timeout", "away": "connection_failed", "refused": "http_error"}
"""What became of a delivery → why it is sent again."""
_NEEDS_MEMBER = ("message", "app_mention", "reaction_added", "reaction_removed", "pin_added", "pin_removed")
_MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


@dataclass(frozen=True, slots=True)
class Ack:
    """What became of one delivery. away: nobody was there to take it; timeout: taken, and not acked in 3 s; refused: answered
    with anything but 200; given up: so, and with the wish (X-Slack-No-Retry: 1) not to be asked again."""

    outcome: Literal["ok", "timeout", "away", "refused", "given up"]
    payload: Json = field(default_factory=dict)


class Way(Protocol):
    """How payloads reach the app."""

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        """Deliver once. kind: events_api, slash_commands, interactive; attempt: 0 for the first; reason: why again."""
        ...


class Deliver:
    """Sends by its `way`, which may change. mishaps: what goes wrong with that, for tests and for who plays with the page."""

    def __init__(self, state: State, clock: Clock, background: Background, way: Way) -> None:
        self._state, self._clock, self._background, self.way = state, clock, background, way
        self.under_way = 0
        self.mishaps = Mishaps()

    async def ask(self, kind: str, payload: Json) -> Ack:
        """A command or an interaction: one try, and the person waits for it."""
        return await self._once(kind, payload, 0, "")

    def tell(self, event: Json) -> None:
        """An event, if the app has subscribed to it and may see it. Delivered in the background, up to four times."""
        if not self._wanted(event):
            return
        state = self._state
        event = {"event_ts": state.next_ts(), **event}
        payload: Json = {
            "team_id": state.team,
            "context_team_id": state.team,
            "api_app_id": state.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": state.new_id("Ev"),
            "event_time": state.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": state.team,
                    "user_id": state.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }
        self.under_way += 1
        self._background.start(self._insist(payload), f"event {payload['event_id']}")

    async def _insist(self, payload: Json) -> None:
        ack = await self._once("events_api", payload, 0, "")
        self.under_way -= 1
        for attempt, wait in enumerate(RETRY_AFTER, start=1):
            if ack.outcome in ("ok", "given up"):
                return
            await self._clock.sleep(wait)
            ack = await self._once("events_api", payload, attempt, _REASONS[ack.outcome])

    async def _once(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        self.under_way += 1
        mishap = self.mishaps.take(kind)
        try:
            if mishap is not None:
                return await self._amiss(mishap, kind, payload, attempt, reason)
            return await self.way.send(kind, payload, attempt, reason)
        finally:
            self.under_way -= 1
            self._state.changed("delivery", kind)
            if mishap is None and kind == "events_api":
                self.mishaps.passes()

    async def _amiss(self, mishap: Mishap, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        """One delivery that does not go as it should."""
        if mishap.mischief == "disconnect":
            await self.mishaps.hang_up()
            return Ack("away")
        if mishap.mischief == "lost":
            await self._clock.sleep(ACK_SECONDS)
            return Ack("timeout")
        if mishap.mischief == "late":
            await self._clock.sleep(mishap.after)
        if mishap.mischief == "swapped":
            await self._clock.wait(self.mishaps.overtaken(), mishap.after)
        ack = await self.way.send(kind, payload, attempt, reason)
        if mishap.mischief == "twice":
            await self.way.send(kind, payload, attempt, reason)
        return Ack("timeout") if mishap.mischief == "unheard" else ack

    def _wanted(self, event: Json) -> bool:
        kind = event["type"]
        name = _MESSAGES[event["channel_type"]] if kind == "message" else kind
        channel = self._channel(event)
        if kind in _NEEDS_MEMBER and (channel is None or self._state.bot_user not in channel.members):
            return False
        visible = channel is None or self._state.sees(self._state.bot_user, channel.id)
        return name in self._state.manifest.events and visible

    def _channel(self, event: Json) -> Channel | None:
        where = event.get("item", {}).get("channel") or event.get("channel_id") or event.get("channel")
        return self._state.channels.get(where if isinstance(where, str) else where["id"]) if where else None
