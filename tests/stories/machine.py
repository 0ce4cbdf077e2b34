"""The machine that is to be healed: a small HTTP service that counts what is done to it."""

from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Machine:
    """healthy: what its health check says; heals: whether a restart makes it healthy; restarts: host of each, in order; knocked:
    with what each came.

    stubborn: so many restarts do not help; fails: what is asked about a host that begins so; cuts: the connection breaks off
    after a restart, which nobody can then know of; cut_at: so it does for a host that begins so.
    """

    healthy: bool = False
    heals: bool = True
    restarts: list[str] = field(default_factory=list)
    stubborn: int = 0
    fails: str = "-"
    cut_at: str = "-"
    host: str = ""
    cuts: bool = False
    knocked: list[str] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/threads", self._threads)
        app.router.add_get("/healthz", self._health)
        app.router.add_post("/restart/{host}", self._restart)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _threads(self, request: web.Request) -> web.Response:
        return web.Response(text="14 threads wait for one lock")

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(status=200 if self.healthy else 503)

    async def _restart(self, request: web.Request) -> web.Response:
        self.restarts.append(request.match_info["host"])
        self.knocked.append(request.headers.get("Authorization", ""))
        self.healthy = self.heals and len(self.restarts) > self.stubborn
        cut = self.cuts or self.restarts[-1].startswith(self.cut_at)
        if cut and request.transport is not None:
            request.transport.abort()
        if self.restarts[-1].startswith(self.fails):
            return web.Response(status=500, text="it cannot be done")
        return web.Response(text=f"restarted for {self.knocked[-1] or 'anybody'}")
