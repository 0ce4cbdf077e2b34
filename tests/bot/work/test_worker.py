"""The contract of worker and engine: order, waiting, giving up, recovering."""

import pytest

from bot.domain.events import Draft, EffectFailed, OutageBegan
from bot.ports import Call, Done, GiveUp, MessageAt, Outcome, Retry, Unknown
from tests.bot.work.world import World, effect
from tests.fakes import NINE
from tests.waiting import looks


async def test_order_within_a_lane(world: World) -> None:
    await world.put(effect("a"), effect("b"))
    await world.put(effect("c"))
    await world.clock.rest()
    assert world.outside.keys == ["a", "b", "c"]
    assert await world.status("a", "b", "c") == ["done"] * 3
    assert [call.attempt for call in world.outside.calls] == [1, 1, 1]
    assert not any(call.again for call in world.outside.calls)


async def test_a_stuck_lane_holds_nobody(world: World) -> None:
    async def stuck(call: Call) -> Outcome:
        await world.clock.sleep(20)
        return Done()

    world.hurry()
    world.outside.answers["slow"] = [stuck]
    await world.put(effect("slow"), effect("behind"), effect("other", lane="page:U1"))
    async for _ in looks():  # the stuck lane stays stuck all the same
        await world.clock.rest()
        if await world.status("other") == ["done"]:
            break
    assert await world.status("slow", "behind", "other") == ["started", "planned", "done"]
    await world.clock.forward(21)
    assert await world.status("slow", "behind") == ["done", "done"]


async def test_after_across_lanes(world: World) -> None:
    world.outside.answers["channel"] = [Retry(30)]
    await world.put(effect("channel", lane="card"), effect("line", after=("channel",)), effect("next"))
    await world.clock.rest()
    assert world.outside.keys == ["channel"]
    await world.clock.forward(31)
    assert world.outside.keys == ["channel", "channel", "line", "next"]


async def test_giving_up_skips_what_comes_after_and_nothing_else(world: World) -> None:
    world.outside.answers["channel"] = [GiveUp("restricted", (Draft(OutageBegan("restricted")),))]
    await world.put(
        effect("channel", lane="card"),
        effect("pin", lane="card", after=("channel",)),
        effect("topic", lane="card"),
        effect("line", after=("channel",)),
        effect("below", lane="people", after=("line",)),
        effect("page", lane="page:U1"),
    )
    await world.clock.rest()
    rows = await world.rows()
    assert {key: row["status"] for key, row in rows.items()} == {
        "channel": "failed",
        "pin": "skipped",
        "topic": "done",
        "line": "skipped",
        "below": "skipped",
        "page": "done",
    }
    assert rows["pin"]["error"] == "channel failed"
    assert rows["below"]["error"] == "line skipped"
    told = dict(world.reacted)["channel"]
    assert [event.payload for event in told] == [
        EffectFailed("channel", "plain", "restricted"),
        OutageBegan("restricted"),
    ]
    assert "pin" not in dict(world.reacted)


async def test_what_comes_after_something_that_had_failed_before(world: World) -> None:
    world.outside.answers["channel"] = [GiveUp("restricted")]
    await world.put(effect("channel", lane="card"))
    await world.clock.rest()
    await world.put(effect("line", after=("channel",)))
    await world.clock.rest()
    assert await world.status("line") == ["skipped"]


async def test_an_outcome_is_stored_with_what_follows(world: World) -> None:
    row = MessageAt("card", "org", "card", "C1", "1.1")

    async def follow(tx, effect_, events):  # type: ignore[no-untyped-def]
        await tx.enqueue([effect("next", lane="people", after=(effect_.key,))])

    world.react["plain"] = follow
    world.outside.answers["post"] = [Done((Draft(OutageBegan("x")),), (row,), {"ts": "1.1"})]
    await world.put(effect("post"))
    await world.clock.rest()
    assert (await world.rows())["post"]["result"] == {"ts": "1.1"}
    assert world.outside.keys == ["post", "next"]
    async with world.store.read() as reads:
        assert await reads.message("card") == row


async def test_tries_are_spaced_and_capped(world: World) -> None:
    world.outside.answers["post"] = [Retry(0, "http_500")] * 5
    await world.put(effect("post", "thrice"), effect("behind"))
    await world.clock.forward("10m")
    assert world.outside.at("post") == [0, 2, 6]
    assert [call.attempt for call in world.outside.calls[:3]] == [1, 2, 3]
    row = (await world.rows())["post"]
    assert (row["status"], row["error"]) == ("failed", "http_500")
    assert await world.status("behind") == ["done"]


async def test_a_poll_goes_on_as_long_as_it_takes(world: World) -> None:
    world.outside.answers["poll"] = [Retry(5, counted=False)] * 20
    await world.put(effect("poll", "thrice"))
    await world.clock.forward("2m")
    assert world.outside.at("poll")[:3] == [0, 5, 10]
    assert {call.attempt for call in world.outside.calls} == {1}
    assert await world.status("poll") == ["done"]


async def test_a_handler_that_raises_has_failed_once(world: World) -> None:
    world.outside.answers["post"] = [RuntimeError("boom")]
    await world.put(effect("post"))
    await world.clock.rest()
    row = (await world.rows())["post"]
    assert (row["status"], row["attempts"], row["error"]) == ("planned", 1, "RuntimeError: boom")
    await world.clock.forward(10)
    assert [call.again for call in world.outside.calls] == [False, True]
    assert await world.status("post") == ["done"]


async def test_a_kind_without_handler_fails_and_the_lane_goes_on(world: World) -> None:
    del world.handlers["thrice"]
    await world.put(effect("post", "thrice"), effect("behind"))
    await world.clock.forward("1m")
    assert await world.status("post", "behind") == ["failed", "done"]


async def test_no_answer_in_time_may_have_been_carried_out(world: World) -> None:
    ended = []

    async def hang(call: Call) -> Outcome:
        try:
            await world.clock.sleep(3600)
        finally:
            ended.append(world.clock.now() - NINE)
        return Done()

    world.hurry()
    world.outside.answers["post"] = [hang]
    await world.put(effect("post"))
    await world.clock.forward("40s")
    assert ended == [30_000_000]
    assert [(call.attempt, call.again) for call in world.outside.calls] == [(1, False), (2, True)]
    assert await world.status("post") == ["done"]


@pytest.mark.parametrize(("kind", "ends"), [("action.start", "unknown"), ("say", "done")])
async def test_unknown_is_final_only_for_a_runbook_step(world: World, kind: str, ends: str) -> None:
    world.outside.answers["step"] = [Unknown("runner silent", (Draft(OutageBegan("x")),))]
    await world.put(effect("step", kind), effect("after it", lane="people", after=("step",)))
    await world.clock.forward("1m")
    assert await world.status("step") == [ends]
    assert await world.status("after it") == ["skipped" if ends == "unknown" else "done"]
    assert len(world.outside.calls) == (1 if ends == "unknown" else 3)


async def test_a_reaction_that_raises_has_nothing_sent_twice(world: World) -> None:
    async def broken(tx, effect_, events):  # type: ignore[no-untyped-def]
        raise RuntimeError("a mistake in a rule")

    world.react["dm"] = broken
    await world.put(effect("dm", "dm"), effect("behind"))
    world.hurry()
    await world.clock.forward("2m")
    assert world.outside.keys == ["dm", "behind"]
    row = (await world.rows())["dm"]
    assert (row["status"], row["error"]) == ("failed", "RuntimeError: a mistake in a rule")


async def test_a_moment_that_is_over_expires(world: World) -> None:
    world.outside.answers["slow"] = [Retry(60)]
    late = NINE + 30_000_000
    await world.put(effect("slow"), effect("nudge", expires_at=late), effect("after it", lane="x", after=("nudge",)))
    await world.clock.forward("2m")
    assert await world.status("slow", "nudge", "after it") == ["done", "expired", "skipped"]
    assert "nudge" not in world.outside.keys
