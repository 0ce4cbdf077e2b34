"""A message is one row, however often and in whatever order Slack tells of it; and no proof needs any of them."""

from itertools import permutations

import pytest

from bot.domain.saying import Post
from bot.domain.transcript import Line, line
from bot.ports import Viewer
from storage.audit import verified
from storage.rebuild import differing
from storage.sql import Sql
from storage.store import SqlStore
from tests.storage.making import BOT, open_incident

ASKED = Post("C1", "100.000001", "U1", "is it the disk?")
FIRST = line(1, ASKED)
EDITED = line(1, Post("C1", "100.000001", "U1", "is it the network?"), 200)
AGAIN = line(1, Post("C1", "100.000001", "U1", "it is the network"), 300)
GONE = line(1, ASKED, 250, gone=True)


@pytest.mark.parametrize(
    ("told", "stands"), [((FIRST,), FIRST), ((FIRST, EDITED, AGAIN), AGAIN), ((FIRST, AGAIN, GONE), GONE)]
)
async def test_the_newest_word_holds_in_any_order(store: SqlStore, told: tuple[Line, ...], stands: Line) -> None:
    number = await open_incident(store)
    for order in permutations(told):
        for one in (*order, *order[:1], *order):
            async with store.begin() as tx:
                await tx.save([one])
        async with store.begin() as tx:
            assert await tx.transcript(number, BOT) == [stands], order
            assert await tx.line_of("C1", "100.000001") == number
            await tx.change(Sql("DELETE FROM transcript"))


async def test_lines_stand_by_their_time_and_are_hidden_with_their_incident(store: SqlStore) -> None:
    open_, private = await open_incident(store), await open_incident(store, private=True)
    first, second = (
        line(open_, Post("C1", "9.5", "U2", "first")),
        line(open_, Post("C1", "10.5", "U1", "second", thread="9.5")),
    )
    async with store.begin() as tx:
        await tx.save([second, first, line(private, Post("C2", "9.5", "U1", "the customer is …"))])
    async with store.read() as reads:
        assert await reads.transcript(open_, Viewer("U9")) == [first, second]
        assert await reads.transcript(private, Viewer("U9")) == []
        assert len(await reads.transcript(private, Viewer("U1"))) == 1
        assert await reads.transcript(7, BOT) == []


async def test_the_chain_holds_without_them(store: SqlStore) -> None:
    number = await open_incident(store)
    async with store.begin() as tx:
        await tx.save([FIRST])
    before = await verified(store)
    async with store.begin() as tx:
        assert await tx.change(Sql("DELETE FROM transcript")) == 1
    async with store.read() as reads:
        assert await reads.transcript(number, BOT) == []
        assert await differing(reads) == []
    assert (await verified(store), before.broken) == (before, ())
