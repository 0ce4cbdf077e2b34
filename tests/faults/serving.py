"""`tocsin serve` as a process of its own, for tests that kill it; Slack is the local workspace in the test's process."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp

from bot.workspace import Workspace

TOKEN = "the-senders-token"
CAME_UP = 40
"""Real seconds that a process may take to answer."""


class Serving:
    """One program that is begun, killed and begun again on the same database. workspace None: Slack is away."""

    def __init__(self, folder: Path, workspace: Workspace | None = None) -> None:
        self.folder, self.workspace = folder, workspace
        self.port = free_port()
        self.kills = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns when it takes alerts and, where there is a Slack, is connected."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve"), env=self._environment(), stdout=log, stderr=log
            )
        async with asyncio.timeout(CAME_UP):
            while not await self._answers():
                assert self._process.returncode is None, (self.folder / "serve.log").read_text()
                await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.05)
        if self.workspace is not None:
            workspace = self.workspace
            await workspace.until(lambda: workspace.link.sockets, CAME_UP)

    async def kill(self) -> None:
        """kill -9."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await process.wait()
            self.kills += 1
        if self.workspace is not None:
            workspace = self.workspace
            await workspace.until(lambda: not workspace.link.sockets, CAME_UP)

    async def post(self, session: aiohttp.ClientSession, body: Any) -> int:
        """An alert sender's request; its status, 0 if no answer came."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            async with session.post(f"{self.url}/alerts/alertmanager", json=body, headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, OSError):
            return 0

    async def _answers(self) -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        slack = self.workspace
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TOCSIN_DATABASE_URL": f"sqlite:///{self.folder / 'tocsin.db'}",
            "TOCSIN_HTTP_PORT": str(self.port),
            "TOCSIN_CONFIG_DIR": str(self.folder / "config"),
            "TOCSIN_RUNNER_DIR": str(self.folder / "runner"),
            "TOCSIN_ALERT_TOKEN": TOKEN,
            "SLACK_BOT_TOKEN": slack.bot_token if slack else "xoxb-none",
            "SLACK_APP_TOKEN": slack.app_token if slack else "xapp-none",
            "SLACK_API_URL": slack.api_url if slack else "http://127.0.0.1:9/api/",
        }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
