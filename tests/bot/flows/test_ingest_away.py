"""The queue in front of the database: what happens when the database does not want."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreAway
from storage.database import Deadlock
from storage.store import SqlStore
from storage.tx import SqlTx
from tests.bot.flows.sending import alert, sending
from tests.fakes import FakeClock, FakeIds

T = TypeVar("T")


class Unwilling(SqlStore):
    """Fails as told, then works."""

    def __init__(self, store: SqlStore, *failures: Exception) -> None:
        super().__init__(store.database, FakeClock(), FakeIds())
        self.failures = list(failures)
        self.runs = 0

    async def run(self, script: Callable[[SqlTx], Awaitable[T]]) -> T:
        self.runs += 1
        if self.failures:
            raise self.failures.pop(0)
        return await super().run(script)


async def test_a_batch_that_lost_to_a_deadlock_is_repeated(store: SqlStore) -> None:
    unwilling = Unwilling(store, Deadlock("1"), Deadlock("2"))
    async with sending(unwilling) as sender:
        assert await sender.send(alert("A")) == [("open", 1)]
    assert unwilling.runs == 3


async def test_a_database_that_is_away_fails_the_batch_and_nothing_after_it(store: SqlStore) -> None:
    async with sending(Unwilling(store, StoreAway("gone"))) as sender:
        answers = await asyncio.gather(sender.send(alert("A")), sender.send(alert("B")), return_exceptions=True)
        assert [type(answer) for answer in answers] == [StoreAway, StoreAway]
        assert await sender.send(alert("A")) == [("open", 1)]


async def test_a_queue_that_is_too_long_sends_away_at_once(store: SqlStore) -> None:
    async with sending(store, queue=3) as sender:
        answers = await asyncio.gather(*(sender.send(alert(f"a{n}")) for n in range(5)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [list] * 3 + [StoreAway] * 2


async def test_stopping_answers_whoever_waits(store: SqlStore) -> None:
    async with sending(store) as sender:
        waiting = asyncio.ensure_future(sender.send(alert("A")))  # noqa: TID251
        await asyncio.sleep(0)  # noqa: TID251
        await asyncio.sleep(0)  # noqa: TID251
    (answer,) = await asyncio.gather(waiting, return_exceptions=True)
    assert isinstance(answer, StoreAway)


async def test_batches_are_bounded(store: SqlStore) -> None:
    unwilling = Unwilling(store)
    async with sending(unwilling, batch=4) as sender:
        work = [sender.send(*(alert(f"{n}-{k}", group="g") for k in range(3))) for n in range(4)]
        await asyncio.gather(*work)
    assert unwilling.runs == 4


class Slow(SqlStore):
    """Begins when it is told to."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store.database, FakeClock(), FakeIds())
        self.go_on = asyncio.Event()

    async def run(self, script: Callable[[SqlTx], Awaitable[T]]) -> T:
        await self.go_on.wait()
        return await super().run(script)


async def test_a_commit_that_takes_too_long_is_not_waited_for_and_not_undone(store: SqlStore) -> None:
    slow, clock = Slow(store), FakeClock()
    async with sending(slow, clock=clock) as sender:
        first = asyncio.ensure_future(sender.send(alert("A")))  # noqa: TID251
        await clock.forward(3)
        second = asyncio.ensure_future(sender.send(alert("B")))  # noqa: TID251
        await clock.forward(1.9)
        assert not first.done()
        await clock.forward(0.1)
        assert isinstance(first.exception(), StoreAway)
        assert not second.done()
        slow.go_on.set()
        assert (await second)[0][0] == "open"
        assert (await sender.send(alert("A")))[0][0] == "repeat"


async def test_who_was_told_to_come_again_is_not_stored_meanwhile(store: SqlStore) -> None:
    """But for what was being committed at that moment. What comes again is stored, and room in the queue is free again."""
    slow, clock = Slow(store), FakeClock()
    async with sending(slow, clock=clock) as sender:
        first = asyncio.ensure_future(sender.send(alert("A")))  # noqa: TID251
        await clock.rest()
        others = [asyncio.ensure_future(sender.send(alert(name))) for name in "BC"]  # noqa: TID251
        await clock.forward(5)
        assert [type(each.exception()) for each in (first, *others)] == [StoreAway] * 3
        slow.go_on.set()
        assert [await sender.send(alert(name)) for name in "ABC"] == [[("repeat", 1)], [("open", 2)], [("open", 3)]]


async def test_who_was_told_to_come_again_is_not_tried_alone(store: SqlStore) -> None:
    """A batch failed, and its requests are tried one by one, which takes too long."""

    class Failing(Slow):
        failed = False

        async def run(self, script: Callable[[SqlTx], Awaitable[T]]) -> T:
            if not self.failed:
                self.failed = True
                raise ValueError("one of them is bad")
            return await super().run(script)

    slow, clock = Failing(store), FakeClock()
    async with sending(slow, clock=clock) as sender:
        work = [asyncio.ensure_future(sender.send(alert(name))) for name in "AB"]  # noqa: TID251
        await clock.forward(5)
        assert [type(each.exception()) for each in work] == [StoreAway] * 2
        slow.go_on.set()
        assert [await sender.send(alert(name)) for name in "AB"] == [[("repeat", 1)], [("open", 2)]]
