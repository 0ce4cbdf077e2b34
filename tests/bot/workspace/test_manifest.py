"""The app as its manifest describes it."""

from bot.workspace.manifest import SlashCommand, read_manifest
from tests.bot.workspace.app import MANIFEST


def test_the_whole() -> None:
    manifest = read_manifest(MANIFEST)
    assert (manifest.name, manifest.bot_name, manifest.interactive, manifest.home) == ("Parrot", "Parrot", True, True)
    assert "chat:write" in manifest.scopes
    assert "message.im" in manifest.events
    assert manifest.commands["/parrot"] == SlashCommand("/parrot", "Says it again", "word", True)
    assert manifest.commands["/plain"].should_escape is False


def test_the_least() -> None:
    least = {"display_information": {"name": "Small"}, "oauth_config": {"scopes": {"bot": []}}}
    manifest = read_manifest(least)
    assert (manifest.bot_name, manifest.commands, manifest.events) == ("Small", {}, frozenset())
    assert not manifest.interactive
    assert not manifest.home
