"""One call is one call, and every failure has a name."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.clock import SystemClock
from bot.errors import ChatError, StartError
from bot.slack.client import SlackClient, proxy_for, slack_error
from bot.slack.manifest import SCOPES
from bot.workspace import Workspace
from tests.fakes import FakeClock

ALL = frozenset(SCOPES)
STILL = SystemClock().monotonic


class Answer:
    """As much of Slack's answer as the SDK hands on with an error."""

    def __init__(self, status: int, data: Any, headers: Any = None) -> None:
        self.status_code = status
        self.data = data
        self.headers = headers or {}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}), ChatError("ratelimited", 7.0)),
        (Answer(429, "too many", {"retry-after": "soon"}), ChatError("ratelimited", 30.0)),
        (Answer(500, "oops"), ChatError("http_500", ambiguous=True)),
        (Answer(503, None), ChatError("http_503", ambiguous=True)),
        (Answer(404, {}), ChatError("http_404")),
        (Answer(200, {"ok": False, "error": "is_archived"}), ChatError("is_archived")),
        (Answer(200, {"ok": False, "error": "internal_error"}), ChatError("internal_error", ambiguous=True)),
        (
            Answer(200, {"ok": False, "error": "invalid_blocks", "errors": ["too long [json-pointer:/blocks/0]"]}),
            ChatError("invalid_blocks", detail="too long [json-pointer:/blocks/0]"),
        ),
        (
            Answer(200, {"ok": False, "error": "missing_scope", "needed": "pins:write"}),
            ChatError("missing_scope", detail="needed pins:write"),
        ),
    ],
)
def test_what_slack_says_has_a_name(answer: Answer, expected: ChatError) -> None:
    assert slack_error(SlackApiError("no", answer)) == expected  # type: ignore[no-untyped-call]


def test_silence_has_a_name() -> None:
    assert slack_error(TimeoutError()) == ChatError("timeout", ambiguous=True)
    assert slack_error(aiohttp.ServerDisconnectedError()).ambiguous
    never = aiohttp.ClientConnectorError(None, OSError(111, "refused"))  # type: ignore[arg-type]
    assert not slack_error(never).ambiguous


async def test_a_lost_answer_is_not_sent_again(ws: Workspace, client: SlackClient) -> None:
    room = ws.add_channel("talk", "ana")
    await client.call("conversations_join", channel=room.id)
    ws.fault("chat.postMessage", "lost")
    with pytest.raises(ChatError) as caught:
        await client.call("chat_postMessage", channel=room.id, text="once")
    assert caught.value.ambiguous
    assert len(ws.calls("chat.postMessage")) == 1
    assert [post.text for post in room.posts if "once" in post.text] == ["once"]


@pytest.mark.parametrize(
    ("trouble", "code", "ambiguous"), [("500", "http_500", True), ("503", "http_503", True), ("hang", "timeout", True)]
)
async def test_trouble(ws: Workspace, trouble: Any, code: str, ambiguous: bool) -> None:
    slack = SlackClient(ws.bot_token, ws.api_url, STILL, timeout=0.3)
    ws.fault("auth.test", trouble)
    with pytest.raises(ChatError) as caught:
        await slack.whoami()
    await slack.close()
    assert (caught.value.code, caught.value.ambiguous) == (code, ambiguous)


async def test_a_429_says_when_to_come_back(ws: Workspace, client: SlackClient) -> None:
    ws.fault("users.list", "ratelimited", after=12)
    with pytest.raises(ChatError) as caught:
        await client.call("users_list")
    assert caught.value == ChatError("ratelimited", retry_after=12.0)
    assert caught.value.method == "users.list"


async def test_nobody_asks_again_while_slack_says_wait(ws: Workspace, client: SlackClient, clock: FakeClock) -> None:
    """F4: not for a method, and not for posts into a channel, whoever asks; other channels and methods go on."""
    here, there = (ws.add_channel(name, ws.state.bot_user) for name in ("here", "there"))
    asks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("users_list", {}),
        ("chat_postMessage", {"channel": here.id, "text": "a"}),
    )
    for method, args in asks:
        ws.fault(method.replace("_", ".", 1), "ratelimited", after=12)
        with pytest.raises(ChatError):
            await client.call(method, **args)
    await clock.forward(5)
    asked = len(ws.state.calls)
    for method, args in asks:
        with pytest.raises(ChatError) as caught:
            await client.call(method, **args)
        assert (caught.value.code, caught.value.retry_after) == ("ratelimited", 7.0)
    assert len(ws.state.calls) == asked
    await client.call("chat_postMessage", channel=there.id, text="b")
    await client.call("conversations_list")
    await clock.forward(7)
    for method, args in asks:
        await client.call(method, **args)


async def test_the_preflight_knows_who_we_are(ws: Workspace, client: SlackClient) -> None:
    me = await client.check(ws.app_token, ALL)
    assert me.user == ws.state.bot_user
    assert me.team == ws.state.team
    assert me.scopes >= ALL


async def test_the_preflight_says_what_is_wrong(ws: Workspace, client: SlackClient) -> None:
    with pytest.raises(StartError, match="lacks the scopes canvases:write"):
        await client.check(ws.app_token, ALL | {"canvases:write"})
    assert (await client.check("", ALL)).user == ws.state.bot_user, "HTTP mode has no app-level token"
    with pytest.raises(StartError, match="SLACK_APP_TOKEN \\(invalid_auth\\)"):
        await client.check("xapp-wrong", ALL)
    wrong = SlackClient("xoxb-wrong", ws.api_url, STILL)
    with pytest.raises(StartError, match="SLACK_BOT_TOKEN \\(invalid_auth\\)"):
        await wrong.check(ws.app_token, ALL)
    for code, said in (
        ("fatal_error", "no calls just now"),
        ("team_added_to_org", "no calls just now"),
        ("ratelimited", "no calls"),
        ("accesslimited", "an administrator has to allow it"),
    ):
        ws.fault("auth.test", "error", code=code)
        with pytest.raises(StartError, match=said):
            await client.check(ws.app_token, ALL)
    nowhere = SlackClient("xoxb-x", "http://127.0.0.1:9/api/", STILL)
    with pytest.raises(StartError, match="cannot be reached"):
        await nowhere.check(ws.app_token, ALL)
    await wrong.close()
    await nowhere.close()


def test_a_proxy_is_for_others_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "internal.example")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    assert proxy_for("wss://wss-primary.slack.com/link") == "http://proxy.example:3128"
    assert proxy_for("https://internal.example/api/") is None
    assert proxy_for("http://127.0.0.1:8090/api/") is None
    assert SlackClient("x", "http://127.0.0.1:8090/api/", STILL).web.proxy is None
