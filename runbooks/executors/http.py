"""`http: {method, url, headers, json, expect}`: one request, by this process."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.errors import ConfigError
from bot.ports import Executor, NotSent, Order, Progress
from bot.secrets import resolve
from runbooks import header_names
from runbooks.directory import LOST
from runbooks.executors import Tools
from runbooks.secret_names import PLACE

READS = frozenset({"GET", "HEAD"})


class HttpRequest(Executor):
    """A request to a host that policy.yaml names. No redirects; `Idempotency-Key` is the attempt."""

    name = "http"
    TRIED = "real"

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._under_way: dict[str, asyncio.Task[Any]] = {}

    @staticmethod
    def keys() -> Mapping[str, bool]:
        return {"method": False, "url": True, "headers": False, "json": False, "expect": False}

    async def start(self, order: Order) -> None:
        """Returns when the request is under way. PermissionError: it was not made and never will be."""
        directory = self._tools.directory
        if await asyncio.to_thread(directory.claimed, order.attempt):
            return
        try:
            headers = self._headers(order)
        except ConfigError as error:
            await asyncio.to_thread(directory.take, order.attempt)
            raise PermissionError(error.for_log()) from error
        if await asyncio.to_thread(directory.claim, order.attempt):
            task = self._tools.tasks.start(self._carry_out(order, headers), f"http {order.attempt}")
            self._under_way[order.attempt] = task
            task.add_done_callback(lambda done: self._under_way.pop(order.attempt, None))

    async def poll(self, order: Order) -> Progress:
        return await asyncio.to_thread(self._tools.directory.progress, order.attempt)

    async def stop(self, order: Order) -> None:
        """Nobody can call a request back: what became of it stays open."""
        if await asyncio.to_thread(self._tools.directory.take, order.attempt):
            return
        if (task := self._under_way.get(order.attempt)) is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _carry_out(self, order: Order, headers: Mapping[str, str]) -> None:
        result: tuple[str, int | None, bool, bytes] = (LOST, None, False, b"cut off")
        try:
            with suppress(asyncio.CancelledError):
                result = await self._answer(order, headers)
        finally:
            outcome, status, ok, body = result
            kept = self._tools.masker.data(body)
            await asyncio.to_thread(self._tools.directory.finish, order.attempt, outcome, status, ok, kept)

    async def _answer(self, order: Order, headers: Mapping[str, str]) -> tuple[str, int | None, bool, bytes]:
        method = str(order.spec.get("method", "GET")).upper()
        try:
            answer = await self._tools.http.request(
                method,
                order.spec["url"],
                headers=headers,
                json=order.spec.get("json"),
                timeout=order.timeout,
                hosts=order.limits.get("http_hosts", ()),
            )
        except NotSent as error:
            return "failed", None, False, str(error).encode()
        except TimeoutError:
            return "timed_out" if method in READS else LOST, None, False, b"no answer in time"
        except OSError as error:
            return "exited" if method in READS else LOST, None, False, str(error).encode()
        return "exited", answer.status, answer.status in _expected(order), answer.body

    def _headers(self, order: Order) -> dict[str, str]:
        """The headers with secrets filled in; `limits.secrets` says which reference stands behind a name."""

        def fill(place: re.Match[str]) -> str:
            reference = order.limits.get("secrets", {}).get(place[1], "")
            if not reference:
                raise ConfigError(place[0], "policy.yaml names no such secret")
            return self._tools.masker.register(resolve(reference))

        given = order.spec.get("headers", {})
        if wrong := next((name for name in given if header_names.ours(str(name))), None):
            raise ConfigError(f"header {wrong}", "is not written by plans")
        headers = {str(name): PLACE.sub(fill, str(value)) for name, value in given.items()}
        return {**headers, "Idempotency-Key": order.attempt}


def _expected(order: Order) -> list[int]:
    expect = order.spec.get("expect", 200)
    return expect if isinstance(expect, list) else [expect]
