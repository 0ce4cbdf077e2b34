"""What the bot healed must last: an alert that is back within the plan's pause makes of a good run a failed one."""

import pytest

from bot.domain.facts import facts_of
from bot.domain.terms import BOT, Source
from bot.flows.case import Case
from bot.flows.counted import verified
from bot.ports import Cause
from tests.stories.story import Story
from tests.stories.test_restart import HUNG, asked
from tests.stories.test_undone import written

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)

ONE = ("  mode: ask", "  mode: ask\n  breaker: {open_after: 1 failures in 1h, closes: by a person}")
LAPSED = "did not last: its check was good"


async def healed(story: Story) -> None:
    """Restarted, checked, answered, and the alert is over."""
    await asked(story)
    await story.ben.click("Approve")
    await story.ana.click("Yes")
    await story.clears("Hung", **HUNG)


async def counted(story: Story, key: str) -> int:
    async with story.running.store.begin() as tx:
        return len(await tx.count_runs(key, 0))


async def trust(story: Story) -> int:
    """How often the restart was proved to work, and lasted."""
    desk = story.running.desk
    async with story.running.store.begin() as tx:
        case = Case(desk, tx, await tx.lock(1), Cause("trust", BOT, Source.AUTOMATION))
        action = desk.named("restart").step("2.1").action
        assert action is not None
        return await verified(case, desk.named("restart"), action)


async def test_an_alert_that_is_back_makes_it_a_failure_and_locks_the_plan(unbegun: Story) -> None:
    story = unbegun
    story.configure("policy.yaml", ONE)
    story.configure("plans/restart.md", ("'alertname=\"Hung\"'", "'alertname=\"Hung\"', 'zone!=\"b\"'"))
    await story.start()
    await healed(story)
    assert await trust(story) == 1
    await story.forward("10m")
    await story.alert("Hung", **HUNG, instance="gw-2")
    await story.alert("Hung", **HUNG, zone="b")
    assert not story.ana.reads(LAPSED), "another machine, or another alert, says nothing of it"
    assert await story.alert("Hung", **HUNG) == "attach"
    assert story.ana.reads("`restart` on `gw-1` did not last: its check was good")
    assert story.ana.reads("⚠ `restart` on `gw-1` did not last: well"), "the card says it"
    assert story.ana.reads("🔒 Actions of `restart` are locked since")
    assert facts_of(await story.incident()).runs[-1].lasted is False
    await story.restart()
    await story.clears("Hung", **HUNG)
    await story.alert("Hung", **HUNG)
    assert ((await story.kinds()).count("RecoveryLapsed"), await counted(story, "failed:restart")) == (1, 1)
    assert await trust(story) == 0, "what it had earned is gone"
    await story.ana.click("Allow it again …")
    await story.ana.fills(reason="the pool was too small")
    assert not story.ana.reads("🔒"), "a person closed it, and the card says so no more"


async def test_it_lasted_if_the_pause_is_over(story: Story) -> None:
    await healed(story)
    await story.forward("31m")
    await story.alert("Hung", **HUNG)
    assert "RecoveryLapsed" not in await story.kinds()
    assert (await counted(story, "failed:restart"), facts_of(await story.incident()).runs[-1].lasted) == (0, True)


async def test_it_is_seen_in_another_incident_too(unbegun: Story) -> None:
    """The alert opens an incident of its own: the recovery that it undoes was in the one before."""
    story = unbegun
    story.configure("routes.yaml", ("do: open", "do: open\n    reopen_within: 1m"))
    await story.start()
    await healed(story)
    await story.ana.types("resolve")
    await story.forward("10m")
    assert await story.alert("Hung", **HUNG) == "open"
    assert (await story.kinds(2)).count("RecoveryLapsed") == 1
    assert await counted(story, "failed:restart") == 1
    await story.ana.types("resolve", story.channel.name)
    await story.clears("Hung", **HUNG)
    await story.forward("2m")
    assert await story.alert("Hung", **HUNG) == "open"
    assert ((await story.kinds(3)).count("RecoveryLapsed"), await counted(story, "failed:restart")) == (0, 1), "once"


OTHER = """---
plan: 1
id: zone-b
owner: team-platform
match: ['alertname="Hung"', 'zone="b"']
reviewed: 2032-12-01
---

# Zone b hangs

## Look

**Lead:** Commander

- [ ] See what it does.
"""


async def test_it_is_seen_where_another_plan_is_the_better_one_for_the_alert(unbegun: Story) -> None:
    story = unbegun
    story.configure("routes.yaml", ("do: open", "do: open\n    reopen_within: 1m"))
    (story.folder / "config/plans/zone-b.md").write_text(OTHER)
    await story.start()
    await healed(story)
    await story.ana.types("resolve")
    await story.forward("10m")
    assert await story.alert("Hung", **HUNG, zone="b") == "open"
    [walk] = (await story.incident(2)).walks
    assert walk.plan == "zone-b"
    assert (await story.kinds(2)).count("RecoveryLapsed") == 1
    assert await counted(story, "failed:restart") == 1


async def test_what_was_undone_has_nothing_to_last(unbegun: Story) -> None:
    story = unbegun
    written(story)
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1"]
    await story.ana.types("rollback")
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1", "fill-gw-1"]
    await story.clears("Hung", **HUNG)
    await story.forward("5m")
    await story.alert("Hung", **HUNG)
    await story.settle()
    assert "RecoveryLapsed" not in await story.kinds()
