"""The machine that is to be healed, and the network to it."""

from collections.abc import Mapping, Sequence

from bot.ports import Clock, Http, Json, NotSent, Response
from tests.faults.simulator.life import Life
from tests.faults.simulator.weather import Weather

HOST = "machine.example"


class Machine:
    """done: what was done to it, each with its Idempotency-Key, in order; heals: whether a restart helps."""

    def __init__(self, heals: bool) -> None:
        self.heals, self.healthy = heals, False
        self.done: list[tuple[str, str]] = []

    def answer(self, method: str, url: str, key: str) -> Response:
        if method == "POST":
            what = url.split("/")[3]
            self.done.append((what, key))
            self.healthy = self.heals if what in ("restart", "mend") else self.healthy
            return Response(200, {}, b"done")
        if url.endswith("/healthz"):
            return Response(200 if self.healthy else 503, {}, b"")
        return Response(200, {}, b"14 threads wait for one lock")


class StormyHttp(Http):
    """The way of one life to the machine."""

    def __init__(self, machine: Machine, life: Life, weather: Weather, clock: Clock) -> None:
        self._machine, self._life, self._weather, self._clock = machine, life, weather, clock

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Json | None = None,
        timeout: float = 10.0,
        hosts: Sequence[str] = (),
    ) -> Response:
        await self._life.outside("machine", f"{method} {url}, before it")
        trouble = ""
        if self._weather.strikes(self._weather.machine):
            trouble = self._weather.pick("not sent", "no answer", "cut off", "slow machine")
        if trouble == "not sent":
            raise NotSent("nobody was reached")
        if trouble == "slow machine":
            await self._clock.sleep(self._weather.chance.uniform(0.1, timeout))
        answer = self._machine.answer(method, url, (headers or {}).get("Idempotency-Key", ""))
        await self._life.outside("machine", f"{method} {url}, after it")
        if trouble == "no answer":
            await self._clock.sleep(timeout)
            raise TimeoutError
        if trouble == "cut off":
            raise OSError("the connection was cut")
        return answer
