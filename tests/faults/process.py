"""The real bot: `tocsin serve` as a process of its own, on one folder, which can be killed and started again."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bot
from runbooks import papers

ROOT = Path(bot.__file__).parents[1]
LOOK = 0.02
"""Seconds between two looks at what another process does."""
PATIENCE = 75.0
"""Seconds that anything may take: a machine with other things to do is no failure."""


async def until(true: Callable[[], Any], seconds: float = PATIENCE, what: str = "it") -> None:
    """Wait for what other processes do: looked at 50 times a second. AssertionError after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110  # other processes do not ring
                await asyncio.sleep(LOOK)  # noqa: TID251
    except TimeoutError:
        raise AssertionError(f"{what} did not happen within {seconds:g} s") from None


class Bot:
    """One bot after the other on `folder` (config, tocsin.db, runner). port: of the present one; starts: how many there were."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error::ResourceWarning",
            "TOCSIN_DATABASE_URL": f"sqlite:///{folder}/tocsin.db",
            "TOCSIN_CONFIG_DIR": f"{folder}/config",
            "TOCSIN_RUNNER_DIR": f"{folder}/runner",
            "TOCSIN_HTTP_PORT": "0",
            **environment,
        }
        self.starts, self.port = 0, 0
        self._process: subprocess.Popen[bytes] | None = None
        self._spawned: list[subprocess.Popen[bytes]] = []

    @property
    def database(self) -> Path:
        return self.folder / "tocsin.db"

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def alive(self) -> bool:
        return self._running.poll() is None

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "no bot runs"
        return self._process

    def spawn(self, **environment: str) -> subprocess.Popen[bytes]:
        """A bot that nobody waits for; what it says goes into its own log."""
        self.starts += 1
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self.folder,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._spawned.append(process)
        return process

    async def start(self, connected: bool = True, **environment: str) -> None:
        """Returns when it listens and, if wanted, is connected with Slack."""
        self._process = self.spawn(**environment)
        event = "Slack is connected" if connected else "listening"
        try:
            await until(lambda: self.said(event) or self._running.poll() is not None)
        except AssertionError:
            raise AssertionError(f"the bot does not come up: {self.log.read_text()}") from None
        assert self._running.poll() is None, f"the bot ended at its start: {self.log.read_text()}"
        self.port = self.said("listening")[0]["port"]

    def kill(self) -> None:
        """SIGKILL, at this very moment; returns when the process is gone."""
        self._running.kill()
        self._running.wait()

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    async def stop(self) -> int:
        """SIGTERM, as a service manager does; the exit code."""
        self.signal(signal.SIGTERM)
        await until(lambda: self._running.poll() is not None, 30.0, "the end after SIGTERM")
        return self._running.returncode

    @property
    def log(self) -> Path:
        """Of the present bot."""
        return self.folder / f"log.{self.starts}"

    def said(self, event: str) -> list[dict[str, Any]]:
        """Lines of the present bot's log with this event."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == event]

    def complaints(self) -> list[str]:
        """What all logs say that nobody should ever read: unexpected errors."""
        texts = [self.folder.joinpath(f"log.{n}").read_text() for n in range(1, self.starts + 1)]
        return [
            line for text in texts for line in text.splitlines() if '"level": "error"' in line or "Traceback" in line
        ]

    def shims(self) -> list[int]:
        """Pids of the shims that run, from the claims in the runner directory."""
        claims = [json.loads(path.read_bytes()) for path in self.folder.glob("runner/attempts/*/claim")]
        return [c["pid"] for c in claims if "pid" in c and papers.start_of(c["pid"]) == c["start"]]

    def kill_shims(self) -> None:
        """As if the machine had lost its power: each shim, and with it its program."""
        for pid in self.shims():
            os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        for process in self._spawned:
            process.kill()
            process.wait()
        self.kill_shims()
