"""What is asked for grows while a question is open: the stricter of then and now holds, and the card says it."""

from tests.stories.story import Story
from tests.stories.test_restart import asked, states

TWO = ("  mode: ask\n", "  mode: ask\n  floor:\n    - {when: ['severity=~\"sev1|sev2\"'], need: 2}\n")


async def test_the_severity_rises(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", TWO)
    await story.start()
    await asked(story, severity="warning")
    assert story.ben.reads("needs 1 of")
    old = story.ben.keeps("Approve")
    await story.ana.types("sev 2 it is worse")
    assert "1 more must say it" in await story.ben.clicks(old)
    assert story.machine.restarts == []
    assert story.ana.reads("needs 2 of")
    await story.ana.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_the_policy_changes_between_two_lives(story: Story) -> None:
    await asked(story)
    await story.stop()
    story.configure("policy.yaml", TWO)
    await story.start()
    await story.ben.click("Approve")
    assert (story.machine.restarts, await states(story)) == ([], ["open"])
    await story.ana.click("Approve")
    assert (story.machine.restarts, await states(story)) == (["gw-1"], ["given"])
