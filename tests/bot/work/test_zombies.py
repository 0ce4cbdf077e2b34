"""The contract of a process that was stopped, and goes on when another has taken over its lane."""

from typing import cast

import pytest

from bot.domain.events import Draft, OutageBegan
from bot.errors import StoreAway
from bot.ports import Call, Done, Engine, GiveUp, Outcome, Retry, Tx
from storage import lanes
from tests.bot.work.world import World, effect


async def test_a_zombie_can_neither_settle_nor_claim(world: World) -> None:
    async def taken_over(call: Call) -> Outcome:
        async with world.store.begin() as tx:
            await lanes.take(tx, "talk")  # as another process would
        return Done((Draft(OutageBegan("x")),))

    async def follow(tx, effect_, events):  # type: ignore[no-untyped-def]
        await tx.enqueue([effect("follows " + effect_.key, "topic", lane="elsewhere")])

    world.react["plain"] = follow
    world.outside.answers["a"] = [taken_over]
    await world.put(effect("a"), effect("b"))
    await world.worker.run_lane("talk", world.engine)
    assert world.outside.keys == ["a"]
    assert await world.status("a", "b") == ["started", "planned"]
    assert "follows a" not in await world.rows()
    await world.clock.forward(11)  # the sweep finds what the other process, which is none, did not do
    calls = [(call.effect.key, call.again) for call in world.outside.calls if call.effect.kind == "plain"]
    assert calls == [("a", False), ("a", True), ("b", False)]


@pytest.mark.parametrize(
    ("kind", "said", "mended"),
    [
        ("say", Done(), True),
        ("show", Retry(0.0, "connection", ambiguous=True), True),
        ("page", Retry(2.0, "timeout", ambiguous=True, counted=False), True),
        ("topic", Done(), True),
        ("say", Retry(2.0, "refused", counted=False), False),
        ("say", GiveUp("is_archived"), False),
        ("pin", Done(), False),
    ],
)
async def test_what_a_zombie_called_late_is_looked_after(world: World, kind: str, said: Outcome, mended: bool) -> None:
    """Once, and after whoever took over has done it: the call that was begun may show, and its result is not written."""

    async def taken_over(call: Call) -> Outcome:
        async with world.store.begin() as tx:
            await lanes.take(tx, "talk")
        return said

    world.outside.answers["a"] = [taken_over]
    await world.put(effect("a", kind, args={"key": "inc:1:x", "room": "inc:1"}))
    await world.worker.run_lane("talk", world.engine)
    assert await world.status("a") == ["started"]
    await world.clock.forward(20)
    made = [call.effect for call in world.outside.calls if call.effect.kind == "mend"]
    assert [(e.lane, e.args["kind"], e.args["key"]) for e in made] == [("talk", kind, "inc:1:x")] * mended
    assert world.outside.keys == ["a", "a", *[e.key for e in made]]
    assert {row["status"] for row in (await world.rows()).values()} == {"done"}


class Away:
    """The database is away whenever something is put into a lane, so many times."""

    def __init__(self, engine: Engine, times: int) -> None:
        self._engine, self.times = engine, times

    async def wake(self, tx: Tx, lane: str) -> None:
        if self.times:
            self.times -= 1
            raise StoreAway("the database is away")
        await self._engine.wake(tx, lane)


@pytest.mark.slow
async def test_a_late_call_is_looked_after_when_the_database_is_back(world: World) -> None:
    away = Away(world.engine, 2)

    async def taken_over(call: Call) -> Outcome:
        async with world.store.begin() as tx:
            await lanes.take(tx, "talk")
        world.store.engine = cast(Engine, away)
        return Done()

    world.outside.answers["a"] = [taken_over]
    world.hurry()
    await world.put(effect("a", "say", args={"key": "inc:1:x", "room": "inc:1"}))
    await world.clock.forward("1m")
    assert away.times == 0
    assert [key for key in world.outside.keys if key.startswith("a:late:")]


async def test_a_zombie_cannot_decide(world: World) -> None:
    async def taken_over(tx, effect_, events):  # type: ignore[no-untyped-def]
        if not world.outside.calls:
            await lanes.take(tx, "clock")
        world.reacted.append((effect_.key, []))

    world.react["clock.update"] = taken_over
    await world.put(effect("one", "clock.update", "clock"), effect("two", "clock.update", "clock"))
    await world.clock.rest()
    first = "planned" if world.store.shared else "done"  # where others write, the lane is locked before we decide
    assert await world.status("one", "two") == [first, "planned"]
