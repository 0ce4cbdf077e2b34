"""The reading API, health and metrics."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.state import AlertCounts, Incident, Mark
from bot.domain.terms import Kind, Severity, Source, Status
from bot.errors import StartError, StoreAway
from bot.telemetry import Seldom, configure
from bot.text import t
from bot.web.server import SAID_EVERY, build_web, serve, tell
from tests.bot.web.world import FakeReads, running
from tests.fakes import NINE, FakeClock


def incident(number: int, status: Status = Status.INVESTIGATING) -> Incident:
    marks = {"resolved": Mark(NINE + 60_000_000, Source.BUTTON, "U1", NINE)} if status is Status.RESOLVED else {}
    return Incident(
        number,
        Kind.REAL,
        Severity.SEV2,
        status,
        "orders",
        NINE,
        "alert",
        title="Orders <!channel>",
        channel="C1" if number == 1 else "",
        marks=marks,
        alerts=AlertCounts(groups=2),
    )


def noted(seq: int, text: str) -> e.Event:
    return e.Event("inc:1", seq, NINE, NINE + 1, "U1", Source.BOT_COMMAND, "in1", e.Noted(text=text))


READS = FakeReads({2: incident(2, Status.RESOLVED), 1: incident(1)}, [noted(n, f"note {n}") for n in range(1, 6)])


async def test_incidents(tmp_path: Path) -> None:
    async with running(tmp_path, reads=READS) as world:
        status, said = await world.get("/api/v1/incidents")
        _, only_open = await world.get("/api/v1/incidents?open=true")
        _, one = await world.get("/api/v1/incidents?limit=1")
    assert status == 200
    assert said["next_cursor"] is None
    assert said["items"][0] == {
        "number": 2,
        "title": "Orders <!channel>",
        "kind": "real",
        "severity": "sev2",
        "status": "resolved",
        "service": "orders",
        "channel_id": None,
        "opened_at": "2033-01-03T09:00:00.000000Z",
        "resolved_at": "2033-01-03T09:01:00.000000Z",
        "groups": 2,
    }
    assert [item["number"] for item in only_open["items"]] == [1]
    assert len(one["items"]) == 1


async def test_one_incident(tmp_path: Path) -> None:
    async with running(tmp_path, reads=READS) as world:
        status, said = await world.get("/api/v1/incidents/2")
        missing = await world.get("/api/v1/incidents/7")
    assert (status, said["number"]) == (200, 2)
    assert said["marks"] == {"resolved": "2033-01-03T09:01:00.000000Z"}
    assert missing == (404, {"error": "There is no incident 7."})


async def test_timeline_goes_on_where_the_page_ended(tmp_path: Path) -> None:
    async with running(tmp_path, reads=READS) as world:
        _, first = await world.get("/api/v1/incidents/1/timeline?limit=3")
        _, rest = await world.get(f"/api/v1/incidents/1/timeline?limit=3&cursor={first['next_cursor']}")
        missing = await world.get("/api/v1/incidents/7/timeline")
    assert [item["seq"] for item in first["items"]] == [1, 2, 3]
    assert [item["seq"] for item in rest["items"]] == [4, 5]
    assert rest["next_cursor"] is None
    assert missing[0] == 404
    entry = first["items"][0]
    assert set(entry) == {"seq", "kind", "occurred_at", "recorded_at", "actor", "text"}
    assert (entry["kind"], entry["actor"]) == ("noted", "U1")
    assert "Ana" in entry["text"]
    assert "note 1" in entry["text"]


@pytest.mark.parametrize("query", ["limit=x", "limit=-1", "limit=1e3", "limit=\u0661", "limit=99999999999999999999"])
async def test_a_number_is_asked_for(tmp_path: Path, query: str) -> None:
    async with running(tmp_path, reads=READS) as world:
        assert (await world.get(f"/api/v1/incidents?{query}"))[0] == 400


@pytest.mark.parametrize("path", ["/api/v1/incidents", "/api/v1/incidents/1", "/api/v1/incidents/1/timeline"])
async def test_the_api_has_a_token_of_its_own(tmp_path: Path, path: str) -> None:
    async with running(tmp_path, reads=READS, api_token="reader", alert_token="sender") as world:
        assert (await world.get(path))[0] == 401
        assert (await world.get(path, Authorization="Bearer sender"))[0] == 401
        assert (await world.get(path, Authorization="Bearer reader"))[0] == 200
    async with running(tmp_path, reads=READS) as world:
        assert (await world.get(path))[0] == 200
        status, said = await world.get(path, Host="tocsin.example")
    assert status == 403
    assert "TOCSIN_API_TOKEN" in said["error"]


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/incidents/x", "/api/v1/incidents/12345678901"])
async def test_what_is_not_there(tmp_path: Path, path: str) -> None:
    async with running(tmp_path) as world:
        status, said = await world.get(path)
    assert (status, said) == (404, {"error": "404: Not Found"})


async def test_health(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        assert await world.get("/healthz") == (200, {"status": "ok"})
        assert (await world.get("/readyz"))[0] == 200
    async with running(tmp_path, well=False) as world:
        assert await world.get("/healthz") == (200, {"status": "ok"})
        assert await world.get("/readyz") == (503, {"status": "not ready", "parts": {"store": False, "slack": True}})
    async with running(tmp_path, slack=False) as world:
        assert await world.get("/readyz") == (200, {"status": "ready", "parts": {"store": True, "slack": False}})


async def test_metrics(tmp_path: Path) -> None:
    async with running(tmp_path, reads=READS, well=False) as world:
        await world.post(b"nonsense")
        async with world.http.get(f"{world.url}/metrics") as response:
            text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain")
    assert 'tocsin_alert_requests_total{answer="bad",source="alertmanager"}' in text
    assert 'tocsin_ready{part="store"} 0.0' in text
    assert "tocsin_incidents_open 1.0" in text


async def test_metrics_without_a_database(tmp_path: Path) -> None:
    async with running(tmp_path, reads=FakeReads(away=True)) as world:
        async with world.http.get(f"{world.url}/metrics") as response:
            text = await response.text()
        assert (await world.get("/api/v1/incidents"))[0] == 503
    assert 'tocsin_ready{part="database"} 0.0' in text


async def test_metrics_of_who_stands_back(tmp_path: Path) -> None:
    for back, value in ((t("It stands back."), "0.0"), (None, "1.0")):
        async with running(tmp_path, back=back) as world, world.http.get(f"{world.url}/metrics") as response:
            assert f'tocsin_ready{{part="version"}} {value}' in await response.text()


async def test_a_database_that_is_away_does_not_fill_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("console")
    async with running(tmp_path, reads=FakeReads(away=True)) as world:
        for _ in range(5):
            assert (await world.get("/api/v1/incidents"))[0] == 503
    assert capsys.readouterr().err.count("request failed") == 1


async def test_how_many_requests_failed_is_told_with_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    configure("console")
    clock = FakeClock()
    away = Seldom(SAID_EVERY, clock.monotonic)
    for error in (StoreAway("a"), StoreAway("b"), StartError("c"), StoreAway("d")):
        tell(away, "/x", error)
    await clock.forward(SAID_EVERY)
    tell(away, "/x", StoreAway("e"))
    first, other, next = capsys.readouterr().err.splitlines()
    assert ("StoreAway: a" in first, "times=1" in first) == (True, True)
    assert "StartError: c" in other
    assert ("StoreAway: e" in next, "times=3" in next) == (True, True)


async def test_a_wrong_method_is_told_the_right_one(tmp_path: Path) -> None:
    async with running(tmp_path) as world, world.http.get(f"{world.url}/alerts/alertmanager") as response:
        assert response.status == 405
        assert response.headers["Allow"] == "POST"


async def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        port = int(world.url.rpartition(":")[2])
        with pytest.raises(StartError, match=f"Port {port} of 127.0.0.1 is taken.*TOCSIN_HTTP_PORT"):
            async with serve(empty(), "127.0.0.1", port):
                pass


async def test_an_address_that_is_not_ours_is_one_clear_sentence() -> None:
    with pytest.raises(StartError, match="TOCSIN_HTTP_HOST"):
        async with serve(empty(), "192.0.2.1", 0):
            pass


def empty() -> Any:
    parts: Any = SimpleNamespace(clock=FakeClock())
    return build_web(parts)
