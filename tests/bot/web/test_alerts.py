"""POST /alerts/{source}: who may, what is answered, what is never answered."""

import asyncio
import gzip
import hashlib
import json
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest

from bot.domain.organisation import Integration, Organisation
from bot.errors import StoreAway
from bot.web import alerts
from bot.web.body import LARGEST
from tests.bot.web.world import running

FIRING = (Path(__file__).parents[2] / "integrations/alerts/alertmanager/firing_group_of_5.json").read_bytes()
TOKENS = "first-token, second-token"


async def test_each_alert_is_answered_after_the_commit(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        status, said = await world.post(FIRING)
    assert status == 200
    assert [item["decision"] for item in said["items"]] == ["open"] * 5
    assert said["items"][0]["fingerprint"] == "fba166a71f989512"
    assert world.ingest.causes[0].actor == "alert:alertmanager"


async def test_two_requests_are_two_inputs_even_if_equal(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.post(FIRING)
        await world.post(FIRING)
    first, second = world.ingest.causes
    assert first.input != second.input


async def test_bytes_that_said_nothing_new_are_not_read_again(tmp_path: Path) -> None:
    told = [{"fingerprint": "f1", "status": "firing", "decision": "repeat", "incident": 7, "why": "again"}]
    async with running(tmp_path, alert_token=TOKENS) as world:
        world.ingest.known["alertmanager", hashlib.sha256(b"no JSON at all").hexdigest()] = told
        assert (await world.post(b"no JSON at all", Authorization="Bearer wrong"))[0] == 401
        assert await world.post(b"no JSON at all", Authorization="Bearer first-token") == (200, {"items": told})
    assert not world.ingest.seen


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer first-token", 200),
        ("bearer second-token", 200),
        ("Bearer  first-token ", 200),
        ("Bearer wrong", 401),
        ("Bearer first-token, second-token", 401),
        ("Bearer ", 401),
        ("Basic first-token", 401),
        ("first-token", 401),
        ("Bearer f\u00efrst-token", 401),
        ("", 401),
    ],
)
async def test_a_token_is_asked_for_where_one_is_set(tmp_path: Path, header: str, status: int) -> None:
    async with running(tmp_path, alert_token=TOKENS) as world:
        said = await world.post(FIRING, Authorization=header) if header else await world.post(FIRING)
    assert said[0] == status
    assert bool(world.ingest.seen) == (status == 200)
    assert not world.kept  # nothing of a stranger is kept


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8080"}, 200),
        ({"Host": "LOCALHOST"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Host": "localhost", "Origin": "http://localhost"}, 200),
        ({"Host": "tocsin.example"}, 403),
        ({"Host": "localhost.evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Forwarded": "for=10.0.0.1"}, 403),
        ({"X-Forwarded-For": "127.0.0.1"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_without_a_token_only_this_machine_may(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    async with running(tmp_path) as world:
        said = await world.post(FIRING, **headers)
    assert said[0] == status
    assert status == 200 or "TOCSIN_ALERT_TOKEN" in said[1]["error"]


async def test_without_a_token_nobody_may_on_an_open_address(tmp_path: Path) -> None:
    async with running(tmp_path, http_host="0.0.0.0") as world:
        assert (await world.post(FIRING))[0] == 403


async def test_an_unknown_source_is_named(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        status, said = await world.post(FIRING, source="nagios")
    assert status == 404
    assert "alertmanager" in said["error"]


async def test_a_source_can_be_switched_off(tmp_path: Path) -> None:
    off = Organisation(integrations={"alertmanager": Integration(enabled=False)})
    async with running(tmp_path, organisation=off) as world:
        assert (await world.post(FIRING))[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a":1,"a":1}',
        b'"\\ud800"',
        b'{"version":"9"}',
        b"\xff\xfe",
    ],
)
async def test_what_cannot_be_read_is_kept_for_a_look(tmp_path: Path, body: bytes) -> None:
    async with running(tmp_path) as world:
        status, said = await world.post(body)
    assert status == 400
    assert said["error"]
    assert world.kept == [body[:1000]]
    assert not world.ingest.seen


async def test_little_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        for n in range(6):
            await world.post(b"x" * n)
    assert len(world.kept) == 3


async def test_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
        writer.write(b"POST /alerts/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 52428800\r\n\r\n{")
        head = await asyncio.wait_for(reader.readline(), 5)  # noqa: TID251  # a real socket waits in real time
        writer.close()
    assert head.split()[1] == b"413"


async def test_a_stream_without_a_length_is_stopped_at_the_limit(tmp_path: Path) -> None:
    async def endless() -> Any:
        for _ in range(800):
            yield b" " * 65_536

    async with running(tmp_path) as world:
        try:
            async with world.http.post(f"{world.url}/alerts/alertmanager", data=endless()) as response:
                assert response.status == 413
        except (ConnectionError, OSError):
            pass  # the server hung up while we were still sending
    assert not world.ingest.seen


async def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    async with running(tmp_path) as world:
        tracemalloc.start()
        status, _ = await world.post(bomb, Content_Encoding="gzip")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert status == 413
    assert peak < 20_000_000


async def test_packed_alerts_are_unpacked(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        assert (await world.post(gzip.compress(FIRING), Content_Encoding="gzip"))[0] == 200
        assert (await world.post(zlib.compress(FIRING), Content_Encoding="deflate"))[0] == 200
        assert (await world.post(FIRING, Content_Encoding="identity"))[0] == 200


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "nonsense"])
async def test_what_is_not_packed_as_it_says_is_answered_in_words(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path) as world:
        for bad in (b"not packed at all", gzip.compress(FIRING)[:-9], gzip.compress(FIRING) + b"more"):
            status, said = await world.post(bad, Content_Encoding=name)
            assert status == (400 if name in ("gzip", "deflate") else 415)
            assert "pack" in said["error"]
    assert caplog.records == [], "strangers cannot fill the log"


async def test_just_below_the_limit_is_read(tmp_path: Path) -> None:
    body = json.dumps({"version": "4", "alerts": [], "receiver": "x" * (LARGEST - 100)}).encode()
    async with running(tmp_path) as world:
        assert await world.post(body) == (200, {"items": []})


async def test_too_many_alerts_are_too_large(tmp_path: Path) -> None:
    body = json.dumps({"version": "4", "alerts": [{"status": "firing"}] * (alerts.MOST + 1)}).encode()
    async with running(tmp_path) as world:
        assert (await world.post(body))[0] == 413


async def test_overload_asks_to_come_again(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        world.ingest.error = StoreAway()
        async with world.http.post(f"{world.url}/alerts/alertmanager", data=FIRING) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "5"
            assert (await response.json())["error"] == (
                "The database does not answer. Send the alerts again; what was stored of them counts once."
            )


async def test_an_unexpected_error_is_one_answer_and_no_end(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        world.ingest.error = ZeroDivisionError("inside")
        status, said = await world.post(FIRING)
        assert status == 500
        assert "inside" not in json.dumps(said)
        world.ingest.error = None
        assert (await world.post(FIRING))[0] == 200
