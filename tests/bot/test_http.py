"""The guard of the network: what it lets through, what it refuses, and that it looks where the connection is made."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.http import LIMIT, Guard, GuardedHttp, permits
from bot.ports import NotSent, Response

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A server on loopback that notes what it is asked."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: list[tuple[str, str, str]] = []
        self.slow = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path, await request.text()))
        if request.path == "/elsewhere":
            raise web.HTTPFound(f"http://127.0.0.1:{self.port}/secret")
        if request.path == "/slow":
            await self.slow.wait()
        if request.path == "/large":
            return web.Response(body=b"x" * (LIMIT + 1000))
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=203, text="hello", headers={"X-Kind": "test"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    made.slow.set()
    await runner.cleanup()


class Names(AbstractResolver):
    """Knows the addresses that the test gives."""

    def __init__(self, **table: str) -> None:
        self._table = table

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        at = self._table[host]
        return [ResolveResult(hostname=host, host=at, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


async def get(url: str, *hosts: str, names: AbstractResolver | None = None, **rest: float) -> Response:
    return await GuardedHttp(names=names).request("GET", url, hosts=hosts, **rest)  # type: ignore[arg-type]


async def test_an_answer_has_status_headers_and_body(server: Server) -> None:
    answer = await GuardedHttp().request(
        "POST",
        f"http://127.0.0.1:{server.port}/x",
        json={"a": 1},
        headers={"Idempotency-Key": "k"},
        hosts=[f"127.0.0.1:{server.port}"],
    )
    assert (answer.status, answer.body, answer.headers["X-Kind"]) == (203, b"hello", "test")
    assert server.seen == [("POST", "/x", '{"a": 1}')]


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://127.0.0.1:{port}/", ()),
        ("http://127.0.0.1:{port}/", ("127.0.0.1",)),  # no port in the pattern: 80 and 443
        ("http://127.0.0.1:{port}/", ("127.0.0.1:1",)),
        ("http://127.0.0.1:{port}/", ("*.0.0.1:{port}", "localhost:{port}")),
        ("http://127.0.0.1:{port}/", ("127.0.0.0/8",)),  # a network alone allows no URL
        ("http://x@127.0.0.1:{port}/", ("127.0.0.1:{port}",)),
        ("http://evil.example@127.0.0.1:{port}/", ("evil.example:{port}",)),
        ("ftp://127.0.0.1:{port}/", ("127.0.0.1:{port}",)),
        ("file:///etc/passwd", ("127.0.0.1:{port}",)),
        ("http://[::ffff:127.0.0.1]:{port}/", ("*.example:{port}",)),
        ("http://127.0.0.1:{port}bad/", ("127.0.0.1:{port}",)),
        ("127.0.0.1:{port}/", ("127.0.0.1:{port}",)),
        ("", ("127.0.0.1:{port}",)),
    ],
)
async def test_what_no_pattern_allows_is_not_sent(server: Server, url: str, hosts: tuple[str, ...]) -> None:
    port = str(server.port)
    with pytest.raises(NotSent):
        await get(url.replace("{port}", port), *(host.replace("{port}", port) for host in hosts))
    assert server.seen == []


@pytest.mark.parametrize(
    ("host", "at", "patterns", "allowed"),
    [
        ("gw.internal", "127.0.0.1", ("gw.internal:{port}",), True),  # named itself
        ("GW.internal.", "127.0.0.1", ("gw.INTERNAL:{port}",), True),
        ("gw.internal", "127.0.0.1", ("*.internal:{port}",), False),  # a zone means public addresses
        ("gw.internal", "127.0.0.1", ("*.internal:{port}", "127.0.0.1"), True),
        ("gw.internal", "127.0.0.1", ("*.internal:{port}", "127.0.0.0/8"), True),
        ("gw.internal", "10.0.0.1", ("*.internal:{port}",), False),
        ("gw.internal", "169.254.169.254", ("gw.internal:{port}",), False),  # cloud metadata
        ("gw.internal", "0.0.0.0", ("gw.internal:{port}",), False),
        ("gw.internal", "::ffff:169.254.169.254", ("gw.internal:{port}",), False),
        ("internal", "127.0.0.1", ("*.internal:{port}", "127.0.0.1"), False),
        ("notinternal", "127.0.0.1", ("*.internal:{port}", "127.0.0.1"), False),
    ],
)
async def test_the_address_is_checked_where_the_connection_is_made(
    server: Server, host: str, at: str, patterns: tuple[str, ...], allowed: bool
) -> None:
    names = Names(**{host.lower().rstrip("."): at})
    hosts = [pattern.replace("{port}", str(server.port)) for pattern in patterns]
    if allowed:
        assert (await get(f"http://{host}:{server.port}/", *hosts, names=names)).status == 203
    else:
        with pytest.raises(NotSent):
            await get(f"http://{host}:{server.port}/", *hosts, names=names)
        assert server.seen == []


@pytest.mark.parametrize(
    ("address", "named", "zone"),
    [
        ("93.184.216.34", True, True),
        ("10.0.0.1", True, False),
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("fd00::1", True, False),
        ("::ffff:10.0.0.1", True, False),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1%1", False, False),
        ("224.0.0.1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("nonsense", False, False),
    ],
)
def test_which_addresses_a_host_may_have(address: str, named: bool, zone: bool) -> None:
    for by_name, allowed in ((True, named), (False, zone)):
        guard = Guard("a.example", by_name, [])
        if allowed:
            guard.check(address)
        else:
            with pytest.raises(NotSent, match=r"a\.example"):
                guard.check(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://gw.example:8080/healthz", True),
        ("http://gw.example/healthz", False),
        ("http://10.0.0.1:8080/", False),
        ("not a url", False),
    ],
)
def test_a_gate_can_ask_beforehand(url: str, expected: bool) -> None:
    assert permits(url, ["*.example:8080"]) is expected


async def test_a_redirect_is_an_answer_and_not_followed(server: Server) -> None:
    answer = await get(f"http://127.0.0.1:{server.port}/elsewhere", f"127.0.0.1:{server.port}")
    assert answer.status == 302
    assert [path for _, path, _ in server.seen] == ["/elsewhere"]


async def test_a_large_answer_is_cut(server: Server) -> None:
    answer = await get(f"http://127.0.0.1:{server.port}/large", f"127.0.0.1:{server.port}")
    assert len(answer.body) == LIMIT


async def test_a_slow_answer_is_a_timeout_that_leaves_open_what_happened(server: Server) -> None:
    with pytest.raises(TimeoutError) as error:
        await get(f"http://127.0.0.1:{server.port}/slow", f"127.0.0.1:{server.port}", timeout=0.2)
    assert not isinstance(error.value, NotSent)


async def test_a_cut_connection_leaves_open_what_happened(server: Server) -> None:
    with pytest.raises(OSError) as error:
        await get(f"http://127.0.0.1:{server.port}/cut", f"127.0.0.1:{server.port}")
    assert not isinstance(error.value, NotSent)


async def test_a_refused_connection_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(NotSent):
            await get(f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")


async def test_a_header_with_a_line_break_is_not_sent(server: Server) -> None:
    with pytest.raises(NotSent):
        await GuardedHttp().request(
            "GET",
            f"http://127.0.0.1:{server.port}/",
            headers={"X": "a\r\nHost: evil"},
            hosts=[f"127.0.0.1:{server.port}"],
        )
    assert server.seen == []


async def test_the_proxy_takes_what_is_not_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # never used
    http = GuardedHttp(proxy=f"http://127.0.0.1:{server.port}")
    await http.request("GET", "http://hooks.example/through", hosts=["hooks.example"])
    assert [path for _, path, _ in server.seen] == ["/through"]
    own = f"127.0.0.1:{server.port}"
    nowhere = GuardedHttp(proxy="http://127.0.0.1:1")
    assert (await nowhere.request("GET", f"http://{own}/direct", hosts=[own])).status == 203
    with pytest.raises(NotSent):
        await http.request("GET", "http://other.example/", hosts=["hooks.example"])
