"""The bytes of a file that somebody shared: from Slack's own hosts, with our token, and from nowhere else."""

from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from bot.errors import ChatError
from bot.slack.client import SlackClient, proxy_for, slack_error

TIMEOUT = aiohttp.ClientTimeout(total=240.0, sock_read=30.0)
PIECE = 256 * 1024
GONE, CLOSED = frozenset({404, 410}), frozenset({401, 403})


def allowed(url: str, api: str) -> URL | None:
    """The address if it is Slack's: the host of the Web API itself, or `files.` of it, at the same port; else None, and nobody is
    sent our token."""
    try:
        target, home = URL(url), URL(api)
        there = (target.scheme, target.host, target.port)
    except ValueError:
        return None
    hosts = (home.host, f"files.{home.host}")
    ours = there in [(home.scheme, host, home.port) for host in hosts] and target.user is None
    return target if ours else None


async def content(client: SlackClient, url: str, size: int) -> AsyncIterator[bytes]:
    """The file's `size` bytes, piece by piece. Raises ChatError: file_deleted; missing_scope (it sends us elsewhere to sign in);
    cut_short; and what every call of Slack may say."""
    target = allowed(url, client.web.base_url)
    if target is None:
        raise ChatError("not_slacks", detail=url[:100])
    headers = {"Authorization": f"Bearer {client.web.token}"}
    came = 0
    try:
        async with client.session().get(
            target, headers=headers, allow_redirects=False, proxy=proxy_for(url), timeout=TIMEOUT
        ) as answer:
            _refuse(answer)
            async for piece in answer.content.iter_chunked(PIECE):
                came += len(piece)
                yield piece
            page = answer.content_type == "text/html"
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise slack_error(error) from error
    if came != size:
        raise ChatError("missing_scope") if page else ChatError("cut_short", ambiguous=True)


def _refuse(answer: aiohttp.ClientResponse) -> None:
    """Raise what a status means; 200 is the file, or a page to sign in at."""
    if answer.status == 429:
        raise ChatError("ratelimited", retry_after=float(answer.headers.get("Retry-After", "30")))
    if answer.status in GONE:
        raise ChatError("file_deleted")
    if answer.status in CLOSED or 300 <= answer.status < 400:
        raise ChatError("missing_scope")
    if answer.status != 200:
        raise ChatError(f"http_{answer.status}", ambiguous=True)
