"""Somebody rewrites a plan's text in the database while its action waits for a yes."""

from storage.sql import Sql
from tests.stories.story import Story
from tests.stories.test_restart import asked

REWRITTEN = Sql("UPDATE plan_revision SET body = REPLACE(body, 'restart', 'reboot')")


async def test_nothing_is_run_and_it_is_said_why(story: Story) -> None:
    await asked(story)
    async with story.running.store.begin() as tx:
        await tx.change(REWRITTEN)
    await story.restart()
    said = await story.ben.click("Approve")
    assert "the plan's text in the database is not the one that was begun" in said
    assert story.machine.restarts == []
