"""The bytes of files: from Slack's hosts alone, whole, and never from where a redirect leads."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.errors import ChatError
from bot.slack.client import SlackClient
from bot.slack.download import allowed, content

SLACK, LOCAL = "https://slack.com/api/", "http://127.0.0.1:8090/api/"


@pytest.mark.parametrize(
    ("url", "api", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.txt", SLACK, True),
        ("https://slack.com/files-pri/T1-F1/a.txt", SLACK, True),
        ("https://files.slack-gov.com/files-pri/T1-F1/a.txt", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:8090/files/F1/a.txt", LOCAL, True),
        ("http://files.slack.com/files-pri/T1-F1/a.txt", SLACK, False),
        ("https://files.slack.com:8443/a.txt", SLACK, False),
        ("https://evil.example/files-pri/T1-F1/a.txt", SLACK, False),
        ("https://files.slack.com.evil.example/a.txt", SLACK, False),
        ("https://files.slack.com@evil.example/a.txt", SLACK, False),
        ("https://xoxb:secret@files.slack.com/a.txt", SLACK, False),
        ("https://evilfiles.slack.com/a.txt", SLACK, False),
        ("https://evil.example\\@files.slack.com/a.txt", SLACK, False),
        ("http://127.0.0.1:8091/files/F1/a.txt", LOCAL, False),
        ("http://169.254.169.254/latest/meta-data", LOCAL, False),
        ("file:///etc/passwd", SLACK, False),
        ("//files.slack.com/a.txt", SLACK, False),
        ("https://[files.slack.com/a.txt", SLACK, False),
        ("", SLACK, False),
    ],
)
def test_our_token_goes_to_slack_alone(url: str, api: str, ours: bool) -> None:
    assert (allowed(url, api) is not None) is ours


class Host:
    """Answers as it is told, and remembers who came with which token."""

    def __init__(self) -> None:
        self.answer = web.Response(body=b"one two")
        self.came: list[tuple[str, str]] = []

    async def give(self, request: web.Request) -> web.Response:
        self.came.append((request.path, request.headers.get("Authorization", "")))
        return self.answer


@pytest.fixture
async def host() -> AsyncIterator[tuple[Host, str]]:
    made, app = Host(), web.Application()
    app.router.add_get("/{rest:.*}", made.give)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield made, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def read(base: str, url: str, size: int = 7) -> bytes:
    client = SlackClient("xoxb-1", f"{base}/api/", SystemClock().monotonic)
    try:
        return b"".join([piece async for piece in content(client, url, size)])
    finally:
        await client.close()


async def test_the_bytes_come_with_our_token(host: tuple[Host, str]) -> None:
    made, base = host
    assert await read(base, f"{base}/files/F1/a.txt") == b"one two"
    assert made.came == [("/files/F1/a.txt", "Bearer xoxb-1")]
    with pytest.raises(ChatError, match="not_slacks"):
        await read("https://slack.com", f"{base}/files/F1/a.txt")
    assert len(made.came) == 1, "nobody else was asked"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "missing_scope"),
        (web.Response(text="<!doctype html>Sign in", content_type="text/html"), "missing_scope"),
        (web.Response(status=403), "missing_scope"),
        (web.Response(status=404), "file_deleted"),
        (web.Response(status=429, headers={"Retry-After": "7"}), "ratelimited"),
        (web.Response(status=503), "http_503"),
        (web.Response(body=b"one"), "cut_short"),
    ],
)
async def test_what_is_not_the_file_is_said(host: tuple[Host, str], answer: web.Response, code: str) -> None:
    made, base = host
    made.answer = answer
    with pytest.raises(ChatError) as failed:
        await read(base, f"{base}/files/F1/a.txt")
    assert failed.value.code == code
    assert len(made.came) == 1, "no redirect is followed"


async def test_a_page_that_is_the_file_is_a_file(host: tuple[Host, str]) -> None:
    made, base = host
    made.answer = web.Response(text="<html/>", content_type="text/html")
    assert await read(base, f"{base}/files/F1/a.html", 7) == b"<html/>"
