"""How a shim begins: as a child of this process, or, on a socket in the runner directory, of `tocsin runner`.

Whoever asks for a shim holds one end of a pipe or of a connection, the shim the other: on it, it says that it owns the attempt.
Nothing that was asked for is kept: a runner that comes later begins nothing old.
"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbooks import shim

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
SHIM = "import sys; sys.path.append(sys.argv[1]); from runbooks.shim import main; sys.exit(main(sys.argv[2]))"
"""Not the file itself: what is imported need not be compiled again each time."""
SOCKET = "runner.sock"
PATIENCE = 5.0
"""Seconds until the runner has to take a question; it has to answer within those of Shimmed."""
ABSENT = "the runner does not answer, so nothing was run: start `tocsin runner` with the same TOCSIN_RUNNER_DIR"


def command(python: str, folder: Path) -> list[str]:
    """A shim of an attempt's folder, with nothing of the environment and nothing that is installed."""
    return [python, "-I", "-S", "-c", SHIM, str(Path(shim.__file__).parents[1]), str(folder)]


def spawn(python: str, folder: Path, tell: int) -> int:
    """The pid of a shim in a session of its own. tell: where it says that it owns the attempt. OSError: it cannot be."""
    log = str(folder / "shim.log")
    return os.posix_spawn(
        python,
        command(python, folder),
        ENVIRONMENT,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
            (os.POSIX_SPAWN_DUP2, tell, 3),
        ],
        setsid=True,
        setsigmask=(),
        setsigdef=(signal.SIGPIPE, signal.SIGINT, signal.SIGTERM),
    )


def child(python: str, folder: Path) -> tuple[int, int]:
    """A shim of this process: its pid, and where it says that it owns the attempt."""
    read, write = os.pipe()
    try:
        pid = spawn(python, folder, write)
    except OSError:
        os.close(read)
        raise
    finally:
        os.close(write)
    return pid, read


def asked(root: Path, attempt: str) -> int:
    """Where a shim of the runner says that it owns the attempt. OSError: there is no runner, and nothing will be run."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as runner:
        runner.settimeout(PATIENCE)
        try:
            with address(root) as at:
                runner.connect(at)
            runner.sendall(f"{attempt}\n".encode())
        except OSError as error:
            raise OSError(ABSENT) from error
        return os.dup(runner.fileno())


def answers(root: Path) -> bool:
    """Whether a runner is there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as runner:
        runner.settimeout(PATIENCE)
        try:
            with address(root) as at:
                runner.connect(at)
        except OSError:
            return False
    return True


@contextmanager
def address(root: Path) -> Iterator[str]:
    """The runner's socket by a path that is short enough, however long that of the directory is."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)
