"""The handlers of Slack's effects, and what each failure of Slack means for them."""

from collections.abc import Awaitable, Callable, Mapping

from bot.errors import ChatError
from bot.ports import Call, Effect, GiveUp, Handler, Outcome, Retry
from bot.slack import posts, rooms
from bot.slack.surfaces import Stage
from bot.work.effects import into

Doing = Callable[[Stage, Call], Awaitable[Outcome]]

DOING: Mapping[str, Doing] = {
    "channel": rooms.channel,
    "topic": rooms.topic,
    "invite": rooms.invite,
    "pin": rooms.pin,
    "show": posts.show,
    "say": posts.say,
    "dm": posts.direct,
    "page": posts.direct,
    "file": posts.file,
}
"""Kind of effect → what is done."""

AWAY = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "team_access_not_granted"}
)
"""Slack does not know us at present: an operator has to act, and nothing is lost until then."""
AWAY_FOR = 60.0


def handlers(stage: Stage) -> Mapping[str, Handler]:
    """Kind of effect → its handler, for the worker. Handlers return outcomes; nothing is raised for what Slack says."""
    return {kind: _handler(stage, doing) for kind, doing in DOING.items()}


def _handler(stage: Stage, doing: Doing) -> Handler:
    async def handle(call: Call) -> Outcome:
        try:
            return await doing(stage, call)
        except ChatError as error:
            return outcome(call, error)

    return handle


def outcome(call: Call, error: ChatError) -> Outcome:
    """What becomes of an effect after Slack refused, limited, or did not answer. How long a retry waits is the worker's."""
    if error.code == "ratelimited":
        return Retry(error.retry_after, error.code, limited=(_limit(call.effect, error.method),))
    if error.code in AWAY:
        return Retry(AWAY_FOR, error.code, counted=False)
    if error.ambiguous or error.code in ("connection", "timeout") or error.code.startswith("http_"):
        return Retry(0.0, error.code, ambiguous=error.ambiguous)
    return GiveUp(error.code)


def _limit(effect: Effect, method: str) -> str:
    """The limit that is used up: of the method that was called, for a post of its channel."""
    return into(effect) if method == "chat.postMessage" else method
