"""What a failure of Slack means for an effect."""

from typing import Any

import pytest

from bot.errors import ChatError
from bot.ports import Call, GiveUp, Retry
from bot.slack.effects import DOING, outcome
from bot.work.effects import KINDS
from tests.bot.slack.stage import effect

CARD = effect("show", "card", surface="card")
INTO = "chat.postMessage:inc:42"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatError("ratelimited", 12.0, method="chat.update"), Retry(12.0, "ratelimited", ("chat.update",))),
        (ChatError("ratelimited", 12.0, method="chat.postMessage"), Retry(12.0, "ratelimited", (INTO,))),
        (ChatError("ratelimited", 12.0, method="pins.add"), Retry(12.0, "ratelimited", ("pins.add",))),
        (ChatError("timeout", ambiguous=True), Retry(0.0, "timeout", ambiguous=True)),
        (ChatError("http_503", ambiguous=True), Retry(0.0, "http_503", ambiguous=True)),
        (ChatError("connection"), Retry(0.0, "connection")),
        (ChatError("invalid_auth"), Retry(60.0, "invalid_auth", counted=False)),
        (ChatError("is_archived"), GiveUp("is_archived")),
        (ChatError("missing_scope"), GiveUp("missing_scope")),
        (ChatError("invalid_blocks"), GiveUp("invalid_blocks")),
    ],
)
def test_what_a_failure_means(error: ChatError, expected: Any) -> None:
    assert outcome(Call(CARD, 2, again=True), error) == expected


def test_every_kind_of_slack_has_a_handler() -> None:
    outside = {kind for kind in KINDS if not kind.startswith(("clock.", "action."))}
    assert outside == set(DOING)
