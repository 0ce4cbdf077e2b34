"""The contract of rate limits: tokens are taken once for all, 429 holds for all, the more important goes first."""

from bot.domain.terms import MINUTE
from bot.ports import Done, MessageAt, Retry
from bot.work.effects import BOOKMARK, NOTICE, PAGE, TALK, URGENT
from tests.bot.work.world import World, effect
from tests.fakes import NINE

CREATE = "conversations.create"


async def test_a_burst_then_the_interval(world: World) -> None:
    await world.put(*[effect(f"c{n}", "channel", f"lane{n}", priority=URGENT) for n in range(8)])
    await world.clock.forward("1m")
    moments = sorted((at - NINE) / 1e6 for at in world.outside.moments)
    assert moments == [0, 0, 0, 0, 0, 4, 8, 12]


async def test_all_that_a_minute_lets_out(world: World) -> None:
    await world.put(*[effect(f"c{n}", "channel", f"lane{n}", priority=URGENT) for n in range(40)])
    await world.clock.forward("5m")
    moments = sorted(world.outside.moments)
    assert len(moments) == 40
    assert all(sum(first <= at < first + MINUTE for at in moments) <= 20 for first in moments)


async def test_a_tenth_is_kept_for_sev1_and_sev2(world: World) -> None:
    await world.put(*[effect(f"low{n}", "channel", f"low{n}", priority=TALK) for n in range(5)])
    await world.clock.rest()
    assert len(world.outside.calls) == 3
    await world.put(*[effect(f"high{n}", "channel", f"high{n}", priority=URGENT) for n in range(2)])
    await world.clock.rest()
    assert set(world.outside.keys[3:]) == {"high0", "high1"}


async def test_the_most_important_goes_first_when_it_frees(world: World) -> None:
    await world.put(*[effect(f"first{n}", "channel", f"first{n}", priority=URGENT) for n in range(5)])
    await world.clock.rest()
    await world.put(effect("bookmark", "channel", "a", priority=BOOKMARK))
    await world.put(effect("card", "channel", "b", priority=TALK))
    await world.put(effect("page", "channel", "c", priority=PAGE))
    await world.clock.forward("1m")
    assert world.outside.keys[5:] == ["page", "card", "bookmark"]


async def test_a_429_holds_for_all_and_is_no_try(world: World) -> None:
    world.outside.answers["a"] = [Retry(30, "ratelimited", limited=(CREATE,))]
    stored = world.clock.now()
    await world.put(effect("a", "channel", "a"))
    await world.clock.rest()
    await world.put(effect("b", "channel", "b", priority=PAGE), effect("free", lane="x"))
    await world.clock.rest()
    assert world.outside.keys == ["a", "free"]
    await world.clock.forward("1m")
    assert sorted(world.outside.keys) == ["a", "a", "b", "free"]
    assert world.outside.at("b") == [30]
    [first, second] = [call for call in world.outside.calls if call.effect.key == "a"]
    assert [(call.attempt, call.again) for call in (first, second)] == [(1, False)] * 2
    assert first.since == second.since == stored


async def test_429_for_ever_is_never_given_up(world: World) -> None:
    world.outside.answers["a"] = [Retry(30, "ratelimited", limited=(CREATE,)) for _ in range(20)]
    await world.put(effect("a", "channel", "a"))
    await world.clock.forward("11m")
    assert await world.status("a") == ["done"]


async def test_a_429_for_a_runbook_step_proves_that_nothing_was_done(world: World) -> None:
    world.outside.answers["step"] = [Retry(5, "ratelimited", limited=("some.method",))]
    await world.put(effect("step", "action.start"))
    await world.clock.forward(10)
    assert [(call.attempt, call.again) for call in world.outside.calls] == [(1, False), (1, False)]
    assert await world.status("step") == ["done"]


async def test_a_call_takes_from_all_its_limits_or_from_none(world: World) -> None:
    """As long as one is closed the other is not used up."""
    world.outside.answers["blocker"] = [Retry(60, limited=("chat.update",)), Done()]
    await world.put(effect("blocker", "both", "a", args={"room": "other"}))
    await world.clock.rest()
    await world.put(effect("card", "both", "b", args={"room": "inc:1"}))
    await world.clock.rest()
    await world.put(effect("line", "say", "c", args={"room": "inc:1"}))
    await world.clock.rest()
    assert world.outside.keys == ["blocker", "line"]
    await world.clock.forward("2m")
    assert world.outside.at("card") == [60]


async def test_a_surface_takes_from_the_method_that_is_called(world: World) -> None:
    """The first time it is posted, and waits for no chat.update; from then on it is changed, and waits for no post."""
    world.outside.answers["posted"] = [Done(rows=(MessageAt("card", "org", "card", "C1", "1.0"),))]
    world.outside.answers["closes"] = [Retry(60, limited=("chat.update",))]
    card = {"key": "card", "room": "inc:1"}
    await world.put(effect("posted", "show", "a", args=card), effect("closes", lane="b"))
    await world.clock.rest()
    await world.put(effect("changed", "show", "a", args=card))
    await world.put(effect("step", "show", "c", args={"key": "step", "room": "inc:2"}))
    await world.clock.forward("2m")
    assert [world.outside.at(key) for key in ("posted", "step", "changed")] == [[0], [0], [60]]
    posts = [effect(f"post{n}", "dm", f"d{n}", args=card) for n in range(20)]
    await world.put(*posts, effect("again", "show", "a", args=card, priority=NOTICE))
    await world.clock.rest()
    assert world.outside.at("again") == [120]


async def test_one_post_a_second_in_each_channel(world: World) -> None:
    await world.put(*[effect(f"a{n}", "dm", f"a{n}", args={"room": "inc:1"}) for n in range(3)])
    await world.put(effect("b", "dm", "b", args={"room": "inc:2"}))
    await world.clock.forward(5)
    assert sorted(at for key in ("a0", "a1", "a2") for at in world.outside.at(key)) == [0, 1, 2]
    assert world.outside.at("b") == [0]


async def test_giving_way_wakes_the_other(world: World) -> None:
    from storage import claims

    await world.clock.rest()
    world.store.engine = None  # nobody wakes the page's lane
    await world.put(effect("page", "channel", "asleep", priority=PAGE))
    async with world.store.begin() as tx:
        await claims.sleep(tx, "page", NINE, CREATE)
    world.store.engine = world.engine
    await world.put(effect("card", "channel", "free", priority=TALK))
    await world.clock.rest()
    assert world.outside.keys == ["page"]
    await world.clock.forward(5)
    assert world.outside.keys == ["page", "card"]


async def test_giving_way_ends_when_the_other_does_not_move(world: World) -> None:
    """Somebody more important who never takes his turn holds the rest for a minute, not for ever."""
    from storage import claims

    await world.put(effect("page", "channel", "stuck", priority=PAGE))
    async with world.store.begin() as tx:
        await claims.sleep(tx, "page", NINE, CREATE)
    del world.react["plain"]

    async def never(lane, engine, go_on):  # type: ignore[no-untyped-def]
        if lane != "stuck":
            await run_lane(lane, engine, go_on)

    run_lane = world.worker.run_lane
    world.worker.run_lane = never  # type: ignore[method-assign,assignment]
    await world.put(effect("card", "channel", "free", priority=TALK))
    await world.clock.forward("2m")
    assert world.outside.keys == ["card"]
    assert world.outside.at("card")[0] <= 64
