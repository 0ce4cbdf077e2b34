"""Whether somebody is in do-not-disturb is asked of Slack when it matters; without an answer the two minutes hold."""

from dataclasses import replace

import pytest

from bot.domain.events import PersonWoken
from bot.domain.state import Page
from bot.ports import Done, Retry
from bot.slack.chat import SlackChat
from bot.workspace import Workspace
from tests.bot.slack.samples import T0
from tests.bot.slack.stage import Playing, effect

PAGE = Page("p1", "U1", "incident", 1, "", T0)
ASK = effect("dnd", "ring", person="U1", about="call", ref="p1", why="unanswered")


@pytest.fixture
def called(play: Playing) -> Playing:
    play.store.incident_now = replace(play.store.incident_now, pages=(PAGE,))
    return play


async def test_who_is_asleep_for_slack_is_woken_by_other_means(ws: Workspace, called: Playing) -> None:
    assert await called.do(ASK) == Done()
    await ws.person("ana").dnd()
    done = await called.do(ASK)
    assert isinstance(done, Done)
    assert [one.payload for one in done.events] == [PersonWoken("U1", "call", "p1", "dnd")]


async def test_the_times_say_it(ws: Workspace, chat: SlackChat) -> None:
    """Slack says that there is a schedule, whether or not it is night."""
    now = ws.state.seconds()
    cases = {(now - 60, now + 60): True, (now + 60, now + 120): False, (now - 120, now - 60): False, (now, now): False}
    for times, quiet in cases.items():
        ws.state.people["U1"].quiet = times
        assert await chat.quiet("U1") is quiet, times


async def test_who_has_answered_is_not_asked_about(ws: Workspace, called: Playing) -> None:
    await ws.person("ana").dnd()
    called.store.incident_now = replace(called.store.incident_now, pages=(replace(PAGE, answer="take"),))
    assert await called.do(ASK) == Done()
    assert ws.calls("dnd.info") == []


@pytest.mark.parametrize("code", ["missing_scope", "user_not_found", "user_not_visible"])
async def test_an_answer_that_does_not_come_changes_nothing(ws: Workspace, called: Playing, code: str) -> None:
    ws.fault("dnd.info", "error", code=code)
    assert await called.do(ASK) == Done()
    ws.fault("dnd.info", "503")
    assert isinstance(await called.do(ASK), Retry)
