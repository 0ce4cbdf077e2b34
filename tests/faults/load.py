"""A sender under load: unique alerts at an even pace, each sent again until somebody has answered for it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.clock import SystemClock
from tests.faults.scene import TOKEN, Scene
from tests.stories import alerts

PER_GROUP = 10
"""Alerts of one group, each in a request of its own: a group is one incident."""


@dataclass
class Sender:
    """acked: fingerprint → the incident that the 2xx answer named; sent: how many requests went out, repeats included."""

    scene: Scene
    pace: float
    acked: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    _number: int = 0
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Send `pace` new alerts a second until told to stop; then until the last of them is answered for."""
        timeout = aiohttp.ClientTimeout(10)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=50)) as session:
            while not stop.is_set():
                task = asyncio.create_task(self._insist(session, *self._next()))  # noqa: TID251
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
                await SystemClock().sleep(1 / self.pace)
            while self._under_way:
                await asyncio.gather(*self._under_way)

    def _next(self) -> tuple[str, dict[str, Any]]:
        self._number += 1
        group = f"Load{self._number // PER_GROUP}"
        labels = {"instance": f"gw-{self._number}", "service": "load", "severity": "info"}
        one = alerts.alert(group, "firing", SystemClock().now(), self.scene.began, labels)
        return one["fingerprint"], alerts.request([one], f"{{}}:{{{group}}}")

    async def _insist(self, session: aiohttp.ClientSession, fingerprint: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        while fingerprint not in self.acked:
            url = f"http://127.0.0.1:{self.scene.bot.port}/alerts/alertmanager"
            self.sent += 1
            try:
                async with session.post(url, json=body, headers=headers) as answer:
                    if answer.status == 200:
                        self.acked[fingerprint] = (await answer.json())["items"][0]["incident"]
            except (OSError, aiohttp.ClientError, TimeoutError):
                await SystemClock().sleep(0.3)
