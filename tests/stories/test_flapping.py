"""F20: an alert that comes and goes all the time is one incident, and it wakes nobody twice."""

import pytest

from tests.stories.story import Story

TRANSITIONS = 60


@pytest.mark.slow
@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_sixty_transitions_in_ten_minutes(story: Story) -> None:
    await story.alert(service="orders")
    await story.ana.click("I have it", "@tocsin")
    before = len(story.ana.sees("@tocsin"))
    for n in range(TRANSITIONS):
        await (story.alert(service="orders") if n % 2 else story.clears(service="orders"))
        await story.forward(10)
    assert len(story.rooms) == 1
    assert len(story.workspace.channel("incidents").posts) == 1
    assert len(story.ana.sees("@tocsin")) == before, "Ana was called once"
    said = [line for line in story.ana.sees() if "Back to normal since" in line]
    assert len(said) <= 1, said
    assert (await story.incident()).status.open
