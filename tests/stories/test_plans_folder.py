"""The plans folder changes while people work: what is good is used, what is bad takes nothing away and is told."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.events import (
    ActionRefused,
    ConfigRejected,
    PlanAttached,
    PlanChanged,
    PlanRejected,
    PolicyChanged,
)
from bot.domain.policy import Mode
from tests.runbooks.git import Repository
from tests.stories.story import Story


def plan(story: Story, name: str) -> Path:
    return story.folder / "config" / "plans" / f"{name}.md"


async def changed(story: Story, name: str, old: str, new: str) -> None:
    """Somebody merges a change, and the folder is looked at again."""
    text = plan(story, name).read_text()
    assert old in text
    await put(story, plan(story, name), text.replace(old, new))


async def put(story: Story, path: Path, text: str) -> None:
    await asyncio.to_thread(path.write_text, text)
    await story.running.folder.look()
    await story.settle()


async def recorded(story: Story) -> list[object]:
    async with story.running.store.read() as reads:
        return [event.payload for event in await reads.of_organisation("plan_changed", "plan_rejected")]


async def test_what_is_walked_stays_and_the_card_says_that_there_is_a_newer_text(story: Story) -> None:
    await story.alert()
    before = (await story.incident()).walks[-1].sha
    old = "Warm the caches. *(Database lead, optional)*"
    await changed(story, "failover", old, old.replace("Warm", "Fill"))
    assert story.ana.reads("there is a newer text of it")
    assert "begins the newer one" in await story.ana.types("timeline")
    walk = (await story.incident()).walks[-1]
    assert (walk.sha, walk.newer) == (before, story.running.desk.plans.entries["failover"].plan.sha)
    await story.running.folder.look()
    assert (await story.kinds()).count("PlanRevised") == 1, "it is said once"
    await changed(story, "failover", "Fill the caches.", "Warm the caches.")
    assert not story.ana.reads("there is a newer text of it"), "it was taken back"
    await changed(story, "failover", "Warm the caches.", "Fill the caches.")
    await story.ana.types("plan failover")
    assert not story.ana.reads("there is a newer text of it")
    assert [walk.sha == before for walk in (await story.incident()).walks] == [True, False]


async def test_a_bad_revision_takes_nothing_away_and_is_told_with_its_line(unbegun: Story) -> None:
    story = unbegun
    story.configure(
        "oncall.yaml",
        ("{id: database-second", "{id: team-database, kind: static, people: [li]}\n  - {id: database-second"),
    )
    await story.start()
    good = story.running.desk.plans.entries["failover"].plan.sha
    await changed(story, "failover", "(#stand-down)", "(#stand-up)")
    [bad] = [one for one in await recorded(story) if isinstance(one, PlanRejected)]
    assert (bad.file, bad.code, bad.plan) == ("failover.md", "P303", "failover")
    line = 1 + plan(story, "failover").read_text().splitlines().index(
        "  - **No, it answers** → [Stand down](#stand-up)"
    )
    where = f"`failover.md:{line}`: `P303`"
    assert story.ana.reads(where, "incidents")
    assert story.li.reads(where, "@tocsin"), "the plan's owner"
    assert where.replace("`: `", "` ").replace("P303`", "P303") in await story.ana.types("plans", "general")
    await story.alert()
    assert (await story.incident()).walks[-1].sha == good
    await story.running.folder.look()
    await story.restart()
    assert len([one for one in await recorded(story) if isinstance(one, PlanRejected)]) == 1, "it is told once"
    assert story.running.desk.plans.entries["failover"].plan.sha == good, "the database keeps the last good text"
    assert where.replace("`: `", "` ").replace("P303`", "P303") in await story.ana.types("plans", "general")
    await changed(story, "failover", "(#stand-up)", "(#stand-down)")
    await changed(story, "failover", "(#stand-down)", "(#stand-up)")
    assert len([one for one in await recorded(story) if isinstance(one, PlanRejected)]) == 2, "it was mended between"
    assert len([line for line in story.ana.sees("incidents") if where in line]) == 2


async def test_the_changes_are_on_the_record_also_of_plans_that_come_and_go(story: Story) -> None:
    def told(found: list[object]) -> list[tuple[str, bool, bool]]:
        return [(p.plan, bool(p.before), bool(p.sha)) for p in found if isinstance(p, PlanChanged)]

    begin = told(await recorded(story))
    assert sorted(begin) == [("default", False, True), ("failover", False, True), ("restart", False, True)]
    plan(story, "restart").unlink()
    await changed(story, "failover", "Warm the caches.", "Fill the caches.")
    assert told(await recorded(story))[3:] == [("failover", True, True), ("restart", True, False)]
    await story.restart()
    assert len(await recorded(story)) == 5, "a start that finds the same says nothing"


async def test_no_action_runs_from_a_text_that_is_in_no_commit(unbegun: Story) -> None:
    """Read-only ones, too. People walk the plan all the same; once it is committed, the bot may act."""
    story = unbegun
    repository = Repository(story.folder / "config" / "plans", remote=False)
    commit = repository.commit()
    text = plan(story, "restart").read_text()
    plan(story, "restart").write_text(text.replace("It hangs:", "It hangs again:"))
    await story.start()
    await story.alert("Hung", service="gateway")
    refused = [event.payload for event in await story.timeline() if isinstance(event.payload, ActionRefused)]
    assert [(one.code, one.params) for one in refused] == [("origin", {"why": "dirty"})]
    assert story.ana.reads("Not run: the text of this plan is not committed.")
    assert "none of its actions runs: the text of this plan is not committed" in await story.ana.types("plans")
    plan(story, "restart").write_text(text)
    await story.running.folder.look()
    await story.ana.types("plan restart")
    attached = [event.payload for event in await story.timeline() if isinstance(event.payload, PlanAttached)]
    assert [one.commit for one in attached] == ["", commit]
    assert (await story.incident()).attempts, "it looked"
    plan(story, "restart").write_text(text.replace("It hangs:", "It hangs again:"))
    await story.restart()
    async with story.running.store.read() as reads:
        known = [await story.running.desk.origin(reads, one.sha) for one in attached]
    assert known == ["dirty", ""], "what was pinned with its commit may act, though the file is another"


def mode_of(story: Story) -> Mode:
    return story.running.desk.organisation.policy.automation.mode


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_the_rules_change_while_people_work(story: Story) -> None:
    """What policy.yaml says now is what holds; a mistake in it takes nothing away, and is told with its line, once."""
    path = story.folder / "config" / "policy.yaml"
    good = path.read_text()
    await put(story, path, good.replace("mode: ask", "mode: off"))
    await story.alert("Hung", service="gateway")
    refused = [event.payload for event in await story.timeline() if isinstance(event.payload, ActionRefused)]
    assert [one.code for one in refused] == ["off"]
    await put(story, path, good.replace("mode: ask", "mod: ask"))
    await story.running.folder.look()
    line = 1 + good.splitlines().index("  mode: ask")
    told = [one for one in story.ana.sees("incidents") if f"`policy.yaml:{line}`" in one]
    assert len(told) == 1
    assert 'unknown key; did you mean "mode"?' in told[0]
    assert "What `policy.yaml` said before still holds." in told[0]
    assert mode_of(story) is Mode.OFF
    async with story.running.store.read() as reads:
        known = [event.payload for event in await reads.of_organisation("policy_changed", "config_rejected")]
        kept = await reads.plan_text(story.running.desk.organisation.policy.sha)
    assert [type(one) for one in known] == [PolicyChanged, PolicyChanged, ConfigRejected]
    assert kept is not None
    assert "mode: off" in kept.text
    await put(story, path, good)
    assert mode_of(story) is Mode.ASK
    await put(story, path, good.replace("mode: ask", "mod: ask"))
    assert len([one for one in story.ana.sees("incidents") if f"`policy.yaml:{line}`" in one]) == 2, "it is told anew"
