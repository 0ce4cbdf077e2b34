"""`http` against a real server: asked at most once, and honest about what nobody knows."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.clock import KeptTasks
from bot.http import GuardedHttp
from bot.ports import Order, Progress
from bot.secrets import Masker
from runbooks.executors import Tools
from runbooks.executors.http import HttpRequest
from tests.runbooks.ground import open_directory, settled


class Ground:
    """A server that counts, and the executor."""

    def __init__(self, root: Path) -> None:
        self.masker = Masker()
        self.tasks = KeptTasks()
        self.directory = open_directory(root)
        self.found = HttpRequest(Tools(self.directory, GuardedHttp(), self.tasks, self.masker))
        self.seen: list[tuple[str, str, Mapping[str, str]]] = []
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path, dict(request.headers)))
        self.asked.set()
        if request.path == "/slow":
            await self.go_on.wait()
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.abort()
        status = int(request.path[1:]) if request.path[1:].isdigit() else 200
        return web.Response(status=status, text=f"you sent {request.headers.get('Authorization', 'nothing')}")

    def order(self, path: str = "/", attempt: str = "a1", timeout: float = 5.0, **spec: Any) -> Order:
        limits = {"http_hosts": [f"127.0.0.1:{self.port}"], "secrets": {"TOKEN": "env:TOCSIN_TEST_TOKEN"}}
        return Order(attempt, "http", {"url": f"http://127.0.0.1:{self.port}{path}", **spec}, timeout, limits)

    async def do(self, what: Order) -> Progress:
        await self.found.start(what)
        return await settled(self.found, what)


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    made = Ground(tmp_path)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.go_on.set()
    await made.tasks.stop()
    await runner.cleanup()
    assert made.tasks.failures == []


@pytest.mark.parametrize(
    ("path", "spec", "status", "ok"),
    [
        ("/", {}, 200, True),
        ("/503", {}, 503, False),
        ("/404", {"expect": 404}, 404, True),
        ("/202", {"expect": [200, 202], "method": "post", "json": {"a": 1}}, 202, True),
        ("/204", {"expect": [200, 202]}, 204, False),
    ],
)
async def test_the_status_is_the_exit_and_expect_judges_it(
    ground: Ground, path: str, spec: dict[str, Any], status: int, ok: bool
) -> None:
    ended = await ground.do(ground.order(path, **spec))
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "exited", status, ok)
    assert ground.seen[0][0] == spec.get("method", "GET").upper()
    assert ground.seen[0][2]["Idempotency-Key"] == "a1"


async def test_it_is_asked_once_however_often_it_is_started(ground: Ground) -> None:
    what = ground.order("/slow", method="POST")
    await asyncio.gather(*(ground.found.start(what) for _ in range(5)))
    assert (await ground.found.poll(what)).state == "running"
    ground.go_on.set()
    assert (await settled(ground.found, what)).ok
    assert (await ground.do(what)).ok
    assert len(ground.seen) == 1


async def test_what_is_stopped_before_it_begins_is_never_asked(ground: Ground) -> None:
    await ground.found.stop(ground.order())
    assert (await ground.do(ground.order())).state == "never_started"
    assert ground.seen == []


async def test_a_host_that_is_not_allowed_is_not_asked(ground: Ground) -> None:
    what = Order("a1", "http", {"url": f"http://localhost:{ground.port}/"}, 5.0, {"http_hosts": []})
    ended = await ground.do(what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "failed", None, False)
    assert "not allowed" in ended.output
    assert ground.seen == []


@pytest.mark.parametrize(
    ("method", "path", "timeout", "state", "outcome"),
    [
        ("GET", "/cut", 5.0, "ended", "exited"),
        ("POST", "/cut", 5.0, "gone", ""),  # it may have been done
        ("GET", "/slow", 0.2, "ended", "timed_out"),
        ("POST", "/slow", 0.2, "gone", ""),  # nobody ended it there
    ],
)
async def test_a_request_without_an_answer(
    ground: Ground, method: str, path: str, timeout: float, state: str, outcome: str
) -> None:
    ended = await ground.do(ground.order(path, timeout=timeout, method=method))
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == (state, outcome, None, False)


@pytest.mark.parametrize("how", ["stopped", "shut down"])
async def test_a_request_that_is_cut_off_is_unknown(ground: Ground, how: str) -> None:
    what = ground.order("/slow", method="POST")
    await ground.found.start(what)
    await ground.asked.wait()
    await (ground.found.stop(what) if how == "stopped" else ground.tasks.stop())
    assert (await ground.found.poll(what)).state == "gone"


async def test_secrets_are_filled_in_and_masked(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_TOKEN", "s3cret-value")
    ended = await ground.do(ground.order(headers={"Authorization": "Basic ${secret.TOKEN}", "X-Version": 2}))
    assert ground.seen[0][2]["Authorization"] == "Basic s3cret-value"
    assert ended.output == "you sent Basic [masked]"
    assert b"s3cret" not in (ground.directory.folder("a1") / "head").read_bytes()


@pytest.mark.parametrize("name", ["TOKEN", "SLACK_BOT_TOKEN"])
async def test_a_secret_that_nobody_gave_is_not_sent(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "the bot's own")
    what = ground.order(headers={"Authorization": f"${{secret.{name}}}"})
    with pytest.raises(PermissionError):
        await ground.found.start(what)
    assert (await ground.do(what)).state == "never_started"
    assert ground.seen == []


@pytest.mark.parametrize("name", ["Host", "hOST ", "X-Forwarded-Host", "Content-Length", "X-HTTP-Method-Override"])
async def test_no_header_leads_elsewhere(ground: Ground, name: str) -> None:
    """What a plan may reach goes by the address."""
    with pytest.raises(PermissionError, match="is not written by plans"):
        await ground.found.start(ground.order(headers={name: "admin.example"}))
    assert ground.seen == []
