"""The door to Slack: what people type, click and fill comes in here, and each gets an answer in time.

Slack delivers a command or click once and waits three seconds; so it is answered within one: with the result if it was
committed by then, else with "saving …", which promises nothing, and the result follows. Events are acknowledged after
their commit; if that is late, Slack delivers them again. The answer is what the middleware returns: nothing runs between it
and Slack that could lose it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.errors import TocsinError, UserError
from bot.flows.case import ALREADY
from bot.flows.desk import Desk
from bot.ports import Tasks
from bot.slack import inbox
from bot.slack.answers import SAVING, Answers, Told, failed
from bot.slack.asking import Asking
from bot.slack.chat import SlackChat
from bot.slack.client import LOG, Identity
from bot.slack.forms import Forms
from bot.slack.happenings import Happenings
from bot.slack.hears import Hears
from bot.slack.inbox import Heard
from bot.slack.names import Names
from bot.slack.replies import Replies
from commands import Command

SOON, IN_TIME = 1.0, 2.5
"""Seconds for the answer to a person, and for the commit of an event."""
NOT_OURS = BoltResponse(status=200, body="")
LATER = BoltResponse(status=503, body="")
"""No acknowledgement: Slack delivers the event again."""
MISSHAPEN_SAID = "This has not the shape of anything that Slack delivers."
NO_DELIVERY = BoltResponse(status=400, body=MISSHAPEN_SAID)
MISSHAPEN = (AttributeError, KeyError, IndexError, TypeError, ValueError)
"""What reading raises where a list, a word or nothing stands in the place of an object."""
T = TypeVar("T")


class Edge:
    """Everything that Slack sends, by whichever way it came."""

    def __init__(
        self,
        desk: Desk,
        commands: Mapping[str, Command[Any]],
        hears: Hears,
        chat: SlackChat,
        replies: Replies,
        tasks: Tasks,
    ) -> None:
        self._clock = desk.clock
        self._tasks = tasks
        self.names = Names(desk.clock)
        self._happenings = Happenings(desk.store, desk.clock, chat, hears)
        self._asking = Asking(desk, commands, self._happenings, Forms(replies, desk.clock, tasks), self.names)
        self._answers = Answers(replies, tasks)
        self._in_hand: set[asyncio.Task[Any]] = set()

    async def rest(self) -> None:
        """See what was taken acknowledged, before the connection closes."""
        if self._in_hand:
            await self._clock.wait(asyncio.gather(*self._in_hand, return_exceptions=True), IN_TIME)

    async def door(self, req: AsyncBoltRequest, next: Callable[[], Awaitable[Any]]) -> BoltResponse:
        """Bolt's only middleware of ours: its return value is the acknowledgement."""
        task = asyncio.current_task()
        assert task is not None
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        body: Mapping[str, Any] = req.body
        happened = body.get("type") == "event_callback"
        try:
            heard = self._happenings.command(body) if happened else inbox.read(body)
        except MISSHAPEN:
            return NO_DELIVERY
        if happened:
            return await self.happened(body, heard)
        return NOT_OURS if heard is None else await self.asked(heard)

    async def asked(self, heard: Heard) -> BoltResponse:
        """A command, click or form: the result if it is there within a second, else "saving …" and the result later."""
        work = self._tasks.start(self._told(heard), f"slack {heard.verb}")
        if heard.home:
            self._tasks.start(self._redrawn(heard, work), "slack home")
        if await self._clock.wait(work, SOON):
            return self._answers.now(heard, work.result())
        self._answers.later(heard, work)
        return self._answers.now(heard, SAVING)

    async def happened(self, body: Mapping[str, Any], heard: Heard | None) -> BoltResponse:
        """An event, and the command that it is, if any: acknowledged after its commit. A retry of what nobody saw is a first."""
        if heard is not None:
            work = self._tasks.start(self._mentioned(heard), f"slack {heard.verb}")
        else:
            work = self._tasks.start(_guarded(lambda: self._happenings.event(body)), "slack event")
        if not await self._clock.wait(work, IN_TIME):
            return LATER
        failure = work.result()
        lost = isinstance(failure, TocsinError) and not isinstance(failure, UserError)
        return LATER if lost else BoltResponse(status=200, body="")

    async def _told(self, heard: Heard) -> Told:
        """Do what was asked for; every failure is a sentence for the person. Never raises."""
        done = await _guarded(lambda: self._asking.perform(heard))
        return failed(heard, done, self.names.last) if isinstance(done, TocsinError) else done

    async def _redrawn(self, heard: Heard, work: Awaitable[Told]) -> None:
        """What was done in the Home tab is seen there."""
        await work
        await _guarded(lambda: self._happenings.drawn(f"{heard.input}:home", heard.who))

    async def _mentioned(self, heard: Heard) -> None:
        told = await self._told(heard)
        if told.reply is not ALREADY:  # Slack delivered it again; the person did nothing twice
            self._answers.beside(heard, told)


async def _guarded(work: Callable[[], Awaitable[T]]) -> T | TocsinError:
    """The result, or what went wrong. The edge's one broad except: after it nothing can be lost between us and Slack."""
    try:
        return await work()
    except TocsinError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the edge's broad except: Slack gets an answer whatever happens
        LOG.exception("a request from Slack failed")
        return TocsinError(type(error).__name__)


def build_app(edge: Edge, client: Any, me: Identity) -> AsyncApp:
    """Bolt with one middleware. It asks Slack nothing by itself: who we are is known since the preflight."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user)

    bolt = logging.getLogger("tocsin.bolt")
    bolt.setLevel(logging.ERROR)
    app = AsyncApp(
        client=client,
        name="tocsin",  # else it looks for its caller in the source of every module: 0.3 s
        authorize=authorize,
        logger=bolt,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,  # what comes back of ours says that Slack delivers
    )
    app.middleware(edge.door)
    return app
