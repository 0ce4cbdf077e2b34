"""People are called level by level, and it never falls silent before somebody has it."""

import pytest

from tests.stories.story import Story

LEVELS = ("schedules:", "escalations:\n  default: [{call: li, wait: 5m}]\n  repeat: 10m\n  nobody: U0MIA\nschedules:")


@pytest.fixture
async def called(unbegun: Story) -> Story:
    """An incident of a service whose owner has a rota of two, and then the levels of everybody else."""
    unbegun.configure("oncall.yaml", LEVELS)
    await unbegun.start()
    await unbegun.alert("Odd", service="gateway")
    return unbegun


def announced(story: Story, words: str) -> bool:
    return any(words in line for line in story.ana.sees("incidents"))


async def test_nobody_answers_through_all_levels_and_it_goes_on(called: Story) -> None:
    """Ana, Ben, then the level `default`, then all of them and who is told that nobody answers; until Mia has it."""
    mia, asks = called.person("mia"), "You are on call for gateway"
    for player, wait in ((called.ana, "2m5s"), (called.ben, "2m5s"), (called.li, "5m5s")):
        assert player.reads(asks, "@tocsin")
        assert not mia.sees("@tocsin")
        await called.forward(wait)
        await called.settle()
    assert mia.reads(asks, "@tocsin")
    await called.ana.actor.join("incidents")
    assert announced(called, "⚠ Nobody has answered. Called: Ana, Ben, Li, Mia, last")
    rung = (await called.kinds()).count("PageSent")
    await called.forward("10m5s")
    await called.settle()
    assert (await called.kinds()).count("PageSent") == rung + 4
    assert (await called.kinds()).count("NobodyAnswers") == 1, "said once, and stands there"
    await mia.click("I have it", "@tocsin")
    assert not announced(called, "Nobody has answered")
    for player in (called.ana, called.ben, called.li):
        assert player.reads("✓ Mia has it.", "@tocsin")
        assert not player.reads("[I have it]", "@tocsin")
    await called.forward("25m")
    assert (await called.kinds()).count("PageSent") == rung + 4


async def test_who_cannot_lets_the_next_be_called_at_once(called: Story) -> None:
    await called.ana.click("I can't", "@tocsin")
    assert called.ben.reads("You are on call for gateway", "@tocsin")
    await called.forward("1m")
    assert not called.li.reads("You are on call", "@tocsin")
    await called.ben.click("I can't", "@tocsin")
    assert called.li.reads("You are on call for gateway", "@tocsin")
    assert (await called.incident()).answered == ()


async def test_one_more_is_called_by_name_by_team_and_by_level(called: Story) -> None:
    await called.ana.click("I have it", "@tocsin")
    assert "I call Ben." in await called.ana.types("escalate")
    assert called.ben.reads("Ana calls you.", "@tocsin")
    assert "I call Li." in await called.ana.types("escalate")
    assert "Here already: Ben" not in await called.ana.types("page @ben")
    assert "You are here already" in await called.ana.types("page @ana")
    assert "Nobody stands behind `dbas`" in await called.ana.types("page dbas")
    await called.ben.click("I have it", "@tocsin")
    assert called.li.reads("✓ Ben has it.", "@tocsin")
    assert "Here already: Ben." in await called.ana.types("page @ben")
    assert "I call Li." in await called.ana.types("page database-second")


async def test_who_is_on_call(called: Story) -> None:
    said = (await called.ana.types("oncall gateway", "general")).replace("\u00a0", " ")
    assert "*gateway*: Ana, after 2 min Ben, after 2 min Li; then all of them every 10 min" in said
    assert "I know no service `gatway`" in await called.ana.types("oncall gatway", "general")
    assert "any other service" in await called.ana.types("oncall", "general")
