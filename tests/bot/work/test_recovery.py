"""The contract of crashes: at every commit, and of a database that is away when something has been done."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.ports import Call, Done, Effect, Outcome, Unknown
from tests.bot.work.world import MakeEngine, World, effect
from tests.fakes import FakeClock


class Crash(BaseException):
    """The process is gone."""


def dies_after(commits: int, at_once: bool) -> Callable[[str], None]:
    """A watch that ends the process after this many commits: at once, or when it comes back to the database.

    In the second case it has called the outside and nobody knows. Nothing is read or written any more in both.
    """
    seen = 0

    def watch(moment: str) -> None:
        nonlocal seen
        seen += moment == "committed"
        if seen > commits or (seen == commits and (at_once or moment != "committed")):
            raise Crash

    return watch


@dataclass
class Slack:
    """An outside that keeps what was done to it, and dies with the process when told so."""

    channels: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    sent: list[bool] = field(default_factory=list)
    steps: int = 0
    runner: set[str] = field(default_factory=set)

    async def channel(self, call: Call) -> Outcome:
        if not (call.again and "inc-1" in self.channels):
            self.channels.append("inc-1")
        return Done()

    async def say(self, call: Call) -> Outcome:
        if not (call.again and call.effect.key in self.posts):
            self.posts.append(call.effect.key)
        return Done()

    async def dm(self, call: Call) -> Outcome:
        self.sent.append(call.again)
        return Done()

    async def start(self, call: Call) -> Outcome:
        if call.again:
            return Unknown("the runner directory says nothing")
        self.steps += 1
        return Done()


def story() -> list[Effect]:
    """One after the other, so that commit n is the same in every run."""
    return [
        effect("channel", "channel", "card"),
        effect("topic", "topic", "card", after=("channel",)),
        effect("line", "say", "talk", after=("topic",), args={"room": "inc:1"}),
        effect("dm", "dm", "people", after=("line",)),
        effect("step", "action.start", "run:1", after=("dm",)),
    ]


async def live(world: World, slack: Slack, watch: Callable[[str], None]) -> None:
    world.handlers.update({"channel": slack.channel, "say": slack.say, "dm": slack.dm, "action.start": slack.start})
    await world.open(watch)
    try:
        await world.put(*story())  # an input that comes again after the crash
        await world.clock.forward("2m")
    finally:
        await world.close()


@pytest.mark.slow
@pytest.mark.timeout(400)  # some forty lives, each with a database of its own
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_crash_after_every_commit(engine: MakeEngine, copy_of: Callable[[], str], at_once: bool) -> None:
    commits = 0
    died = True
    repeats = unknown = 0
    while died:
        commits += 1
        slack, url = Slack(), copy_of()
        clock = FakeClock()
        try:
            await live(World(url, engine, clock), slack, dies_after(commits, at_once))
            died = False
        except Crash:
            await live(World(url, engine, clock), slack, lambda moment: None)
        ended = await end_of(url, engine, clock)
        unknown += ended["step"] == "unknown"
        assert slack.channels == ["inc-1"], commits
        assert slack.posts == ["line"], commits
        assert slack.sent in ([False], [False, True], [True]), commits  # a repeat is marked
        assert slack.steps <= 1, commits
        assert ended.pop("step") in ({"done", "unknown"} if slack.steps else {"unknown"}), commits
        assert set(ended.values()) == {"done"}, commits
        repeats += len(slack.sent) > 1
    assert commits > 8
    if url.startswith("sqlite"):  # on a server other transactions may be under way at that moment, and end
        assert (unknown, repeats) == (1, 0 if at_once else 1)


async def end_of(url: str, engine: MakeEngine, clock: FakeClock) -> dict[str, str]:
    world = await World(url, engine, clock).open()
    rows = await world.rows()
    await world.close()
    return {key: row["status"] for key, row in rows.items()}


async def test_what_was_begun_is_recovered_at_boot(database_url: str, engine: MakeEngine) -> None:
    before = await World(database_url, engine).open()
    before.hurry()

    async def cut_off(call: Call) -> Outcome:
        await before.clock.sleep(3600)
        return Done()

    keys = {"post": "say", "dm": "dm", "topic": "topic", "step": "action.start"}
    for key in keys:
        before.outside.answers[key] = [cut_off]
    await before.put(*[effect(key, kind, lane=key, args={"room": key}) for key, kind in keys.items()])
    await before.clock.rest()
    assert await before.status(*keys) == ["started"] * 4
    await before.close()

    before.clock.patience = 10.0  # nobody hangs any more
    after = await World(database_url, engine, before.clock).open()
    await after.clock.forward(2)
    assert sorted(after.outside.keys) == sorted(keys)
    assert all(call.again and call.attempt == 2 for call in after.outside.calls)
    assert await after.status(*keys) == ["done"] * 4
    await after.close()


async def test_a_call_that_kills_us_each_time_is_given_up(world: World) -> None:
    from storage.sql import Sql

    await world.put(effect("post", "thrice"), effect("step", "action.start", "run"), effect("behind"))
    begun = Sql("UPDATE effect SET status = 'started', attempts = :tries, again = 1 WHERE key = :key")
    async with world.store.begin() as tx:
        await tx.change(begun, key="post", tries=3)
        await tx.change(begun, key="step", tries=12)
    await world.clock.rest()
    assert world.outside.keys == ["behind"]
    assert await world.status("post", "step", "behind") == ["failed", "unknown", "done"]


@pytest.mark.parametrize("failing", [1, 3])
async def test_a_database_that_is_away_for_a_moment_does_not_repeat_the_call(world: World, failing: int) -> None:
    from bot.errors import StoreAway

    left = failing

    async def away(tx, effect_, events):  # type: ignore[no-untyped-def]
        nonlocal left
        left -= 1
        if left >= 0:
            raise StoreAway("the disk is full")

    world.react["dm"] = away
    world.hurry()
    await world.put(effect("dm", "dm"))
    await world.clock.forward("1m")
    assert world.outside.keys == ["dm"]
    assert await world.status("dm") == ["done"]


@pytest.mark.slow
async def test_a_database_that_stays_away_leaves_the_lane_for_later(world: World) -> None:
    from bot.errors import StoreAway

    back = False

    async def away(tx, effect_, events):  # type: ignore[no-untyped-def]
        if not back:
            raise StoreAway("the disk is full")

    world.react["dm"] = away
    world.hurry()
    await world.put(effect("dm", "dm"))
    await world.clock.forward("1m")
    assert await world.status("dm") == ["started"]
    back = True
    await world.clock.forward("5m")
    assert [call.again for call in world.outside.calls][-1] is True
    assert await world.status("dm") == ["done"]
