"""What a failure of Slack means for an effect."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ChatError
from bot.ports import Call, Done, GiveUp, Retry
from bot.slack.effects import DOING, outcome
from bot.work.effects import KINDS
from bot.workspace import Workspace
from tests.bot.slack.stage import Playing, effect

CARD = effect("show", "card", surface="card")
INTO = "chat.postMessage:inc:42"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatError("ratelimited", 12.0, method="chat.update"), Retry(12.0, "ratelimited", ("chat.update",))),
        (ChatError("ratelimited", 12.0, method="chat.postMessage"), Retry(12.0, "ratelimited", (INTO,))),
        (ChatError("ratelimited", 12.0, method="pins.add"), Retry(12.0, "ratelimited", ("pins.add",))),
        (ChatError("ratelimited", 12.0, True, method="pins.add"), Retry(12.0, "ratelimited", ("pins.add",), True)),
        (ChatError("internal_error", ambiguous=True), Retry(0.0, "internal_error", ambiguous=True)),
        (ChatError("invalid_auth"), Retry(60.0, "invalid_auth", counted=False)),
        (ChatError("is_archived"), GiveUp("is_archived")),
        (ChatError("missing_scope"), GiveUp("missing_scope")),
        (ChatError("invalid_blocks"), GiveUp("invalid_blocks")),
    ],
)
def test_what_a_failure_means(error: ChatError, expected: Any) -> None:
    assert outcome(Call(CARD, 2, again=True), error) == expected


@pytest.mark.parametrize(
    ("code", "away"),
    [
        *((code, True) for code in ("connection", "timeout", "http_500", "http_503", "http_407", "http_200")),
        *((code, True) for code in ("service_unavailable", "team_added_to_org")),
        *((code, False) for code in ("internal_error", "ratelimited", "invalid_auth", "is_archived")),
    ],
)
def test_who_is_away(code: str, away: bool) -> None:
    assert ChatError(code).away is away


@pytest.mark.parametrize(
    ("trouble", "reason"), [("503", "http_503"), ("lost", "connection"), ("error", "service_unavailable")]
)
async def test_what_does_not_reach_slack_is_no_try(ws: Workspace, play: Playing, trouble: Any, reason: str) -> None:
    """The waits grow to a minute; an answer of Slack, whatever it says, ends them."""
    await play.room()
    ws.fault("chat.postMessage", trouble, times=8, code=reason)
    waits = [await waited(play, reason) for _ in range(8)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    ws.fault("chat.postMessage", "error", code="is_archived")
    assert await play.do(CARD) == GiveUp("is_archived")
    ws.fault("chat.postMessage", trouble, code=reason)
    assert await waited(play, reason) == 2


async def waited(play: Playing, reason: str) -> float:
    """Seconds until the next try, without chance."""
    found = await play.do(CARD)
    assert isinstance(found, Retry)
    assert (found.reason, found.ambiguous, found.counted) == (reason, True, False)
    return found.after / 0.875


@pytest.mark.parametrize("code", ["is_archived", "is_inactive"])
async def test_a_channel_that_we_put_away_is_written_into_no_more(ws: Workspace, play: Playing, code: str) -> None:
    """One that somebody archived by hand is a failure that people are told."""
    await play.room()
    for archived, expected in ((False, GiveUp(code)), (True, Done())):
        play.store.incident_now = replace(play.store.incident_now, archived=archived)
        ws.fault("chat.postMessage", "error", code=code)
        assert await play.do(CARD) == expected


def test_every_kind_of_slack_has_a_handler() -> None:
    outside = {kind for kind in KINDS if not kind.startswith(("clock.", "action.", "drill.", "notify"))}
    assert outside == set(DOING)
