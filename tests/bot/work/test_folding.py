"""The contract of what waits: one row per state, more than three records become one digest."""

from bot.ports import Done, Outcome, Retry
from tests.bot.work.world import World, effect
from tests.fakes import NINE

ROOM = {"room": "inc:1", "where": "thread"}


def card(key: str, **more):  # type: ignore[no-untyped-def]
    return effect(key, "topic", "card", coalesce="card", **more)


async def test_states_that_wait_are_sent_once(world: World) -> None:
    world.outside.answers["first"] = [Retry(30)]
    await world.put(effect("first", lane="card"))
    for key in ("one", "two", "three"):
        await world.put(card(key, args={"n": key}))
    await world.clock.forward("1m")
    assert world.outside.keys == ["first", "first", "one"]
    assert world.outside.calls[-1].effect.args == {"n": "three"}
    assert await world.status("one", "two", "three") == ["done", "folded", "folded"]


async def test_what_comes_after_a_folded_state_comes_after_the_other(world: World) -> None:
    world.outside.answers["one"] = [Retry(30)]
    await world.put(effect("gate", lane="gate"), card("one"))
    await world.put(card("two"))
    await world.put(effect("pin", lane="x", after=("two",)))
    await world.clock.rest()
    assert await world.status("two", "pin") in (["folded", "planned"], ["done", "done"])
    await world.clock.forward("1m")
    assert await world.status("one", "pin") == ["done", "done"]


async def test_a_state_that_failed_takes_the_newer_one_in(world: World) -> None:
    """It keeps its place: what stands between the two may come after the first, and must not wait for itself."""

    async def meanwhile(call) -> Outcome:  # type: ignore[no-untyped-def]
        await world.put(effect("pin", lane="card", after=("one",)), card("two", args={"n": 2}, priority=10))
        return Retry(5, "http_500", ambiguous=True)

    world.outside.answers["one"] = [meanwhile]
    await world.put(card("one", args={"n": 1}))
    await world.clock.forward("1m")
    assert world.outside.keys == ["one", "one", "pin"]
    again = world.outside.calls[1]
    assert (again.effect.args, again.effect.priority, again.again) == ({"n": 2}, 10, True)
    assert (await world.rows())["two"]["folded_into"] == "one"


async def test_more_than_three_records_become_one(world: World) -> None:
    keys = [f"line{n}" for n in range(5)]
    await world.put(effect("gate"), *[effect(key, "say", args=ROOM) for key in keys])
    await world.clock.rest()
    assert world.outside.keys == ["gate", "line0"]
    assert [member.key for member in world.outside.calls[1].members] == keys
    rows = await world.rows()
    assert {rows[key]["status"] for key in keys[1:]} == {"folded"}
    assert {rows[key]["error"] for key in keys[1:]} == {"digest"}


async def test_three_records_are_sent_one_by_one(world: World) -> None:
    await world.put(*[effect(f"line{n}", "say", args=ROOM) for n in range(3)])
    await world.clock.forward(5)
    assert world.outside.keys == ["line0", "line1", "line2"]
    assert not any(call.members for call in world.outside.calls)


async def test_a_digest_holds_only_what_belongs_in_one_place_and_is_ready(world: World) -> None:
    world.outside.answers["slow"] = [Retry(60)]
    elsewhere = {"room": "inc:1", "where": "channel"}
    await world.put(
        effect("slow", lane="card"),
        effect("done before", lane="people"),
        *[effect(f"line{n}", "say", args=ROOM, after=("done before",)) for n in range(4)],
        effect("channel line", "say", args=elsewhere),
        effect("state", "show", args={**ROOM, "key": "card"}),
        effect("waiting", "say", args=ROOM, after=("slow",)),
    )
    await world.clock.forward(20)
    digest = next(call for call in world.outside.calls if call.effect.key == "line0")
    assert [member.key for member in digest.members] == ["line0", "line1", "line2", "line3"]
    assert await world.status("channel line", "state", "waiting") == ["done", "done", "planned"]


async def test_a_repeated_digest_has_the_same_members(world: World) -> None:
    async def meanwhile(call) -> Outcome:  # type: ignore[no-untyped-def]
        await world.put(*[effect(f"new{n}", "say", args=ROOM) for n in range(5)])
        return Retry(5, "http_500", ambiguous=True)

    world.outside.answers["line0"] = [meanwhile]
    await world.put(*[effect(f"line{n}", "say", args=ROOM) for n in range(4)])
    await world.clock.forward(20)
    first, second, third = world.outside.calls
    assert [m.key for m in first.members] == [m.key for m in second.members] == [f"line{n}" for n in range(4)]
    assert second.again
    assert [m.key for m in third.members] == [f"new{n}" for n in range(5)]


async def test_what_comes_after_a_member_waits_for_the_digest(world: World) -> None:
    world.outside.answers["line0"] = [Retry(31)]
    await world.put(*[effect(f"line{n}", "say", args=ROOM) for n in range(4)], effect("x", lane="x", after=("line3",)))
    await world.clock.rest()
    assert world.outside.keys == ["line0"]
    await world.clock.forward("1m")
    assert world.outside.keys == ["line0", "line0", "x"]
    assert world.outside.at("x") == [31]  # at once, not at the next sweep


async def test_a_record_tried_alone_stays_alone(world: World) -> None:
    """It may stand there already, under its own key and with its own words."""

    async def meanwhile(call) -> Outcome:  # type: ignore[no-untyped-def]
        await world.put(*[effect(f"new{n}", "say", args=ROOM) for n in range(4)])
        return Retry(5, "http_500", ambiguous=True)

    world.outside.answers["line"] = [meanwhile, Done()]
    await world.put(effect("line", "say", args=ROOM))
    await world.clock.forward(20)
    assert world.outside.keys == ["line", "line", "new0"]
    assert not world.outside.calls[1].members
    assert world.outside.at("line")[0] == 0
    assert world.clock.now() == NINE + 20_000_000
