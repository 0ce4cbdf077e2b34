"""Whatever is sent, in whatever requests: the chain verifies, derived rows equal a replay, counts are what the alerts say."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alert import Alert
from bot.domain.terms import MINUTE
from storage.audit import broken
from storage.opening import open_store
from storage.rebuild import differing, rebuild
from storage.sql import Sql
from storage.store import SqlStore
from tests.bot.flows.sending import alert, sending
from tests.fakes import NINE, FakeClock, FakeIds
from tests.storage.making import BOT

FIRING = Sql(
    "SELECT g.incident AS number, COUNT(*) AS firing FROM alert a JOIN alert_group g"
    " ON g.source = a.source AND g.group_key = a.group_key AND g.kind = a.kind"
    " WHERE a.status = 'firing' AND g.incident IS NOT NULL GROUP BY g.incident"
)
ONE = st.builds(
    alert,
    name=st.sampled_from("ABCD"),
    status=st.sampled_from(["firing", "firing", "resolved"]),
    start=st.sampled_from([NINE - 2 * MINUTE, NINE - MINUTE, NINE]),
    group=st.sampled_from(["g1", "g2", ""]),
    severity=st.sampled_from(["warning", "critical", ""]),
    truncated=st.sampled_from([0, 0, 0, 2]),
)
ROUNDS = st.lists(st.lists(st.lists(ONE, max_size=4), min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(rounds=ROUNDS)
def test_any_requests(templates: dict[str, str], rounds: list[list[list[Alert]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tocsin.db"
        shutil.copy(templates["sqlite"], path)
        asyncio.run(_send(f"sqlite:///{path}", rounds))


async def _send(url: str, rounds: list[list[list[Alert]]]) -> None:
    store = await open_store(url, FakeClock(), FakeIds())
    async with sending(store) as sender:
        for requests in rounds:
            await asyncio.gather(*(sender.send(*alerts) for alerts in requests))
    await _holds(store)
    await rebuild(store)
    await _holds(store)
    await store.close()


async def _holds(store: SqlStore) -> None:
    async with store.read() as reads:
        assert await broken(reads) == []
        assert await differing(reads) == []
        firing = {row["number"]: row["firing"] for row in await reads.rows(FIRING)}
        for incident in await reads.incidents(BOT, open_only=False):
            assert incident.alerts.firing == firing.get(incident.number, 0)


async def test_what_begins_and_ends_in_one_request_beside_another_end_is_counted(store: SqlStore) -> None:
    """One alert fired before, and two ends come."""
    async with sending(store) as sender:
        await sender.send(alert("C", group="g"))
        await sender.send(alert("C", "resolved", group="g"), alert("B", group="g"), alert("B", "resolved", group="g"))
    await _holds(store)
    async with store.read() as reads:
        [incident] = await reads.incidents(BOT)
    assert (incident.alerts.firing, incident.alerts.total) == (0, 2)


async def test_what_ends_and_begins_elsewhere_in_one_request_opens_there(store: SqlStore) -> None:
    async with sending(store) as sender:
        assert await sender.send(alert("A", group="g1")) == [("open", 1)]
        told = await sender.send(alert("A", "resolved", group="g2"), alert("A", start=NINE, group="g2"))
    assert told == [("resolve", 1), ("open", 2)]
