"""policy.yaml says who may: for approvals that narrows whom a plan asks, and a role held in the incident counts."""

from tests.stories.story import Story
from tests.stories.test_restart import asked

GROUPS = "groups:\n"


def permitting(story: Story, permission: str, *holders: str) -> None:
    listed = ", ".join(f'"{holder}"' for holder in holders)
    story.configure("policy.yaml", (GROUPS, f"permissions: {{{permission}: [{listed}]}}\n{GROUPS}"))


async def test_only_who_has_the_permission_is_asked_and_may_approve(unbegun: Story) -> None:
    story = unbegun
    permitting(story, "approve", "U0BEN")
    await story.start()
    await asked(story)
    assert story.ana.reads("needs 1 of: Ben ")
    assert "needs the permission `approve`" in await story.ana.click("Approve")
    assert story.machine.restarts == []
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]


async def test_the_commander_may_by_being_the_commander(unbegun: Story) -> None:
    story = unbegun
    permitting(story, "edit_times", "role:commander")
    await story.start()
    await story.alert()
    assert "needs the permission `edit_times`" in await story.ana.types("mark known --at -1m")
    await story.ana.click("I have it", "@tocsin")
    assert "permission" not in await story.ana.types("mark known")
    assert "needs the permission `edit_times`" in await story.ben.types("mark known")
