"""What is offered in direct messages says what became of it, and offers nothing any more."""

from tests.stories.story import Story
from tests.stories.ways import WAYS

OPEN = "[I have it] [I can't]"


async def test_a_role_that_somebody_else_took(story: Story) -> None:
    """Ben was asked first, then Li as the standby; Li has it, and both are told."""
    await story.alert()
    assert story.ben.reads(OPEN, "@tocsin")
    await story.forward("5m10s")
    await story.settle()
    await story.li.click("I have it", "@tocsin")
    assert story.li.reads("✓ You are database lead.", "@tocsin")
    assert story.ben.reads("Li is database lead.", "@tocsin")
    assert not story.li.reads(OPEN, "@tocsin")


@WAYS
async def test_a_role_passed_on(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("role vendor liaison @mia")
    mia = story.person("mia")
    assert "Nobody is vendor liaison now." in await mia.click("I can't", "@tocsin")
    assert mia.reads("You passed it on.", "@tocsin")
    assert not mia.reads(OPEN, "@tocsin")
    await story.ana.types("role vendor liaison @mia")
    assert mia.reads(OPEN, "@tocsin"), "asked again is a new message"
    await mia.click("I have it", "@tocsin")
    assert mia.reads("✓ You are vendor liaison.", "@tocsin")


async def test_a_hand_over_that_nobody_accepts_goes_back(story: Story) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.ana.types("role commander @mia")
    mia = story.person("mia")
    assert mia.reads("[I command] [Not now]", "@tocsin")
    await story.forward("3m10s")
    await story.settle()
    assert mia.reads("You did not answer in time. Ana is commander.", "@tocsin")
    assert not mia.reads("[I command]", "@tocsin")
    await story.ana.types("role commander @mia")
    await mia.click("I command", "@tocsin")
    assert mia.reads("✓ You are commander.", "@tocsin")


async def test_an_approval_is_answered_for_all_who_were_asked(story: Story) -> None:
    await story.alert("Hung", service="gateway")
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    await story.forward("5m10s")
    await story.settle()
    assert story.ben.reads("[Approve] [Deny]", "@tocsin")
    assert story.li.reads("[Approve] [Deny]", "@tocsin"), "the next group was asked, too"
    await story.ben.click("Approve", "@tocsin")
    for one in (story.ben, story.li):
        assert one.reads("✓ Approved by Ben", "@tocsin")
        assert not one.reads("[Approve]", "@tocsin")
    assert story.machine.restarts == ["gw-1"]
