"""The handlers of Slack's effects, and what each failure of Slack means for them.

What could not reach Slack is no try: it waits and comes back until Slack answers, however long that takes. Only what Slack
itself says can end an effect, or that it answers others all the time (bot/slack/patience.py).
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.terms import ORG
from bot.errors import ChatError
from bot.ports import Call, Done, Effect, GiveUp, Handler, Outcome, Retry
from bot.slack import bookmarks, evidence, home, mend, posts, purposes, quiet, rooms
from bot.slack.patience import Patience
from bot.slack.surfaces import Stage
from bot.work.effects import into

Doing = Callable[[Stage, Call], Awaitable[Outcome]]

DOING: Mapping[str, Doing] = {
    "channel": rooms.channel,
    "topic": rooms.topic,
    "purpose": purposes.say,
    "invite": rooms.invite,
    "pin": rooms.pin,
    "archive": rooms.archive,
    "unsay": posts.unsay,
    "show": posts.show,
    "say": posts.say,
    "dm": posts.direct,
    "page": posts.direct,
    "file": posts.file,
    "evidence": evidence.keep,
    "evidence.drop": evidence.drop,
    "mend": mend.mend,
    "home": home.publish,
    "bookmark": bookmarks.bookmark,
    "dnd": quiet.quiet,
}
"""Kind of effect → what is done."""

COURTESIES = frozenset({"bookmark", "dnd"})
"""Where a workspace's plan or an administrator does not allow it, it is let be: nobody misses anything that stands nowhere else."""
UNKNOWN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "team_access_not_granted"}
)
"""Slack does not know us at present: an operator has to act, and nothing is lost until then."""
UNKNOWN_FOR = 60.0
PUT_AWAY = frozenset({"is_archived", "is_inactive"})
"""Nothing can be written into the channel."""


def handlers(stage: Stage, patience: Patience) -> Mapping[str, Handler]:
    """Kind of effect → its handler, for the worker. Handlers return outcomes; nothing is raised for what Slack says."""
    return {kind: _handler(stage, patience, doing) for kind, doing in DOING.items()}


def _handler(stage: Stage, patience: Patience, doing: Doing) -> Handler:
    async def handle(call: Call) -> Outcome:
        try:
            done = await doing(stage, call)
        except ChatError as error:
            if error.away:
                wait, counted = patience.wait(call.effect.key, error.method)
                return Retry(wait, error.code, ambiguous=error.ambiguous, counted=counted)
            put_away = error.code in PUT_AWAY and await _put_away(stage, call.effect)
            done = Done() if put_away else outcome(call, error)
        patience.over(call.effect.key)
        return done

    return handle


async def _put_away(stage: Stage, effect: Effect) -> bool:
    """We archived it, as somebody asked: what still comes of its alerts is in its timeline, and has no place but that."""
    async with stage.store.read() as reads:
        return effect.stream != ORG and (await stage.incident(reads, effect)).archived


def outcome(call: Call, error: ChatError) -> Outcome:
    """What becomes of an effect after Slack's answer was no. A limit and a doubt are no refusals; how long a doubt waits is the
    worker's."""
    if error.code == "ratelimited":
        limited = (_limit(call.effect, error.method),)
        return Retry(error.retry_after, error.code, limited=limited, ambiguous=error.ambiguous)
    if error.code in UNKNOWN:
        return Retry(UNKNOWN_FOR, error.code, counted=False)
    if error.ambiguous:
        return Retry(0.0, error.code, ambiguous=True)
    return Done() if call.effect.kind in COURTESIES else GiveUp(error.code)


def _limit(effect: Effect, method: str) -> str:
    """The limit that is used up: of the method that was called, for a post of its channel."""
    return into(effect) if method == "chat.postMessage" else method
