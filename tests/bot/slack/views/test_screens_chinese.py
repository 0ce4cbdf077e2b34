"""The screens that people look at most, in Chinese: held by golden files, and within Slack's rules of blocks."""

from collections.abc import Callable, Iterator

import pytest

from bot import locale
from bot.ports import Message
from tests.bot.slack.screen import screen
from tests.bot.slack.views import test_screens, test_screens_actions

ALL: dict[str, Callable[[], Message]] = {**test_screens.SCREENS, **test_screens_actions.SCREENS}
NAMES = (
    "card",
    "card-alone",
    "announcement",
    "step",
    "step-late",
    "approval",
    "attempt-ok",
    "update",
    "allclear",
    "resolution",
)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    locale.speak("zh-CN")
    yield
    locale.speak("en")


def test_what_people_look_at_most(golden: Callable[[str, str], None]) -> None:
    golden("zh-CN.txt", "\n".join(f"=== {name}\n{screen(ALL[name]())}" for name in NAMES))
