"""A request that carries a secret: it arrives, it is read nowhere, and it goes nowhere else."""

from pathlib import Path

import pytest

from bot.domain.events import ActionEnded
from bot.workspace.screens import message_text
from tests.stories.story import Story
from tests.stories.test_restart import asked

POST = 'http: {method: POST, url: "http://@HOST@/restart/${host}", expect: 200'
TOKEN = "t0p-secret-t0ken"


async def begun(story: Story, where: str, tmp_path: Path) -> None:
    """The restart carries a token that policy.yaml names, for one host. Begun with it."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    post = POST.replace("@HOST@", story.machine.host)
    bearing = f'{post}, headers: {{Authorization: "Bearer ${{secret.GATEWAYS}}"}}'
    story.configure("plans/restart.md", (post, bearing))
    named = f'secrets: {{GATEWAYS: {{value: "file:{tmp_path}/token", hosts: ["{where}"]}}}}'
    story.configure("policy.yaml", ("  inventory:", f"  {named}\n  inventory:"))
    await story.start()


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_secret_is_carried_and_read_nowhere(unbegun: Story, tmp_path: Path) -> None:
    story = unbegun
    await begun(story, story.machine.host, tmp_path)
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.knocked == [f"Bearer {TOKEN}"]
    state = story.workspace.state
    told = "\n".join(message_text(state, m) for room in state.messages.values() for m in room.values())
    assert TOKEN not in told
    ended = [event.payload.output for event in await story.timeline() if isinstance(event.payload, ActionEnded)]
    assert any("restarted for [masked]" in output for output in ended), "Bearer and all"
    files = [path for path in story.folder.rglob("*") if path.is_file() and path != tmp_path / "token"]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == [], (
        "in no database and in no file of ours"
    )


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_a_secret_goes_nowhere_else(unbegun: Story, tmp_path: Path) -> None:
    story = unbegun
    await begun(story, "deploys.internal", tmp_path)
    await story.alert("Hung", service="gateway")
    await story.ana.click("I have it", "@tocsin")
    await story.ana.click("No")
    assert story.machine.restarts == []
    assert story.ana.reads("policy.yaml does not let the secret `GATEWAYS` go to")
