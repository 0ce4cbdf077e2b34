"""All screens that golden files hold, by the name of their file."""

from collections.abc import Callable

from bot.ports import Message
from tests.bot.slack.views import (
    test_screens,
    test_screens_actions,
    test_screens_away,
    test_screens_course,
    test_screens_people,
    test_screens_told,
)

SCREENS: dict[str, Callable[[], Message]] = {
    **test_screens.SCREENS,
    **test_screens_actions.SCREENS,
    **test_screens_away.SCREENS,
    **test_screens_course.SCREENS,
    **test_screens_people.SCREENS,
    **test_screens_told.SCREENS,
}
