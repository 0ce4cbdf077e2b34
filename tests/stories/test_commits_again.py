"""The program dies at every commit of a story in which an action is tried again and then everything is undone."""

from pathlib import Path

import pytest

from tests.dying import DiesAfter
from tests.postgres import Fresh
from tests.stories.machine import Machine
from tests.stories.mortal import LABELS, Scene, living, play, reads
from tests.stories.story import Story
from tests.stories.test_again import TWICE
from tests.stories.test_commits import NEVER, fresh
from tests.stories.test_undone import written

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)

HANDED = "Say what you will do next"
ONCE = ("drain-gw-1", "fill-gw-1", "back-gw-1")
EVERY = 9
"""Of so many commits one is taken in the whole test; all of them in the soak."""


async def _answers(story: Story) -> None:
    """Whoever is asked says yes; who is asked what became of something says that it was not done."""
    if story.ana.reads("[It was not]"):
        await story.ana.click("It was not")
    elif story.ben.reads("[Approve]", "@tocsin"):
        await story.ben.click("Approve", "@tocsin")
    elif story.ana.reads("[Run restart]"):
        await story.ana.click("Run restart")
    else:
        await story.ana.types("skip nobody needs it")


SCENES = (
    Scene(lambda story: story.ana.reads("[I have it]", "@tocsin"), lambda story: story.alert("Hung", **LABELS)),
    Scene(lambda story: "Ana commands" in story.channel.topic, lambda story: story.ana.click("I have it", "@tocsin")),
    Scene(reads("Drain it"), lambda story: story.ana.click("No")),
    Scene(reads(HANDED), _answers),
)


def configured(story: Story) -> None:
    written(story)
    story.configure("plans/restart.md", TWICE, ("cooldown: 30m", "cooldown: 1s"), ("at_most: 3", "at_most: 20"))
    story.machine.heals = False


async def wrong(story: Story) -> list[str]:
    """What must hold wherever it died: nothing twice on one yes, nothing that still runs, nothing that still waits to be done."""
    incident, done = await story.incident(), story.machine.restarts
    yes = sum(a.state == "given" and a.action == "restart" for a in incident.approvals)
    found = [f"{what} {done.count(what)} times" for what in ONCE if done.count(what) > 1]
    found += [f"restarted {done.count('gw-1')} times on {yes} approvals"] if done.count("gw-1") > 3 * yes else []
    found += [f"{a.action} is {a.state}" for a in incident.attempts if a.state in ("running", "exited") and a.changes]
    return [*found, *(f"waits: {key}" for key in await story.waits())]


async def test_without_a_death(tmp_path: Path, machine: Machine, new_database: Fresh) -> None:
    assert await died(tmp_path, machine, new_database, NEVER) == []
    assert machine.restarts == ["drain-gw-1", *["gw-1"] * 3, "back-gw-1", "fill-gw-1"]


async def died(folder: Path, machine: Machine, new_database: Fresh, *commits: int) -> list[str]:
    """What is wrong after deaths at these commits, one in each life."""
    async with fresh(folder, machine, new_database) as story:
        configured(story)
        await play(story, *[DiesAfter(commit) for commit in commits], scenes=SCENES)
        for rest in (
            story.settle(),
            story.forward("1m"),
            story.settle(),
        ):  # what a dead life had begun is looked at again
            await living(story, rest)
        return await wrong(story)


async def swept(folder: Path, machine: Machine, new_database: Fresh, first: int, step: int) -> None:
    watch = DiesAfter(NEVER)
    async with fresh(folder / "whole", machine, new_database) as story:
        configured(story)
        await play(story, watch, scenes=SCENES)
    found = {
        commit: said
        for commit in range(first, watch.done + 1, step)
        if (said := await died(folder / str(commit), machine, new_database, commit))
    }
    assert found == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_crash_in_the_middle_of_tries_and_undoing(
    tmp_path: Path, machine: Machine, new_database: Fresh
) -> None:
    await swept(tmp_path, machine, new_database, 30, EVERY)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(4))
async def test_a_crash_at_every_commit_of_tries_and_undoing(
    part: int, tmp_path: Path, machine: Machine, new_database: Fresh
) -> None:
    await swept(tmp_path, machine, new_database, 1 + part, 4)
