"""A plan calls a function that policy.yaml names: approved, called once, checked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def runner(story: Story) -> Iterator[None]:
    """`tocsin runner` beside the bot."""
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    argv = [sys.executable, "-m", "bot", "runner", "--dir", str(story.folder / "runner")]
    with subprocess.Popen(argv, env=known, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "waits for the bot" in process.stdout.readline()
            yield
        finally:
            process.kill()


@pytest.mark.slow
async def test_without_its_runner_nothing_was_run_and_it_is_asked_for_again_at_once(unbegun: Story) -> None:
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
    await story.until(lambda: story.ana.reads("Say what you will do next."), "5m")
    await story.ana.types("automation off nobody is sure")
    await story.ana.click("Ask again")
    assert (await story.kinds()).count("ActionRefused") == 1
    await story.ana.types("automation ask it is the runner")
    with runner(story):
        await story.ana.types("run restart")
        assert [one.state for one in (await story.incident()).approvals] == ["given", "open"]
        assert not story.ana.reads("[Ask again]"), "nobody has to ask for it any more"
        yes = story.ben.keeps("Approve")
        await story.workspace.acts.click("U0BEN", yes.message, yes.block, yes.action)
        await story.until((story.folder / "called").exists, "5m")
        await story.until(lambda: story.ana.reads("restarted gw-1"), "5m")
    await story.stop()
