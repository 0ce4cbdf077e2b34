"""A decision leads elsewhere: into another plan, whoever answers it, and never round and round."""

from tests.stories.story import Story

PAGE = """---
plan: 1
id: {here}
owner: team-platform
match: ['alertname="{alert}"']
reviewed: 2032-12-01
---

# {here}

It asks where to go.

## Look

- [ ] **Decision:** Is the gateway there?
{action}
  - **There** → [elsewhere]({there}.md)
  - **Gone** → stop
"""
ASKS = """
  ```yaml action
  id: look
  http: {method: GET, url: "http://@HOST@/healthz", expect: [200, 503]}
  changes: false
  timeout: 5s
  answer: {"200": There, otherwise: Gone}
  ```
"""


def written(story: Story, here: str, alert: str, there: str, action: str = "") -> None:
    path = story.folder / "config" / "plans" / f"{here}.md"
    path.write_text(
        PAGE.format(here=here, alert=alert, there=there, action=action.replace("@HOST@", story.machine.host))
    )


async def walked(story: Story) -> list[tuple[str, str]]:
    return [(walk.plan, walk.outcome) for walk in (await story.incident()).walks]


async def test_a_machine_answers_and_another_plan_is_walked(unbegun: Story) -> None:
    story = unbegun
    written(story, "ways", "Lost", "failover", ASKS)
    story.machine.healthy = True
    await story.start()
    await story.alert("Lost")
    await story.settle()
    assert await walked(story) == [("ways", "replaced"), ("failover", "")]
    assert story.ana.reads("*1.1*")


async def test_plans_that_lead_to_each_other_end(unbegun: Story) -> None:
    """Each is walked three times at most; then people decide. The more so where machines answer."""
    story = unbegun
    written(story, "here", "Lost", "there", ASKS)
    written(story, "there", "Never", "here", ASKS)
    story.machine.healthy = True
    await story.start()
    await story.alert("Lost")
    await story.settle()
    assert await walked(story) == [("here", "replaced"), ("there", "replaced")] * 2 + [
        ("here", "replaced"),
        ("there", "limit"),
    ]
    assert story.ana.reads("went in a circle and was ended")
