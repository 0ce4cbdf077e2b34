"""A plan calls a function that policy.yaml names: approved, called once, checked."""

import pytest

from tests.stories.story import Story
from tests.stories.test_restart import asked

OWN = """
def restart(host, times):
    open("{folder}/called", "a").write(f"{{host}} {{times!r}}\\n")
    return f"restarted {{host}}"
"""


def configured(story: Story) -> None:
    place = story.folder / "functions"
    place.mkdir(mode=0o700)
    (place / "own.py").write_text(OWN.format(folder=story.folder))
    (place / "own.py").chmod(0o600)
    url = f'  http: {{method: POST, url: "http://{story.machine.host}/restart/${{host}}", expect: 200}}\n'
    story.configure("plans/restart.md", (url, '  python: {call: "own:restart", with: {host: "${host}", times: 2}}\n'))
    story.configure(
        "policy.yaml", ("  mode: ask", f'  mode: ask\n  python: ["own:restart"]\n  python_path: ["{place}"]')
    )


@pytest.mark.slow
async def test_a_function_does_what_was_approved(unbegun: Story) -> None:
    story = unbegun
    configured(story)
    await story.start()
    await asked(story)
    assert story.ben.reads('python {"call": "own:restart", "with": {"host": "gw-1", "times": 2}}')
    yes = story.ben.keeps("Approve")
    await story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action)
    await story.until((story.folder / "called").exists, "5m")
    await story.until(lambda: story.ana.reads("restarted gw-1"), "5m")
    assert (story.folder / "called").read_text() == "gw-1 2\n"
    await story.stop()


@pytest.mark.slow
async def test_without_its_runner_it_is_said_that_nothing_was_run(unbegun: Story) -> None:
    story = unbegun
    configured(story)
    story.unit = True
    await story.start()
    await asked(story)
    yes = story.ben.keeps("Approve")
    await story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action)
    await story.until(lambda: story.ana.reads("the runner does not answer, so nothing was run"), "5m")
    assert not (story.folder / "called").exists()
    async with story.running.store.begin() as tx:
        assert await tx.count_runs("run:restart", 0) == await tx.count_runs("run:restart:restart:gw-1", 0) == []
        assert await tx.count_runs("failed:restart", 0) == [], "what never ran opens no breaker"
    await story.stop()
