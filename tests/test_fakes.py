"""The fakes themselves: a clock that lies would make every other test lie."""

import asyncio

from tests.fakes import NINE, FakeClock, seconds


def test_lengths() -> None:
    assert [seconds("1h30m"), seconds("250ms"), seconds(2)] == [5400.0, 0.25, 2.0]


async def test_forward_stops_at_every_moment_in_order() -> None:
    clock = FakeClock()
    seen: list[tuple[str, float]] = []

    async def every(name: str, length: float) -> None:
        while True:
            await clock.sleep(length)
            seen.append((name, clock.monotonic()))

    tasks = [asyncio.ensure_future(every("two", 2)), asyncio.ensure_future(every("three", 3))]  # noqa: TID251
    await clock.forward("7s")
    for task in tasks:
        task.cancel()
    assert seen == [("two", 2), ("three", 3), ("two", 4), ("three", 6), ("two", 6)]
    assert clock.now() == NINE + 7_000_000


async def test_wait_ends_with_the_future_or_the_time() -> None:
    clock = FakeClock()
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(clock.wait(future, 4))  # noqa: TID251
    await clock.forward(5)
    assert waiting.result() is False
    assert not future.cancelled()
    future.set_result(1)
    assert await clock.wait(future, 4) is True


async def test_a_jump_moves_the_wall_clock_alone() -> None:
    clock = FakeClock()
    await clock.forward(1)
    clock.jump("1h")
    assert clock.monotonic() == 1
    assert clock.now() == NINE + 3_601_000_000
