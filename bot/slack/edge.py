"""The door to Slack: what people type, click and fill comes in here, and each gets an answer in time.

Slack delivers a command or click once and waits three seconds; so it is answered within one: with the result if it was
committed by then, else with "saving …", which promises nothing, and the result follows. Events are acknowledged after
their commit; if that is late, Slack delivers them again. The answer is what the middleware returns: nothing runs between it
and Slack's socket that could lose it.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.errors import BadInput, ChatError, Refused, TocsinError, UserError
from bot.flows.desk import Desk
from bot.ports import Form, Message, Person, Reads, Reply, Tasks
from bot.ports.reply import WORDS
from bot.slack import blocks, inbox
from bot.slack.chat import SlackChat
from bot.slack.client import LOG, Identity
from bot.slack.happenings import Happenings, Hears
from bot.slack.inbox import Heard
from bot.slack.names import Names
from bot.slack.replies import Replies, said
from bot.slack.show import Mrkdwn, PlainQuoted
from bot.text import Code, render, t
from commands import Ask, Command, registry

SOON, IN_TIME = 1.0, 2.5
"""Seconds for the answer to a person, and for the commit of an event."""
NOT_OURS = BoltResponse(status=200, body="")
LATER = BoltResponse(status=503, body="")
"""No acknowledgement: Slack delivers the event again."""
T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """What a person is told. number: of the incident, for buttons; wrong: what was asked for did not happen; place: the
    field of the form that was wrong."""

    reply: Reply
    number: int | None = None
    wrong: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def message(self) -> Message:
        return blocks.reply(self.reply, self.number, Mrkdwn(self.names))


SAVING = Told(Reply((t("Saving …"),), done=False))
DONE = (t("Done."),)


class Edge:
    """Judges who asks, finds the verb and the incident, does it, and answers."""

    def __init__(
        self,
        desk: Desk,
        commands: Mapping[str, Command[Any]],
        hears: Hears,
        chat: SlackChat,
        replies: Replies,
        tasks: Tasks,
    ) -> None:
        self.desk = desk
        self.commands = commands
        self.chat = chat
        self.replies = replies
        self.tasks = tasks
        self.names = Names(desk.clock)
        self.happenings = Happenings(desk.store, desk.clock, chat, hears)

    async def door(self, req: AsyncBoltRequest, next: Callable[[], Awaitable[Any]]) -> BoltResponse:
        """Bolt's only middleware of ours: its return value is the acknowledgement."""
        body: Mapping[str, Any] = req.body
        if body.get("type") == "event_callback":
            return await self.happened(body)
        heard = inbox.read(body)
        return NOT_OURS if heard is None else await self.asked(heard)

    # --- commands, clicks, forms ---

    async def asked(self, heard: Heard) -> BoltResponse:
        """The result if it is there within a second, else "saving …" and the result later."""
        work = self.tasks.start(self.told(heard), f"slack {heard.verb}")
        if await self.desk.clock.wait(work, SOON):
            return self._now(heard, work.result())
        self.tasks.start(self._after(heard, work), f"slack {heard.verb} later")
        return self._now(heard, SAVING)

    async def told(self, heard: Heard) -> Told:
        """Do what was asked for; every failure is a sentence for the person. Never raises."""
        done = await _guarded(self._perform(heard))
        if not isinstance(done, TocsinError):
            return done
        lines = [done.for_user()]
        wrong = done.field if isinstance(done, BadInput) else ""
        if isinstance(done, BadInput) and done.example and heard.how != "filled":
            lines.append(t("For example: {example}", example=Code(f"/tocsin {done.example}")))
        return Told(Reply(tuple(lines), done=False), heard.incident, wrong=True, names=self.names.last, place=wrong)

    async def _perform(self, heard: Heard) -> Told:
        person = await self._person(heard.who)
        command = registry.verb(self.commands, heard.verb)
        args = _args(command, heard)
        async with self.desk.store.read() as reads:
            number, here = await self._where(reads, heard)
            names = await self.names.read(reads)
        now, zone = self.desk.clock.now(), person.zone
        ask = Ask(heard.input, heard.who, heard.source, now, heard.channel, number, zone=zone, words=heard.words)
        reply = await registry.perform(self.desk, ask, command, args)
        if reply.form is not None:
            await self._open(heard, reply.form, number)
            reply = replace(reply, form=None)
        if reply.echo and here and heard.shown:
            reply = replace(reply, lines=())
        return Told(reply, number, names=names)

    async def _person(self, who: str) -> Person:
        """The person of our directory; strangers, bots and deactivated people are refused."""
        async with self.desk.store.read() as reads:
            known = await reads.person(who)
        if known is None:
            known = await self.happenings.learn(who)
        if known.stranger or known.deleted or known.bot:
            raise Refused(t("Not done: only people of this workspace may do this."), "stranger")
        return known

    async def _where(self, reads: Reads, heard: Heard) -> tuple[int | None, bool]:
        """The incident that is meant, and whether this is its channel; in a direct message the only open one of the person."""
        found = await reads.incident_in(heard.channel) if heard.channel else None
        number = heard.incident or (found.number if found else None)
        if number is not None or not heard.channel.startswith("D"):
            return number, found is not None and found.number == number
        open_now = await reads.incidents(self.desk.viewer(heard.who))
        mine = [incident.number for incident in open_now if heard.who in incident.people]
        return (mine[0] if len(mine) == 1 else None), False

    async def _open(self, heard: Heard, form: Form, number: int | None) -> None:
        """A form, while the trigger lasts. Where there is none (a mention), the person is told what to type."""
        carried = {**form.value, "c": heard.channel, **({} if number is None else {"i": number})}
        if not heard.trigger:
            raise Refused(t("I can open the form only from a button or {command}.", command=Code("/tocsin")))
        try:
            await self.replies.form(heard.trigger, blocks.modal(replace(form, value=carried)))
        except ChatError as error:
            LOG.error("a form could not be opened: %s", error)
            raise Refused(t("Slack did not open the form ({code}). Please try again.", code=error.code)) from error

    # --- answers ---

    def _now(self, heard: Heard, told: Told) -> BoltResponse:
        """The acknowledgement, with the answer in it where Slack takes one; else the answer is sent beside it."""
        if not told.reply.lines:
            return BoltResponse(status=200, body="")
        if heard.how == "typed" and heard.url:
            answer = {"response_type": "ephemeral", **said(told.message)}
            return BoltResponse(status=200, body=json.dumps(answer), headers=_JSON)
        if heard.how == "filled" and told.wrong and heard.fields:
            words = " ".join(render(line, PlainQuoted(told.names)) for line in told.reply.lines)
            where = told.place if told.place in heard.fields else heard.fields[0]
            answer = {"response_action": "errors", "errors": {where: words[:2_000]}}
            return BoltResponse(status=200, body=json.dumps(answer), headers=_JSON)
        self.tasks.start(self._send(heard, told), f"slack {heard.verb} answer")
        return BoltResponse(status=200, body="")

    async def _after(self, heard: Heard, work: Awaitable[Told]) -> None:
        """Whoever read "saving …" hears how it ended."""
        told = await work
        silent = told.reply.done and not told.reply.lines
        await self._send(heard, replace(told, reply=replace(told.reply, lines=DONE)) if silent else told)

    async def _send(self, heard: Heard, told: Told) -> None:
        """Tell the person, once; who cannot be told is not told."""
        if not told.reply.lines:
            return
        try:
            if heard.url:
                await self.replies.respond(heard.url, told.message)
            elif heard.channel:
                await self.replies.ephemeral(heard.channel, heard.who, told.message, heard.thread)
            else:
                await self.replies.direct(heard.who, told.message)
        except TocsinError as error:
            LOG.error("an answer could not be given: %s", error)

    # --- events ---

    async def happened(self, body: Mapping[str, Any]) -> BoltResponse:
        """An event: acknowledged after its commit. Retries of what was never seen are as good as firsts."""
        heard = self.happenings.command(body)
        if heard is not None:
            work = self.tasks.start(self._mentioned(heard), f"slack {heard.verb}")
        else:
            work = self.tasks.start(_guarded(self.happenings.event(body)), "slack event")
        if not await self.desk.clock.wait(work, IN_TIME):
            return LATER
        failed = work.result()
        lost = isinstance(failed, TocsinError) and not isinstance(failed, UserError)
        return LATER if lost else BoltResponse(status=200, body="")

    async def _mentioned(self, heard: Heard) -> None:
        told = await self.told(heard)
        self.tasks.start(self._send(heard, told), f"slack {heard.verb} answer")


_JSON: dict[str, Any] = {"content-type": "application/json"}


async def _guarded(work: Awaitable[T]) -> T | TocsinError:
    """The result, or what went wrong. The edge's one broad except: after it nothing can be lost between us and Slack."""
    try:
        return await work
    except TocsinError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the edge's broad except: Slack gets an answer whatever happens
        LOG.exception("a request from Slack failed")
        return TocsinError(type(error).__name__)


def _args(command: Command[Any], heard: Heard) -> Any:
    """The verb's arguments; a button or form that is not (or no longer) as we make them is refused with a sentence."""
    if heard.how == "typed" or WORDS in heard.value:
        return command.parse(heard.words)
    try:
        return command.fill(heard.answers, heard.value) if heard.how == "filled" else command.click(heard.value)
    except (KeyError, ValueError, TypeError) as error:
        raise Refused(t("This button is out of date. Nothing was done."), "stale") from error


def build_app(edge: Edge, client: Any, me: Identity) -> AsyncApp:
    """Bolt with one middleware. It asks Slack nothing by itself: who we are is known since the preflight."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user)

    bolt = logging.getLogger("tocsin.bolt")
    bolt.setLevel(logging.ERROR)
    app = AsyncApp(client=client, authorize=authorize, logger=bolt, request_verification_enabled=False)
    app.middleware(edge.door)
    return app
