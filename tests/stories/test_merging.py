"""Two incidents are one: both are shown, alerts and people move, and it can be parted again."""

import asyncio

from bot.domain.facts import facts_of
from bot.domain.state import Incident
from bot.domain.terms import Milestone, Status
from tests.stories.story import Story


async def two(story: Story) -> None:
    await story.alert("DatabaseDown", service="orders")
    await story.forward("5m")
    await story.alert("Hung", service="gateway")
    await story.ana.types("ack INC-2", "general")
    await story.ben.types("ack INC-1", "general")


def moments(incident: Incident) -> dict[str, tuple[int, str]]:
    return {name: (mark.at, mark.source.value) for name, mark in facts_of(incident).marks.items()}


async def test_folded_in_and_parted_again(story: Story) -> None:
    await two(story)
    before, alone = moments(await story.incident(2)), (await story.incident(2)).alerts
    assert "I cannot read `the other`" in await story.ana.types("merge the other")
    assert "That is this incident" in await story.ana.types("merge INC-2")
    assert "There is no INC-9" in await story.ana.types("merge INC-9")
    said = await story.ana.types("merge inc-1")
    assert "Fold INC-1 into INC-2?" in said
    assert "[Fold INC-1 in] [Fold INC-2 into INC-1]" in said
    assert (await story.incident(1)).status.open, "nothing is done yet"
    await story.ana.click("Fold INC-1 in")
    into, other = await story.incident(2), await story.incident(1)
    assert (other.status, other.merged_into, other.alerts.firing) == (Status.MERGED, 2, 0)
    assert (into.alerts.firing, into.alerts.groups, into.took_in) == (2, 2, (1,))
    first = (await story.incident(1)).mark(Milestone.FIRST_SIGNAL)
    assert into.mark(Milestone.FIRST_SIGNAL) == first
    assert story.rooms[0].has("Go on there.")
    assert "ben" in story.rooms[1].members
    assert await story.clears("DatabaseDown", service="orders") == "resolve"
    assert (await story.incident(2)).alerts.firing == 1, "its alerts come here now"
    assert "was folded into INC-2 already" in await story.ben.types("merge INC-1", story.rooms[1].id)
    assert "[INC-1]" in await story.ana.types("split", story.rooms[1].id)
    await story.ana.click("INC-1", story.rooms[1].id)
    into, other = await story.incident(2), await story.incident(1)
    assert (other.status, other.alerts.firing, other.merged_into) == (Status.INVESTIGATING, 0, 0)
    assert moments(into) == before
    assert (into.alerts.firing, into.alerts.total, into.alerts.groups) == (1, 1, 1)
    assert (into.alerts.services, into.alerts.first_at) == (alone.services, alone.first_at)
    assert "Nothing is folded into INC-2" in await story.ana.types("split INC-2", "general")
    assert await story.alert("DatabaseDown", service="orders") == "attach"
    assert (await story.incident(1)).alerts.firing == 1


async def test_what_went_on_twice_is_parted_from_the_end(story: Story) -> None:
    """INC-2 into INC-1, and that into INC-3: its alerts are there, so INC-1 is parted first."""
    await two(story)
    await story.alert("Full", service="mail")
    await story.ana.types("ack INC-3", "general")
    await story.ana.types("merge INC-2", story.rooms[0].id)
    await story.ana.click("Fold INC-2 in", story.rooms[0].id)
    await story.ana.types("merge INC-1", story.rooms[2].id)
    await story.ana.click("Fold INC-1 in", story.rooms[2].id)
    said = await story.ana.types("split INC-2", "general")
    assert "INC-2 was folded into INC-1, and that into INC-3, where its alerts are." in said
    assert "Part INC-1 first: `/tocsin split INC-1`." in said
    await story.ana.types("split INC-1", "general")
    await story.ana.types("split INC-2", "general")
    assert [(await story.incident(n)).alerts.firing for n in (1, 2, 3)] == [1, 1, 1]
    assert await story.clears("Hung", service="gateway") == "resolve"
    assert [(await story.incident(n)).alerts.firing for n in (1, 2, 3)] == [1, 0, 1]


async def test_who_comes_to_the_one_that_was_folded_in_is_led_on(story: Story) -> None:
    await two(story)
    await story.ana.types("merge INC-1")
    await story.ana.click("Fold INC-1 in")
    assert (await story.incident(2)).alerts.services == ("gateway", "orders")
    told = "INC-1 has been folded into INC-2 since 2033-01-03 09:05:"
    for line in ("reopen it is another", "resolve", "status identified"):
        said = await story.ben.types(f"{line.split()[0]} INC-1 {line.partition(' ')[2]}", "general")
        assert told in said, line
        assert "Go on there; `/tocsin split INC-1` parts them again." in said
    assert told in await story.ben.types("note INC-1 the switch was changed", "general"), (
        "nobody would look for it there"
    )
    assert "Next: it goes on in INC-2" in await story.ben.types("summary INC-1", "general")


async def test_two_fold_it_in_at_once_and_the_other_way_round(story: Story) -> None:
    """One effect; the other is told."""
    await two(story)
    await story.ben.actor.join(story.rooms[1].id)
    for who in (story.ana, story.ben):
        await who.types("merge INC-1", story.rooms[1].id)
    one, other = story.ana.keeps("Fold INC-1 in"), story.ben.keeps("Fold INC-2 into INC-1")
    await asyncio.gather(story.ana.clicks(one), story.ben.clicks(other))
    merged = [(await story.incident(n)).status is Status.MERGED for n in (1, 2)]
    assert sorted(merged) == [False, True]


async def test_the_same_as_another(story: Story) -> None:
    await two(story)
    assert "Fold INC-2 into INC-1?" in await story.ana.types("decline same as INC-1")
    await story.ana.click("Fold INC-2 in")
    assert (await story.incident(2)).merged_into == 1


async def test_what_is_private_is_not_told_by_folding(story: Story) -> None:
    await story.ana.types("declare Salaries were leaked sev2 --private", "general")
    await story.alert("DatabaseDown", service="orders")
    room = story.rooms[1].id
    assert "There is no INC-1" in await story.ben.types("merge INC-1", room)
    await story.ana.actor.join(room)
    assert "INC-1 is private and INC-2 is not" in await story.ana.types("merge INC-1", room)
