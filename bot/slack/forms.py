"""Forms are opened while the trigger lasts: where the answer takes its time, a form that says so stands there first."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.errors import ChatError, Refused, TocsinError
from bot.ports import Clock, Form, Tasks
from bot.slack import blocks
from bot.slack.answers import Told
from bot.slack.client import LOG
from bot.slack.inbox import Heard
from bot.slack.replies import Replies
from bot.text import Code, Text, t

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
        await self._open(heard, form, told.number, there)
        return replace(told, reply=replace(told.reply, form=None))

    async def _open(self, heard: Heard, form: Form, number: int | None, there: str) -> None:
        """Where there is no trigger (a mention), the person is told what to type."""
        carried = {**form.value, "c": heard.channel, **({} if number is None else {"i": number})}
        carried |= {"p": True} if heard.hidden else {}
        if not heard.trigger:
            raise Refused(t("I can open the form only from a button or {command}.", command=Code("/tocsin")))
        view = blocks.modal(replace(form, value=carried))
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


async def _tried(work: Coroutine[Any, Any, Told]) -> Told | TocsinError:
    """The result, or what went wrong as a value: the person is told in two places."""
    try:
        return await work
    except TocsinError as error:
        return error
