"""People know plans by their titles, and by their ids where they have to type them."""

from pathlib import Path

from bot.domain.events import PlansTied
from tests.stories.story import Story


async def test_plans_that_tie_are_named_as_people_know_them(unbegun: Story) -> None:
    """Also after a copy of a plan with another id and title was put beside it."""
    story = unbegun
    folder = Path(story.folder, "config", "plans")
    text = (folder / "failover.md").read_text()
    other = text.replace("id: failover", "id: switch").replace(
        "# Fail over the orders database", "# Switch <!here> sides"
    )
    (folder / "switch.md").write_text(other)
    await story.start()
    await story.alert()
    assert (await story.kinds()).count("PlansTied") == 1
    [tied] = [event.payload for event in await story.timeline() if isinstance(event.payload, PlansTied)]
    assert (tied.plans, tied.titles.split("\n")[0]) == (("failover", "switch"), "Fail over the orders database")
    assert len(story.channel.posts) == 3
    assert story.channel.has("Several plans fit equally well; `plan` shows them.")
    assert story.channel.has(
        "2 plans fit equally well: *Fail over the orders database* (`failover`), *Switch <!here> sides* (`switch`)."
    )
    await story.ana.actor.join(story.channel.id)
    assert "*Fail over the orders database* (`failover`)" in await story.ana.types("timeline")
