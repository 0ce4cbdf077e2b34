"""How long a call that Slack does not answer is tried again, and when it is the call and not Slack."""

from collections import Counter

import pytest

from bot.errors import ChatError
from bot.ports import Retry
from bot.slack.client import SlackClient
from bot.slack.patience import Patience
from bot.workspace import Workspace
from tests.bot.slack.stage import Playing, effect
from tests.fakes import FakeClock, FakeIds

POST, UPDATE, NEVER = "chat.postMessage", "chat.update", 10_000


async def test_waits_are_spread_and_forgotten(clock: FakeClock) -> None:
    """Between three quarters of it and all of it; what nobody has come back for in ten minutes begins anew."""
    ids = FakeIds(chance=1.0)
    patience = Patience(clock, ids, Counter())
    assert [patience.wait("a", POST)[0], patience.wait("a", POST)[0]] == [2.0, 4.0]
    ids.chance = 0.0
    assert patience.wait("a", POST)[0] == 6.0
    await clock.forward("9m")
    assert patience.wait("b", POST)[0] == 1.5
    await clock.forward("1m1s")
    assert [patience.wait("b", POST)[0], patience.wait("a", POST)[0]] == [3.0, 1.5]


async def counting(clock: FakeClock, minutes: int, *answers: str) -> int:
    """After how many minutes of trouble with a post its tries count; a try a minute, and these answers between two of them."""
    answered: Counter[str] = Counter()
    patience = Patience(clock, FakeIds(), answered)
    for minute in range(minutes):
        if patience.wait("a", POST)[1]:
            return minute
        answered.update(answers)
        await clock.forward("1m")
    return NEVER


@pytest.mark.parametrize(
    ("answers", "minutes"),
    [
        ((), NEVER),  # Slack is away
        ((POST,), 30),  # posts of others are answered
        ((UPDATE,), 6 * 60),  # posts are away, and that for long
        ((POST, UPDATE), 30),
    ],
)
async def test_tries_count_once_slack_answers_others(clock: FakeClock, answers: tuple[str, ...], minutes: int) -> None:
    assert await counting(clock, 24 * 60, *answers) == minutes


async def test_what_was_answered_before_the_outage_is_no_sign_of_life(clock: FakeClock) -> None:
    answered = Counter({POST: 100, UPDATE: 100})
    patience = Patience(clock, FakeIds(), answered)
    for _ in range(24 * 60):
        assert not patience.wait("a", POST)[1]
        await clock.forward("1m")


async def test_an_answer_begins_the_time_anew(clock: FakeClock) -> None:
    answered: Counter[str] = Counter()
    patience = Patience(clock, FakeIds(), answered)
    for minute in range(59):
        answered[POST] += 1
        assert not patience.wait("a", POST)[1], minute
        await clock.forward("1m")
        if minute == 29:
            patience.over("a")


async def test_a_client_counts_what_slack_answers(ws: Workspace, client: SlackClient) -> None:
    """Whatever it says, but not what came from a proxy or from nobody."""
    for trouble in ("500", "503", "lost", "error", "ratelimited"):
        ws.fault(UPDATE, trouble)
    for _ in range(5):
        with pytest.raises(ChatError):
            await client.call("chat_update", channel="C1", ts="1.1", text="x")
    assert client.answered == {UPDATE: 2}
    await client.call("users_list")
    assert client.answered == {UPDATE: 2, "users.list": 1}


async def test_a_try_that_counts_is_told_to_the_worker(ws: Workspace, play: Playing, clock: FakeClock) -> None:
    await play.room()
    ws.fault(POST, "503", times=40)
    counted = []
    for _ in range(40):
        found = await play.do(effect("show", "card", surface="card"))
        assert isinstance(found, Retry)
        counted.append(found.counted)
        play.answered[POST] += 1
        await clock.forward("1m")
    assert counted == [False] * 30 + [True] * 10
