"""The local workspace as a program of its own."""

import asyncio
import os
import signal
import socket

import pytest

from bot.demo.place import run_workspace
from bot.errors import StartError


async def test_a_taken_port_is_a_clear_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StartError, match=f"port {port}.*--port"):
            await run_workspace(port, ())


@pytest.mark.parametrize(
    ("url", "given", "left_out"),
    [
        ("", "export SLACK_APP_TOKEN=xapp-", "SLACK_SIGNING_SECRET"),
        ("http://127.0.0.1:8080/slack/events", "export SLACK_SIGNING_SECRET=", "export SLACK_APP_TOKEN"),
    ],
)
async def test_it_prints_what_the_bot_needs_for_its_way(
    capsys: pytest.CaptureFixture[str], url: str, given: str, left_out: str
) -> None:
    running = asyncio.ensure_future(run_workspace(0, ("ana",), url))  # noqa: TID251
    said = ""
    async with asyncio.timeout(20):
        while given not in said:
            await asyncio.wait({running}, timeout=0.05)
            said += capsys.readouterr().out
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert "export SLACK_BOT_TOKEN=xoxb-" in said
    assert left_out not in said
