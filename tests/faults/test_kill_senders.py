"""F1: the program is killed while alerts come in; whoever sends again what got no answer loses nothing."""

import asyncio
import os
import sqlite3
from hashlib import sha256
from itertools import count

import aiohttp
import pytest

from bot.clock import SystemClock
from tests.faults.serving import Serving
from tests.stories import alerts

SENDERS = 4
PAUSE = 0.01
"""Seconds between two requests of a sender: together a few hundred per second, as fast as the machine goes."""


def body(number: int) -> dict[str, object]:
    """One alert of its own; fifty share a group."""
    now = SystemClock().now()
    one = alerts.alert("Hung", "firing", now, now - 1, {"instance": f"host-{number}", "severity": "warning"})
    return alerts.request([one], f"group-{number % 50}")


async def send(program: Serving, numbers: "count[int]", acked: set[str], stop: asyncio.Event) -> None:
    """Send one alert after the other, each until it has its answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while not stop.is_set():
            made = body(next(numbers))
            while await program.post(session, made) != 200 and not stop.is_set():
                await asyncio.wait({asyncio.ensure_future(stop.wait())}, timeout=PAUSE)  # noqa: TID251
            else:
                acked.add(made["alerts"][0]["fingerprint"])  # type: ignore[index]


async def killed_again_and_again(program: Serving, times: int) -> None:
    acked: set[str] = set()
    stop = asyncio.Event()
    numbers = count()
    await program.start()
    senders = [asyncio.ensure_future(send(program, numbers, acked, stop)) for _ in range(SENDERS)]  # noqa: TID251
    for seed in range(times):
        after = sha256(str(seed).encode()).digest()[0] / 256
        before = len(acked)
        while len(acked) < before + 20:
            await asyncio.wait(senders, timeout=0.01)
        await asyncio.wait(senders, timeout=after)
        await program.kill()
        assert acked <= stored(program), f"seed {seed} lost {len(acked - stored(program))} alerts"
        await program.start()
    stop.set()
    await asyncio.gather(*senders)
    await program.kill()
    assert acked <= stored(program)
    assert len(acked) > 20 * times
    assert orphans(program) == 0


def rows(program: Serving, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(program.folder / "tocsin.db") as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


def stored(program: Serving) -> set[str]:
    return {str(row[0]) for row in rows(program, "SELECT fingerprint FROM alert")}


def orphans(program: Serving) -> int:
    """Incidents that no group belongs to: what an incident opened twice would leave behind."""
    [(opened,)] = rows(program, "SELECT count(*) FROM event WHERE kind = 'opened'")
    [(held,)] = rows(program, "SELECT count(DISTINCT incident) FROM alert_group")
    assert opened, "nothing was opened"
    return int(str(opened)) - int(str(held))


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_no_acknowledged_alert_is_lost(deaf: Serving) -> None:
    """F1, eight kills."""
    await killed_again_and_again(deaf, 8)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_no_acknowledged_alert_is_lost_for_long(deaf: Serving) -> None:
    """F1, a hundred kills (SOAK=10: a thousand)."""
    await killed_again_and_again(deaf, 100 * int(os.environ.get("SOAK", "1")))
