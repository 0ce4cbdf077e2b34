"""Bodies that said nothing new: the same bytes again are counted unread, and nothing is ever lost by that."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bot.domain.alert import Alert
from bot.domain.terms import Kind
from bot.flows.seen import Body, Said, Seen
from bot.ports import Json
from storage.alerts import Episode
from storage.opening import open_store
from storage.sql import Sql
from storage.store import SqlStore
from tests.bot.flows.sending import CAUSE, Sender, alert, sending, short
from tests.bot.flows.test_ingest_any import ROUNDS
from tests.fakes import NINE, FakeClock, FakeIds

COUNTS = Sql("SELECT fingerprint, count FROM alert ORDER BY fingerprint")
ALERTS = Sql(
    "SELECT source, fingerprint, kind, status, starts_at, group_key, truncated, count FROM alert ORDER BY 1, 2, 3"
)
GROUPS = Sql("SELECT * FROM alert_group ORDER BY source, group_key, kind")
EVENTS = Sql("SELECT stream, seq, kind, data FROM event ORDER BY stream, seq")


@pytest.fixture
async def sender(store: SqlStore) -> AsyncIterator[Sender]:
    async with sending(store) as made:
        yield made


async def _again(sender: Sender, body: str) -> Sequence[Json] | None:
    return await sender.ingest.again("test", body)


async def _send(sender: Sender, body: str, *alerts: Alert) -> list[tuple[str, int | None]]:
    return short(await sender.ingest.submit(alerts, body, CAUSE))


async def test_the_third_time_it_is_not_read(store: SqlStore, sender: Sender) -> None:
    sent = alert("A", group="g"), alert("B", "resolved", group="g")
    assert await _again(sender, "body") is None
    await _send(sender, "body", *sent)
    assert await _again(sender, "body") is None, "it opened something"
    told = await sender.ingest.submit(sent, "body", CAUSE)
    assert await _again(sender, "body") == told
    async with store.read() as reads:
        assert await reads.rows(COUNTS) == [{"fingerprint": "A", "count": 3}, {"fingerprint": "B", "count": 3}]
    assert await sender.ingest.again("other", "body") is None


@pytest.mark.parametrize("doubtful", [alert("A", start=None), alert("A", truncated=1)], ids=["no start", "truncated"])
async def test_what_its_bytes_do_not_say_is_read(sender: Sender, doubtful: Alert) -> None:
    for _ in range(3):
        await _send(sender, "body", doubtful)
        assert await _again(sender, "body") is None


async def test_what_completes_a_truncated_group_is_read(sender: Sender) -> None:
    for _ in range(2):
        await _send(sender, "whole", alert("A", group="g"))
    assert await _again(sender, "whole") is not None
    await _send(sender, "cut", alert("A", group="g", truncated=2))
    assert await _again(sender, "whole") is None
    assert await _send(sender, "whole", alert("A", group="g")) == [("repeat", 1)]
    assert await _again(sender, "whole") is not None


async def test_an_old_body_stays_old(sender: Sender) -> None:
    for _ in range(2):
        await _send(sender, "fires", alert("A"))
    await _send(sender, "ends", alert("A", "resolved"))
    await _send(sender, "anew", alert("A", start=NINE))
    assert short(await _again(sender, "fires") or []) == [("repeat", 1)]


def test_only_so_many_are_remembered() -> None:
    seen = Seen(most=6)
    for name in "ABC":
        key = ("test", "real", name)
        seen.keep("test", name, Body((Said(Episode(key, "firing", NINE), key),) * 2, frozenset({key})))
    assert seen.find("test", "A")
    for name in "DD":
        key = ("test", "real", name)
        seen.keep("test", name, Body((Said(Episode(key, "firing", NINE), key),), frozenset({key})))
    assert [name for name in "ABCD" if seen.find("test", name)] == ["A", "C", "D"]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(rounds=ROUNDS)
def test_the_short_way_ends_where_the_long_way_does(templates: dict[str, str], rounds: list[list[list[Alert]]]) -> None:
    requests = [request for part in rounds for request in part if request] * 3
    assert asyncio.run(_all(templates, requests, shortcut=True)) == asyncio.run(
        _all(templates, requests, shortcut=False)
    )


async def _all(templates: dict[str, str], requests: list[list[Alert]], shortcut: bool) -> list[Any]:
    """Send one after the other; what was decided, and what is stored in the end.

    Not compared is which incident is named for an old episode of an alert that has gone over to another group since.
    """
    told: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(templates["sqlite"], Path(folder) / "tocsin.db")
        store = await open_store(f"sqlite:///{path}", FakeClock(), FakeIds())
        async with sending(store) as sender:
            for request in requests:
                body = repr(request)
                found = await _again(sender, body) if shortcut else None
                answers = await sender.ingest.submit(request, body, CAUSE) if found is None else found
                told.append([decision for decision, _ in short(answers)])
        async with store.read() as reads:
            told += [await reads.rows(sql) for sql in (ALERTS, GROUPS, EVENTS)]
        await store.close()
    return told


async def test_a_drill_is_another_alert(sender: Sender) -> None:
    for _ in range(2):
        await _send(sender, "body", alert("A"), alert("A", kind=Kind.DRILL))
    assert short(await _again(sender, "body") or []) == [("repeat", 1), ("repeat", 2)]


GONE = [Sql("DELETE FROM alert"), Sql("DELETE FROM alert_group")]
ALONE = [Sql("DELETE FROM alert WHERE fingerprint = 'A'")]
OLDER = [Sql("UPDATE alert SET starts_at = starts_at - 1")]
OPEN = [Sql("UPDATE alert SET status = 'firing'")]


@pytest.mark.parametrize(
    ("status", "older", "became"),
    [
        ("firing", GONE, "open"),
        ("firing", ALONE, "attach"),
        ("firing", OLDER, "attach"),
        ("resolved", OPEN, "resolve"),
    ],
    ids=["nothing of it", "not this alert", "an earlier episode", "it had not ended"],
)
async def test_what_an_older_database_does_not_hold_is_read_again(
    store: SqlStore, sender: Sender, status: str, older: list[Sql], became: str
) -> None:
    """A standby took over that was behind, or a backup was restored beside us: what we remember is not in it."""
    await _send(sender, "fires", alert("A"))
    for body, kept in ((status, alert("A", status)), ("other", alert("B", "resolved"))):
        for _ in range(2):
            await _send(sender, body, kept)
    async with store.begin() as tx:
        for change in older:
            await tx.change(change)
    both = await asyncio.gather(_send(sender, "new", alert("C")), _again(sender, status))
    assert both[1] is None, "nothing is answered for it that is not stored"
    assert both[0][0][0] == "open", "who came with it is stored"
    assert await _again(sender, "other") is None, "nothing else is believed any more, either"
    assert [decision for decision, _ in await _send(sender, status, alert("A", status))] == [became]


async def test_what_is_newer_in_the_database_is_no_loss(store: SqlStore, sender: Sender) -> None:
    for _ in range(2):
        await _send(sender, "fires", alert("A"))
    for _ in range(2):
        await _send(sender, "ends", alert("A", "resolved"))
    assert await _again(sender, "fires"), "it has ended since"
    await _send(sender, "anew", alert("A", start=NINE))
    assert await _again(sender, "ends"), "it has begun again since"
