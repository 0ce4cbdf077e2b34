"""One transaction per input: all of it or nothing, each input once, one after another where they touch the same."""

import asyncio

import pytest

from bot.clock import KeptTasks
from bot.domain.events import Acknowledged, Noted
from bot.domain.incident import fold
from bot.domain.terms import stream_of
from bot.errors import NotFound
from bot.ports import Effect
from storage.sql import Sql
from storage.store import SqlStore
from storage.tx import SqlTx
from tests.storage.making import ANA, BOT, drafts, note, open_incident, opened

_STATE = Sql("SELECT seq, state FROM incident_state WHERE number = :number")
_PUT_BACK = Sql("UPDATE incident_state SET seq = :seq, state = :state WHERE number = :number")


class Oops(Exception):
    pass


async def test_events_come_back_as_they_went_in(store: SqlStore) -> None:
    number = await open_incident(store, Noted("first"), Acknowledged())
    async with store.read() as reads:
        events = await reads.timeline(number, BOT)
        found = await reads.incident(number, BOT)
    assert [event.payload for event in events] == [opened(number), Noted("first"), Acknowledged()]
    assert [event.seq for event in events] == [1, 2, 3]
    assert {event.actor for event in events} == {"U1"}
    state = None
    for event in events:
        state = fold(state, event)
    assert found == state


async def test_a_rollback_leaves_nothing(store: SqlStore) -> None:
    called: list[str] = []

    async def fails() -> None:
        async with store.begin() as tx:
            await tx.answered("again")
            number = await tx.next_number()
            await tx.append(stream_of(number), drafts(opened(number)), ANA)
            await tx.enqueue([Effect("k", "show", "lane", "inc:1")])
            tx.after_commit(lambda: called.append("no"))
            raise Oops

    with pytest.raises(Oops):
        await fails()
    async with store.begin() as tx:
        assert await tx.next_number() == 1
        assert await tx.answered("again") is None
        assert await tx.incidents(BOT, open_only=False) == []
        assert await tx.effects("inc:1") == []
        with pytest.raises(NotFound):
            await tx.lock(1)
    assert called == []


async def test_an_input_is_answered_once(store: SqlStore) -> None:
    async with store.begin() as tx:
        assert await tx.answered("click-1") is None
        await tx.answer("click-1", "inc:1", {"said": "yes"})
    async with store.begin() as tx:
        assert await tx.answered("click-1") == {"said": "yes"}
        assert await tx.answered("click-2") is None


async def test_of_two_deliveries_at_once_one_is_new(store: SqlStore) -> None:
    async def deliver() -> bool:
        async with store.begin() as tx:
            new = await tx.answered("event-1") is None
            await asyncio.sleep(0)  # noqa: TID251 (the other one gets its chance)
            if new:
                await tx.answer("event-1", "org", {"n": 1})
            return new

    assert sorted(await asyncio.gather(*(deliver() for _ in range(6)))) == [False] * 5 + [True]


async def test_writers_of_one_incident_go_one_after_another(store: SqlStore) -> None:
    number = await open_incident(store)
    await asyncio.gather(*(note(store, number, f"note {n}") for n in range(12)))
    async with store.read() as reads:
        events = await reads.timeline(number, BOT)
        found = await reads.incident(number, BOT)
    assert [event.seq for event in events] == list(range(1, 14))
    assert found is not None
    assert found.seq == 13


async def test_numbers_have_no_gaps(store: SqlStore) -> None:
    numbers = await asyncio.gather(*(open_incident(store) for _ in range(5)))
    assert sorted(numbers) == [1, 2, 3, 4, 5]


async def test_a_transaction_sees_its_own_events(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.append("inc:1", drafts(opened(1)), ANA)
        assert [event.payload for event in await tx.timeline(1, BOT)] == [opened(1)]
        await tx.append("inc:1", drafts(Noted("more")), ANA)
        assert len(await tx.timeline(1, BOT)) == 2
        assert (await tx.lock(1)).seq == 2


async def test_the_organisations_stream_has_no_incident(store: SqlStore) -> None:
    async with store.begin() as tx:
        events = await tx.append("org", drafts(Noted("started")), ANA)
    assert [event.seq for event in events] == [1]


async def test_only_what_came_after_the_state_is_folded(store: SqlStore) -> None:
    number = await open_incident(store)
    async with store.begin() as tx:  # as after a restore of old derived rows
        before = await tx.row(_STATE, number=number)
        assert before is not None
    await note(store, number, "one more")
    async with store.begin() as tx:
        await tx.change(_PUT_BACK, number=number, **before)
    async with store.begin() as tx:
        assert (await tx.lock(number)).seq == 2


async def test_after_the_commit_what_was_asked_for_is_called(store: SqlStore) -> None:
    called: list[int] = []
    async with store.begin() as tx:
        tx.after_commit(lambda: called.append(1))
        assert called == []
    assert called == [1]


async def test_a_script_is_a_transaction_too(store: SqlStore) -> None:
    called: list[int] = []

    async def script(tx: SqlTx) -> int:
        number = await tx.next_number()
        await tx.append(stream_of(number), drafts(opened(number), Noted("in one go")), ANA)
        await tx.enqueue([Effect("k", "show", "lane", stream_of(number))])
        tx.after_commit(lambda: called.append(number))
        return number

    async def failing(tx: SqlTx) -> None:
        await script(tx)
        raise Oops

    assert await store.run(script) == 1
    with pytest.raises(Oops):
        await store.run(failing)
    async with store.read() as reads:
        assert [incident.number for incident in await reads.incidents(BOT)] == [1]
        assert [effect["key"] for effect in await reads.effects("inc:1")] == ["k"]
    assert called == [1]


async def test_who_is_cancelled_while_they_begin_to_read_leaves_nothing_open(store: SqlStore) -> None:
    """Every connection is as before, wherever the cancellation came."""

    async def look() -> None:
        async with store.read() as reads:
            await reads.people()

    tasks = KeptTasks()
    for moments in [*range(6)] * 6:
        looking = tasks.start(look(), "look")
        for _ in range(moments):
            await asyncio.sleep(0)  # noqa: TID251
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await asyncio.gather(*[look() for _ in range(12)])


async def test_a_cancelled_commit_is_still_whole(store: SqlStore) -> None:
    called: list[int] = []

    async def work() -> None:
        async with store.begin() as tx:
            tx.after_commit(lambda: called.append(1))
            await tx.append("inc:1", drafts(opened(1)), ANA)

    for turns in range(1, 40):
        task = asyncio.ensure_future(work())  # noqa: TID251
        for _ in range(turns):
            await asyncio.sleep(0)  # noqa: TID251
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with store.read() as reads:
        events = await reads.timeline(1, BOT)
    assert len(events) == len(called) == (0 if not events else events[-1].seq)
