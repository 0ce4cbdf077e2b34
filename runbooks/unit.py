"""`tocsin runner`: starts the shims that the bot asks for, in a unit of its own, with nothing of the bot's secrets.

It knows the runner directory and nothing else: neither Slack nor the database. What may run was decided, and its order written,
before it is asked; the claim makes it happen at most once, whoever starts a shim.
"""

import fcntl
import os
import re
import socket
import sys
from contextlib import suppress
from pathlib import Path

from bot.errors import StartError
from runbooks.spawning import SOCKET, address, spawn

LONGEST, PATIENCE = 200, 5.0
"""Bytes of a question, and seconds until it has to be there."""
_ATTEMPT = re.compile(rb"([A-Za-z0-9][A-Za-z0-9._-]{0,120})\n")


class Unit:
    """The one runner of a runner directory. StartError if it has one already."""

    def __init__(self, root: Path, python: str = sys.executable) -> None:
        """python: what the shims run by."""
        self._attempts, self._python = root.absolute() / "attempts", python
        self._attempts.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(root / "runner.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StartError(f"{root} has a runner already") from error
        (root / SOCKET).unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        with address(root) as at:
            self._door.bind(at)
        os.umask(mask)
        self._door.listen(64)

    def serve(self) -> None:
        """For ever: whoever asks gets a shim. What it has begun goes on when this ends."""
        while True:
            asking, _ = self._door.accept()
            with asking, suppress(OSError):
                self._answer(asking)
            self._reap()

    def close(self) -> None:
        """Nobody is let in any more; another one may take its place."""
        self._door.close()
        os.close(self._lock)

    def _answer(self, asking: socket.socket) -> None:
        asking.settimeout(PATIENCE)
        found = _ATTEMPT.fullmatch(asking.recv(LONGEST))
        folder = self._attempts / found[1].decode() if found else None
        if folder is not None and (folder / "order.json").exists():
            asking.setblocking(True)
            spawn(self._python, folder, asking.fileno())

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


OTHERS = frozenset({"DATABASE_URL", "PGPASSWORD"})
"""Under these names other programs and libpq keep a database's secret."""


def secrets_in(environment: dict[str, str], names: frozenset[str]) -> list[str]:
    """Names of the bot's secrets, and of databases', that an environment holds."""
    return sorted(name for name in names | OTHERS if environment.get(name))
