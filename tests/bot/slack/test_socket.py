"""A socket that Slack takes away, while there is no new one."""

from slack_bolt.async_app import AsyncApp

from bot.slack.client import SlackClient
from bot.slack.socket import listening
from bot.workspace import Workspace
from bot.workspace.link import Socket
from tests.waiting import looks


async def _rest() -> None:
    """Nothing is under way."""


def _open(ws: Workspace) -> list[Socket]:
    return [socket for socket in ws.link.sockets if not socket.leaving and not socket.wire.closed]


async def test_nobody_sits_on_a_socket_to_which_nothing_is_sent(ws: Workspace, client: SlackClient) -> None:
    """Slack asks for a new one and gives none: it counts as not connected at once, and is asked for until there is one."""
    app = AsyncApp(token=ws.bot_token, client=client.web)
    async with listening(app, client, ws.app_token, _rest, ping=0.05) as handler:
        await ws.until(lambda: _open(ws))
        ws.fault("apps.connections.open", "503", times=1_000_000)
        await ws.link.disconnect("refresh_requested")
        async for _ in looks():
            if not await handler.client.is_connected():
                break
        asked = len(ws.calls("apps.connections.open"))
        await ws.until(lambda: len(ws.calls("apps.connections.open")) > asked + 2)
        assert not _open(ws)
        ws.gate.faults = []
        await ws.until(lambda: _open(ws))
        async for _ in looks():
            if await handler.client.is_connected():
                break
