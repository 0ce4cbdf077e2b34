"""A plan from what was done: it can be read as a plan, and holds nothing that a plan must not hold."""

import os
import subprocess
import sys

import pytest

from runbooks import executors
from runbooks.parse import parse
from tests.stories.story import Story


def drafted(story: Story, number: str = "INC-1") -> "subprocess.CompletedProcess[str]":
    """`tocsin plan draft`, beside the running bot."""
    where = {"TOCSIN_DATABASE_URL": story.url, "TOCSIN_CONFIG_DIR": str(story.folder / "config")}
    command = [sys.executable, "-m", "bot", "plan", "draft", number]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, **where}, check=False)


async def fail_over(story: Story) -> None:
    """People walk the plan, and write down what they see."""
    await story.alert()
    await story.ana.click("I have it", "@tocsin")
    await story.ben.click("Done")  # 1.1
    await story.ana.types("note *bold* - [ ] `rm` the cache of <http://x|x>")
    await story.ana.types("note the token is ghp_0123456789012345678901234567890123456")
    await story.forward("1m")
    await story.ben.types("done 1.3 no answer")
    await story.ben.click("Yes")
    await story.forward("4m")
    await story.ben.click("Done")  # 2.1
    await story.ana.click("Confirm")
    await story.ben.types("skip 2.2 no caches here")
    await story.ben.click("Done")
    await story.ana.click("Confirm")
    await story.ana.types("update Writes work again")


@pytest.mark.slow
async def test_what_people_did_becomes_a_page(story: Story) -> None:
    await fail_over(story)
    said = drafted(story)
    assert said.returncode == 0, said.stderr
    read = parse(said.stdout, "draft.md", executors=executors.keys())
    assert not [problem for problem in read.problems if problem.level == "error"], said.stdout
    plan = read.plan
    assert plan is not None
    assert (plan.id, plan.owner, plan.match[0]) == (
        "databasedown-on-orders-1",
        "platform",
        'alertname="DatabaseDown"',
    )
    assert [(phase.title, len(phase.steps)) for phase in plan.phases] == [("Look", 4), ("Mend", 2), ("Make sure", 1)]
    words = [step.text for phase in plan.phases for step in phase.steps]
    assert "bold - rm the cache of http://x" in words[1]
    assert plan.phases[1].steps[0].confirmed_by == "commander"
    assert "Warm the caches" not in said.stdout, "it was left out"
    assert "0123456789" not in said.stdout
    assert "left out, since no plan can hold it: the token" in said.stderr
    assert plan.phases[2].steps[0].update_text == "Writes work again"
    wrong = drafted(story, "INC-9")
    assert (wrong.returncode, "There is no INC-9" in wrong.stderr) == (1, True)
    assert drafted(story, "orders").returncode == 2


@pytest.mark.slow
async def test_an_action_comes_with_the_settings_of_its_plan(story: Story) -> None:
    await story.alert("Hung", service="gateway")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Does it answer again"))
    said = drafted(story)
    read = parse(said.stdout, "draft.md", executors=executors.keys())
    assert not [problem for problem in read.problems if problem.level == "error"], said.stdout
    assert read.plan is not None
    assert list(read.plan.settings.params) == ["host"]
    assert [step.action.id for phase in read.plan.phases for step in phase.steps if step.action] == ["look", "restart"]
