"""What the bot shows and calls is what Slack takes, as far as the local workspace knows Slack."""

import re
from pathlib import Path

import pytest

import bot.slack
from bot.slack.blocks import message, section
from bot.workspace.blocks import checked_blocks
from bot.workspace.methods import METHODS
from bot.workspace.methods.chat import UPDATE_LIMIT
from tests.bot.slack.views.drawn import SCREENS

_CALL = re.compile(
    r"""(?:call|pages)\(\s*"([a-z]+(?:_[a-zA-Z]+)+)\"|"((?:chat|conversations|files|views)_[a-zA-Z]+)\""""
)


@pytest.mark.parametrize("name", SCREENS)
def test_slack_takes_every_screen(name: str) -> None:
    shown = SCREENS[name]()
    assert len(checked_blocks([dict(block) for block in shown.blocks], "message", total=True)) == len(shown.blocks)
    assert 0 < len(shown.text) <= UPDATE_LIMIT


def test_a_text_of_signs_can_be_changed_later() -> None:
    assert len(message([section("x")], "<&>" * 3_000).text) <= UPDATE_LIMIT


def test_the_workspace_knows_every_method_that_the_bot_calls() -> None:
    sources = Path(bot.slack.__file__).parent.rglob("*.py")
    found = {"".join(call) for source in sources for call in _CALL.findall(source.read_text(encoding="utf-8"))}
    called = {name.replace("_", ".") if name.count("_") == 2 else name.replace("_", ".", 1) for name in found}
    assert len(called) >= 20
    assert called <= {*METHODS, "apps.connections.open"}
