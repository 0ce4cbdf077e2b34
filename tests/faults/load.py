"""A sender under load: unique alerts at an even pace, each sent again until somebody has answered for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.clock import SystemClock
from tests.faults.scene import TOKEN
from tests.stories import alerts

PER_GROUP = 50
"""Alerts of one group, each in a request of its own: a group is one incident."""
AGAIN = 0.3
"""Seconds until a request that was not answered with a 2xx is sent again."""

MOST = 300
"""Alerts that wait for their answer, at most: on a busy machine a start takes half a minute."""


@dataclass
class Sender:
    """ports: of the bots that may be asked; acked: fingerprint → the incident that the 2xx answer named; sent: how many
    requests went out, repeats included."""

    ports: Callable[[], list[int]]
    pace: float
    acked: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    _number: int = 0
    _began: int = field(default_factory=lambda: SystemClock().now() - alerts.BEGAN_BEFORE)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Send `pace` new alerts a second until told to stop; then until the last of them is answered for."""
        timeout = aiohttp.ClientTimeout(10)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=50)) as session:
            while not stop.is_set():
                if len(self._under_way) < MOST:
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
        one = alerts.alert(group, "firing", SystemClock().now(), self._began, labels)
        return one["fingerprint"], alerts.request([one], f"{{}}:{{{group}}}")

    async def _insist(self, session: aiohttp.ClientSession, fingerprint: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        while fingerprint not in self.acked:
            self.sent += 1
            ports = self.ports()
            try:
                url = f"http://127.0.0.1:{ports[self.sent % len(ports)] if ports else 9}/alerts/alertmanager"
                async with session.post(url, json=body, headers=headers) as answer:
                    if answer.status == 200:
                        self.acked[fingerprint] = (await answer.json())["items"][0]["incident"]
            except (OSError, aiohttp.ClientError, TimeoutError):
                await SystemClock().sleep(AGAIN)
