"""Senders of alerts: each request is sent again until it was taken, as Alertmanager does after anything but a 2xx."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from bot.app import App
from bot.domain.terms import Source
from bot.errors import StoreAway
from bot.ports import Cause, Json
from bot.web.parts import PARTS
from tests.faults.simulator.world import World
from tests.stories import alerts

PATIENCE = 10.0
NAMES = ("Hung", "Hung", "Broken", "Broken", "DatabaseDown", "Noise")


@dataclass
class Senders:
    """firing: what fires now, name and machine → µs since when; acked: fingerprint → answers that said 2xx, oldest first."""

    world: World
    firing: dict[tuple[str, str], int] = field(default_factory=dict)
    acked: dict[str, list[Json]] = field(default_factory=dict)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def act(self) -> None:
        """A new alert, the same again, an end, or a request that was cut short."""
        chance = self.world.chance
        what = chance.choice(("fires", "fires", "again", "ends", "cut"))
        known = sorted(self.firing)
        if what in ("again", "ends") and known:
            one = chance.choice(known)
        else:
            one, what = (chance.choice(NAMES), f"gw-{chance.randint(1, 3)}"), what if what == "cut" else "fires"
        now = self.world.clock.now()
        began = self.firing.setdefault(one, now - chance.randint(0, 90) * 1_000_000)
        if what == "ends":
            del self.firing[one]
        status = "resolved" if what == "ends" else "firing"
        self.world.said(f"alert {one[0]} {one[1]} {what}")
        self._send(one, status, now, began, cut=2 if what == "cut" else 0)

    def ends(self) -> None:
        """Everything that fires ends."""
        for one, began in sorted(self.firing.items()):
            self._send(one, "resolved", self.world.clock.now(), began, cut=0)
        self.firing.clear()

    def _send(self, one: tuple[str, str], status: str, now: int, began: int, cut: int) -> None:
        name, machine = one
        labels = {"service": "gateway" if name in ("Hung", "Broken") else "orders", "instance": machine}
        made = alerts.alert(name, status, now, began, labels | ({"severity": "info"} if name == "Noise" else {}))
        body = orjson.dumps(alerts.request([made], f"{{}}:{{{name}}}", truncatedAlerts=cut))
        task = asyncio.get_running_loop().create_task(self._insist(body))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _insist(self, body: bytes) -> None:
        while (answers := await self._post(body)) is None:
            await self.world.clock.sleep(self.world.chance.uniform(0.5, 5.0))
        for answer in answers:
            self.acked.setdefault(answer["fingerprint"], []).append(answer)

    async def _post(self, body: bytes) -> Any:
        """What was answered; None if nobody did, or not with a 2xx."""
        app, life = self.world.app, self.world.life
        if app is None or life.dead:
            return None
        work = life.tasks.start(_taken(app, body), "alert")
        if not await self.world.clock.wait(work, PATIENCE) or work.cancelled() or work.exception():
            return None
        return None if life.dead or isinstance(work.result(), StoreAway) else work.result()


async def _taken(app: App, body: bytes) -> Any:
    """What `POST /alerts/alertmanager` does behind its guards."""
    parts = app.web[PARTS]
    found = parts.sources["alertmanager"].parse(body, {}, parts.clock.now())
    cause = Cause(f"alert:{parts.ids.new()}", "alert:alertmanager", Source.ALERT)
    try:
        return await parts.ingest.submit(found, hashlib.sha256(body).hexdigest(), cause)
    except StoreAway as away:
        return away
