"""The local workspace as a program of its own."""

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
