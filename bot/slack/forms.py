"""Forms are opened while the trigger lasts: where the answer takes its time, a form that says so stands there first."""

import json
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.errors import ChatError, Refused, TocsinError
from bot.ports import Button, Clock, Form, Reply, Tasks
from bot.ports.reply import WORDS
from bot.slack import blocks
from bot.slack.answers import Told
from bot.slack.client import LOG
from bot.slack.inbox import Heard
from bot.slack.replies import Replies
from bot.text import PlainShow, Text, Typed, t

CARRIED = 1_500
"""Characters that a button carries."""
SOON = 0.7
"""Seconds after which somebody who waits for a form sees that it comes; the trigger lasts three."""


class Forms:
    """Opens what a `Told` carries as its form. What is opened first and what replaces it is one form to the person."""

    def __init__(self, replies: Replies, clock: Clock, tasks: Tasks) -> None:
        self._replies, self._clock, self._tasks = replies, clock, tasks

    async def around(self, heard: Heard, work: Coroutine[Any, Any, Told], at_once: bool) -> Told:
        """The work, with its form opened. at_once: the form that says "a moment" is opened before anything else."""
        waits = self._tasks.start(_tried(work), f"slack {heard.verb} form")
        there = ""
        if at_once or not await self._clock.wait(waits, SOON):
            there = await self._early(heard.trigger)
        told = await waits
        if isinstance(told, TocsinError):
            await self._close(there, told.for_user())
            raise told
        return await self.shown(heard, told, there)

    async def shown(self, heard: Heard, told: Told, there: str = "") -> Told:
        """What is left to be told once the form is open. there: id of the one that stands in its place."""
        form = told.reply.form
        if form is None:
            await self._close(there, *told.reply.lines)
            return told
        if not heard.trigger:
            return replace(told, reply=_by_button(heard, form))
        await self._open(heard, form, told, there)
        return replace(told, reply=replace(told.reply, form=None))

    async def _open(self, heard: Heard, form: Form, told: Told, there: str) -> None:
        carried = {**form.value, "c": heard.channel, **({} if told.number is None else {"i": told.number})}
        carried |= {} if heard.hidden is None else {"p": heard.hidden}
        view = blocks.modal(replace(form, value=carried), PlainShow(told.names))
        try:
            await (self._replies.change(there, view) if there else self._replies.form(heard.trigger, view))
        except ChatError as error:
            LOG.error("a form could not be opened: %s", error)
            raise Refused(t("Slack did not open the form ({code}). Please try again.", code=error.code)) from error

    async def _early(self, trigger: str) -> str:
        """The id of a form that says that there will be one; "" if Slack opens none: then the real one is tried."""
        try:
            return await self._replies.form(trigger, blocks.waiting(t("A moment …")))
        except ChatError as error:
            LOG.error("a form could not be opened: %s", error)
            return ""

    async def _close(self, there: str, *said: Text) -> None:
        """There will be no form: the one that stands there says why."""
        if not there:
            return
        try:
            await self._replies.change(there, blocks.waiting(*said))
        except ChatError as error:
            LOG.error("a form could not be changed: %s", error)


def _by_button(heard: Heard, form: Form) -> Reply:
    """Slack opens no form for a mention or in a direct message, but for a click: the button stands for the typed line."""
    same = {WORDS: heard.words}
    if len(json.dumps(same, ensure_ascii=False)) > CARRIED:
        line = Typed(f"{heard.verb} …")
        return Reply((t("This is too long for a button. For the form type {line}.", line=line),), done=False)
    return Reply((t("This needs a form:"),), (Button(form.title, heard.verb, same, "primary"),), done=False)


async def _tried(work: Coroutine[Any, Any, Told]) -> Told | TocsinError:
    """The result, or what went wrong as a value: the person is told in two places."""
    try:
        return await work
    except TocsinError as error:
        return error
