"""One call to Slack's Web API: never repeated by itself, and every failure said as a ChatError.

Slack's SDK repeats a post after a lost connection (Slack then shows two), ignores NO_PROXY and reads odd bodies badly; all
three are settled here, once.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ChatError, StartError
from bot.telemetry import count

TIMEOUT = 20.0
"""Seconds for one call, the connection included."""
UNSURE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
"""Slack's codes after which the call may have been carried out all the same."""
LIMITED_FOR = 30.0
PAGE = 200

LOG = logging.getLogger("tocsin.slack")
"""The SDK's own logger; it says nothing below `error`, since every failure comes back as a ChatError."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is: ids of team, user and bot, and the scopes of its token. date: Slack's clock, as HTTP says it."""

    team: str
    user: str
    bot: str
    scopes: frozenset[str]
    date: str = ""


def proxy_for(url: str) -> str | None:
    """The proxy of the environment for an address; None for what NO_PROXY names and for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in ("localhost", "127.0.0.1", "::1") or proxy_bypass(host):
        return None
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return getproxies().get(scheme)


class SlackClient:
    """Slack's Web API with one pool of connections. `close()` it at the end.

    monotonic: seconds that never jump; silent: the last call reached nobody; answered: how many calls Slack has answered, by
    method, whatever it said. Where it said 429, nothing is asked again until its time is over, whoever wants it.
    """

    silent = False

    def __init__(self, token: str, base_url: str, monotonic: Callable[[], float], timeout: float = TIMEOUT) -> None:
        self.answered: Counter[str] = Counter()
        self._monotonic = monotonic
        self._closed_until: dict[str, float] = {}
        LOG.setLevel(logging.ERROR)
        self.web = AsyncWebClient(token=token, base_url=base_url, retry_handlers=[], logger=LOG)
        self.web.proxy = proxy_for(base_url)
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    def session(self) -> aiohttp.ClientSession:
        """The pool, opened when it is needed first."""
        if self.web.session is None or self.web.session.closed:
            self.web.session = aiohttp.ClientSession(timeout=self._timeout)
        return self.web.session

    async def close(self) -> None:
        if self.web.session is not None:
            await self.web.session.close()

    async def call(self, method: str, /, **args: Any) -> Mapping[str, Any]:
        """Call `method` (as the SDK names it) once; Slack's answer. Raises ChatError."""
        self.session()
        name = method.replace("_", ".", 1)
        limit = _limit(name, args)
        if (wait := self._closed_until.get(limit, 0.0) - self._monotonic()) > 0:
            raise ChatError("ratelimited", retry_after=wait, method=name)
        try:
            answer = await getattr(self.web, method)(**{name: v for name, v in args.items() if v is not None})
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            failed = slack_error(error)
            failed.method = name
            self.silent = failed.away
            self.answered[name] += not failed.away
            if failed.retry_after:
                self._closed_until[limit] = self._monotonic() + failed.retry_after
            count("slack_calls", method=method, answer="limited" if failed.retry_after else "error")
            raise failed from error
        self.silent = False
        self.answered[name] += 1
        count("slack_calls", method=method, answer="ok")
        data: Mapping[str, Any] = answer.data
        return data

    async def pages(
        self, method: str, /, pause: Callable[[float], Awaitable[None]] | None = None, **args: Any
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Every page of a list, one call each. pause: how to wait where Slack's limit ends in the middle of a long list, which
        would never be read to its end otherwise; without, that raises as everywhere."""
        cursor: str | None = None
        while cursor != "":
            try:
                page = await self.call(method, cursor=cursor, **{"limit": PAGE, **args})
            except ChatError as error:
                if pause is None or error.code != "ratelimited":
                    raise
                await pause(error.retry_after)
                continue
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""

    async def send(self, url: str, data: bytes | Mapping[str, Any]) -> None:
        """POST bytes, or JSON, to an address that Slack gave us (upload, response_url). Raises ChatError."""
        body: dict[str, Any] = {"data": data} if isinstance(data, bytes) else {"json": dict(data)}
        try:
            async with self.session().post(url, proxy=proxy_for(url), **body) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise slack_error(error) from error
        if answer.status != 200:
            raise ChatError(f"http_{answer.status}", ambiguous=answer.status >= 500)

    async def whoami(self) -> Identity:
        """Who the token says we are. Raises ChatError."""
        try:
            answer = await self._auth()
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise slack_error(error) from error
        scopes = frozenset(part.strip() for part in str(answer.headers.get("x-oauth-scopes", "")).split(",") if part)
        data = answer.data
        if not {"team_id", "user_id"} <= data.keys():  # somebody else answers in Slack's place
            raise ChatError("http_200")
        date = str(answer.headers.get("date", ""))
        return Identity(data["team_id"], data["user_id"], data.get("bot_id", ""), scopes, date)

    async def _auth(self) -> Any:
        self.session()
        return await self.web.auth_test()

    async def check(self, app_token: str, scopes: frozenset[str]) -> Identity:
        """The tokens work and nothing is missing, or a StartError that says what to do. Bolt would loop for ever instead.

        app_token: "" in HTTP mode, which needs none.
        """
        try:
            me = await self.whoami()
        except ChatError as error:
            raise StartError(_no_bot(error)) from error
        if missing := sorted(scopes - me.scopes):
            raise StartError(
                f"Slack's app lacks the scopes {', '.join(missing)}: update it from `tocsin slack manifest`, "
                "then install it again."
            )
        if app_token:
            try:
                await self.call("apps_connections_open", app_token=app_token)
            except ChatError as error:
                raise StartError(_no_app(error)) from error
        return me


def _limit(method: str, args: Mapping[str, Any]) -> str:
    """What Slack counts together: posts by channel, everything else by method."""
    return f"{method} {args.get('channel')}" if method == "chat.postMessage" else method


def _passing(error: ChatError) -> str:
    """What is no fault of a token, "" if it is."""
    if error.code in UNSURE or error.code == "ratelimited":
        return f"Slack takes no calls just now ({error.code}). It is tried again."
    if error.code == "accesslimited":
        return "Slack lets nobody in from this machine's address (accesslimited): an administrator has to allow it."
    return f"Slack cannot be reached ({error.code}). Check SLACK_API_URL and the network." if error.away else ""


def _no_bot(error: ChatError) -> str:
    return _passing(error) or (
        f"Slack refuses SLACK_BOT_TOKEN ({error.code}). It is the bot token, xoxb-…, of the installed app."
    )


def _no_app(error: ChatError) -> str:
    return _passing(error) or (
        f"Slack refuses SLACK_APP_TOKEN ({error.code}). It is the app-level token, xapp-…, with connections:write, "
        "and Socket Mode must be on."
    )


def slack_error(error: BaseException) -> ChatError:
    """Any failure of a call as a ChatError: code, when to come back, and whether it may have been done all the same."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return ChatError("timeout", ambiguous=True)
    if isinstance(error, aiohttp.ClientConnectorError):
        return ChatError("connection", detail=type(error).__name__)
    return ChatError("connection", ambiguous=True, detail=type(error).__name__)


def _answered(error: SlackApiError) -> ChatError:
    """Slack answered, if only with a page of text."""
    answer = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0) or 0)
    data = getattr(answer, "data", None)
    said = data if isinstance(data, dict) else {}
    code = str(said.get("error") or "")
    if status == 429 or code == "ratelimited":
        return ChatError("ratelimited", retry_after=_seconds(getattr(answer, "headers", None)))
    if status >= 500 or not code:
        return ChatError(f"http_{status}", ambiguous=status >= 500 or status == 200)
    return ChatError(code, ambiguous=code in UNSURE, detail=_detail(said))


def _seconds(headers: Mapping[str, Any] | None) -> float:
    """Retry-After in any case of letters; half a minute if it is missing or odd."""
    found = {str(name).lower(): value for name, value in (headers or {}).items()}
    try:
        return float(found["retry-after"])
    except (KeyError, TypeError, ValueError):
        return LIMITED_FOR


def _detail(said: Mapping[str, Any]) -> str:
    """What Slack says of blocks it refuses or scopes it misses."""
    told = said.get("errors") or (said.get("response_metadata") or {}).get("messages") or ()
    if "needed" in said:
        told = [f"needed {said['needed']}"]
    return "; ".join(str(part) for part in told)[:500]
