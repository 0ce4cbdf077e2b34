"""How an answer reaches the person who asked: in the acknowledgement where Slack takes one there, else beside it."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt import BoltResponse

from bot.errors import BadInput, ChatError, TocsinError
from bot.ports import Message, Reply, Tasks
from bot.slack import blocks
from bot.slack.client import LOG
from bot.slack.inbox import Heard
from bot.slack.replies import Replies, said
from bot.slack.show import Mrkdwn, PlainQuoted
from bot.text import Typed, render, t
from commands.places import exampled

_JSON: dict[str, Any] = {"content-type": "application/json"}


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


def failed(heard: Heard, error: TocsinError, names: Mapping[str, str]) -> Told:
    """A failure, as a sentence for the person; with an example that works where there is one."""
    lines = [error.for_user()]
    if isinstance(error, BadInput) and error.example and heard.how != "filled":
        lines.append(t("For example: {example}", example=Typed(exampled(error.example))))
    place = error.field if isinstance(error, BadInput) else ""
    return Told(Reply(tuple(lines), done=False), heard.incident, wrong=True, names=names, place=place)


class Answers:
    """Gives what was `Told`. Nothing here raises: who cannot be told is not told."""

    def __init__(self, replies: Replies, tasks: Tasks) -> None:
        self._replies = replies
        self._tasks = tasks

    def now(self, heard: Heard, told: Told) -> BoltResponse:
        """The acknowledgement, with the answer in it where Slack takes one; else the answer is sent beside it."""
        if not told.reply.lines:
            return BoltResponse(status=200, body="")
        if heard.how == "typed" and heard.url:
            return _with({"response_type": "ephemeral", **said(told.message)})
        if heard.how == "filled" and told.wrong and heard.fields:
            words = " ".join(render(line, PlainQuoted(told.names)) for line in told.reply.lines)
            where = told.place if told.place in heard.fields else heard.fields[0]
            return _with({"response_action": "errors", "errors": {where: words[:2_000]}})
        self.beside(heard, told)
        return BoltResponse(status=200, body="")

    def beside(self, heard: Heard, told: Told) -> None:
        """Tell the person by a message of its own."""
        self._tasks.start(self._send(heard, told), f"slack {heard.verb} answer")

    def later(self, heard: Heard, work: Awaitable[Told]) -> None:
        """Whoever read "saving …" hears how it ended."""
        self._tasks.start(self._after(heard, work), f"slack {heard.verb} later")

    async def _after(self, heard: Heard, work: Awaitable[Told]) -> None:
        told = await work
        silent = told.reply.done and not told.reply.lines
        await self._send(heard, replace(told, reply=replace(told.reply, lines=DONE)) if silent else told)

    async def _send(self, heard: Heard, told: Told) -> None:
        """Tell the person, once; who cannot be told is not told."""
        if not told.reply.lines:
            return
        try:
            if heard.url:
                await self._replies.respond(heard.url, told.message)
            elif heard.channel:
                await self._replies.ephemeral(heard.channel, heard.who, told.message, heard.thread)
            elif not (heard.home and await self._opened(heard, told)):
                await self._replies.direct(heard.who, told.message)
        except TocsinError as error:
            LOG.error("an answer could not be given: %s", error)

    async def _opened(self, heard: Heard, told: Told) -> bool:
        """The answer in front of the Home tab, where the person looks; False if Slack opens nothing there any more."""
        try:
            await self._replies.form(heard.trigger, blocks.shown(told.message))
        except ChatError:
            return False
        return True


def _with(answer: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(answer), headers=_JSON)
