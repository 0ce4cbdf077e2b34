"""The directory is read once for all replicas, and by another one where the first did not get through."""

import asyncio
from typing import cast

import pytest

from bot.domain.state import Incident
from bot.domain.terms import MINUTE, SECOND, Micros
from bot.errors import ChatError
from bot.flows import prepare
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.flows.directory import EVERY, LEASE, fill_at_start, fill_in_turn
from bot.ports import Cause, Chat, Group, Person
from storage.store import SqlStore
from tests.fakes import NINE, FakeClock


class Slack:
    """Tells who there is. fails: so many of the next readings; readings: how often it was asked."""

    def __init__(self) -> None:
        self.readings = self.fails = 0

    async def people(self) -> list[Person]:
        self.readings += 1
        if self.fails:
            self.fails -= 1
            raise ChatError("timeout")
        return [Person("U1", "Ana")]

    async def groups(self) -> list[Group]:
        return []


@pytest.fixture
def slack() -> Slack:
    return Slack()


async def in_turn(store: SqlStore, slack: Slack, after: float) -> None:
    """A replica looks, so many seconds after the beginning. (The store's clock is moved along.)"""
    clock = cast(FakeClock, store._clock)
    await clock.forward((NINE + after * SECOND - clock.now()) / SECOND)
    await fill_in_turn(store, cast(Chat, slack), clock.now())


async def test_one_of_many_reads_it(store: SqlStore, slack: Slack) -> None:
    await asyncio.gather(*[fill_in_turn(store, cast(Chat, slack), NINE) for _ in range(6)])
    assert slack.readings == 1
    async with store.read() as reads:
        assert list(await reads.people()) == ["U1"]


async def test_it_is_read_every_five_minutes_however_many_look(store: SqlStore, slack: Slack) -> None:
    for seconds in range(0, 1200, 20):
        await in_turn(store, slack, seconds)
    assert slack.readings == 4


async def test_who_fails_is_followed_by_another(store: SqlStore, slack: Slack) -> None:
    slack.fails = 1
    with pytest.raises(ChatError):
        await in_turn(store, slack, 0)
    await in_turn(store, slack, LEASE / SECOND - 1)
    assert slack.readings == 1, "perhaps it is still at it"
    await in_turn(store, slack, LEASE / SECOND)
    assert slack.readings == 2


async def test_at_the_start_it_is_read_unless_that_was_just_done(store: SqlStore, slack: Slack) -> None:
    chat, now = cast(Chat, slack), NINE
    slack.fails = 1
    with pytest.raises(ChatError):
        await fill_at_start(store, chat, now)
    await fill_at_start(store, chat, now)
    assert slack.readings == 2, "who could not read it tries again at once"
    await fill_at_start(store, chat, now + SECOND)
    assert slack.readings == 2
    await fill_at_start(store, chat, now + EVERY)
    assert slack.readings == 3


async def test_who_died_while_reading_keeps_nobody_from_it_at_the_start(store: SqlStore, slack: Slack) -> None:
    async with store.begin() as tx:
        assert await tx.take_turn("directory", tx.now + LEASE)
    await fill_at_start(store, cast(Chat, slack), NINE)
    assert slack.readings == 1


@pytest.mark.parametrize(("ago", "members"), [(15 * MINUTE, ("U1",)), (15 * MINUTE + 1, ())])
async def test_a_group_that_was_read_long_ago_approves_nothing(
    store: SqlStore, ago: Micros, members: tuple[str, ...]
) -> None:
    async with store.begin() as tx:
        await tx.save([Person("U1", "Ana"), Group("S1", "owners", ("U1",), tx.now - ago)])
        case = Case(cast(Desk, None), tx, cast(Incident, None), cast(Cause, None))
        assert (await prepare.fresh(case)).groups.get("owners", ()) == members
