"""A process that stood still tells nobody that the database was away."""

import asyncio
import time

from bot.domain.terms import SECOND
from storage.away import Away
from storage.still import Standstill
from tests.fakes import NINE, FakeClock

TICK, LONG = 0.01, 0.3


def stand_still() -> None:
    time.sleep(2 * LONG)  # noqa: TID251


async def test_what_broke_while_the_process_stood_still_is_no_fault_of_the_database() -> None:
    """A transaction that began before, and that the server gave up meanwhile."""
    clock = FakeClock()
    away = Away(Standstill(clock.now, TICK, LONG))
    with away.still.watched():
        await clock.forward("1m")
        stand_still()
        away.failed(NINE)  # before the regular look
        assert away.since == NINE + 60 * SECOND
        away.committed(clock.now())
        assert away.over is None


async def test_the_regular_look_notices_it_too() -> None:
    clock = FakeClock()
    still = Standstill(clock.now, TICK, LONG)
    with still.watched():
        await asyncio.sleep(3 * TICK)  # noqa: TID251
        assert still.until == 0
        await clock.forward("1m")
        stand_still()
        await asyncio.sleep(3 * TICK)  # noqa: TID251
        assert still.until == NINE + 60 * SECOND


async def test_a_database_that_was_away_while_it_ran_is_told_of() -> None:
    clock = FakeClock()
    away = Away(Standstill(clock.now, TICK, LONG))
    with away.still.watched():
        await clock.forward("1m")
        away.failed(NINE)
        away.committed(clock.now())
        assert away.over == (NINE, NINE + 60 * SECOND)
