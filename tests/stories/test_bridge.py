"""The bridge under the name of an incident's channel, and what becomes of it when the configuration names another."""

from dataclasses import replace

import pytest

from bot.slack.manifest import COURTESIES
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)

BEFORE, AFTER = "https://meet.example/war-room", "https://meet.example/second"


async def test_the_bridge_is_in_the_bar_of_each_channel(unbegun: Story) -> None:
    story = unbegun
    story.configure("tocsin.yaml", ("announce_channel: incidents", f"announce_channel: incidents\nbridge: {BEFORE}"))
    await story.start()
    await story.alert()
    assert [each.link for each in story.channel.channel.bookmarks] == [BEFORE]
    await story.stop()
    story.configure("tocsin.yaml", (BEFORE, AFTER))
    await story.start()
    await story.settle()
    assert [each.link for each in story.channel.channel.bookmarks] == [AFTER], (
        "also if it was changed while we were down"
    )
    await story.ana.types("private")
    await story.ana.click("Make it private")
    await story.settle()
    assert [each.link for each in story.channel.channel.bookmarks] == [AFTER], "the new channel has it, too"
    before = len(story.workspace.state.calls)
    await story.restart()
    assert not [one for one in story.workspace.state.calls[before:] if one.method.startswith("bookmarks.")]


async def test_an_app_that_was_installed_before_works_as_before(unbegun: Story) -> None:
    """Without the scopes of the courtesies: it starts, nothing is told as failed, and the card has the link."""
    story = unbegun
    story.configure("tocsin.yaml", ("announce_channel: incidents", f"announce_channel: incidents\nbridge: {BEFORE}"))
    given = story.workspace.state.manifest
    scopes = tuple(scope for scope in given.scopes if scope not in COURTESIES)
    story.workspace.state.manifest = replace(given, scopes=scopes)
    await story.start()
    await story.alert()
    assert story.channel.channel.bookmarks == []
    assert "EffectFailed" not in await story.kinds()
    assert story.ana.reads("Bridge", story.channel.id)
