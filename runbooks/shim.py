"""The shim: a process of its own around one program, so that the bot may die and the program is still run at most once.

    python -I shim.py FOLDER

FOLDER holds `order.json` {argv, program, env, timeout, cpu, memory, processes, file}. The shim links `claim` (who comes
second exits 99), starts the program in a process group of its own, keeps the first and the last of its output, ends it when
its time is over or a file `stop` appears, and leaves `exit.json`. Standard library only; Linux only (/proc, prctl).
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

LOST = 99
"""Exit code of a shim that came too late for the claim."""
HEAD, TAIL = 64 * 1024, 192 * 1024
"""Bytes kept of the beginning and of the end of the output; `tail.old` and `tail` together hold at least the last TAIL."""
GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
TICK = 0.1
"""Seconds between two looks at the clock, the program and the file `stop`."""
DRAIN = 1.0
"""Seconds of patience with a pipe that something outside the process group still holds open."""

LIMITS = {
    "cpu": resource.RLIMIT_CPU,
    "memory": resource.RLIMIT_AS,
    "processes": resource.RLIMIT_NPROC,
    "file": resource.RLIMIT_FSIZE,
}
"""Keys of the order → limits of the program: seconds, bytes, processes of its user, bytes."""


class Output:
    """The output on disk: all of a short one, beginning and end of a long one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._head = _create(folder / "head")
        self._tail: BinaryIO | None = None
        self._in_tail = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Keep what is to be kept; a full disk keeps nothing, and must not stop the program."""
        room = max(0, HEAD - self.size)
        self.size += len(data)
        with contextlib.suppress(OSError):
            self._head.write(data[:room])
            if data[room:]:
                self._write_tail(data[room:])

    def _write_tail(self, data: bytes) -> None:
        if self._tail is not None and self._in_tail + len(data) > TAIL:
            self._tail.close()
            os.replace(self._folder / "tail", self._folder / "tail.old")
            self._tail = None
        if self._tail is None:
            self._tail, self._in_tail = _create(self._folder / "tail"), 0
        self._tail.write(data)
        self._in_tail += len(data)

    def close(self) -> None:
        for file in filter(None, (self._head, self._tail)):
            with file, contextlib.suppress(OSError):
                os.fsync(file.fileno())


class Program:
    """The program in its process group, its deadline, and why it was ended."""

    def __init__(self, folder: Path, order: dict[str, Any], stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._deadline = time.monotonic() + order["timeout"]
        self._kill_at: float | None = None
        self.outcome, self.exit = "exited", 0
        libc, shim = ctypes.CDLL(None), os.getpid()
        (folder / "work").mkdir(mode=0o700)
        self._process = subprocess.Popen(
            order["argv"],
            executable=order["program"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder / "work",
            env=order["env"],
            umask=0o022,
            process_group=0,
            preexec_fn=lambda: _limit(order, libc, shim),
        )
        assert self._process.stdout is not None
        self.pipe = self._process.stdout.fileno()
        os.set_blocking(self.pipe, False)

    def over(self) -> bool:
        """True once the program has ended; ends it when it is time. What it left behind in its group is killed."""
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            self._end_if_due(time.monotonic())
            return False
        self._signal(signal.SIGKILL)  # not yet reaped: the number of the group cannot be anybody else's
        code = self._process.wait()
        self.exit = code if code >= 0 else 128 - code  # after signal n, as shells say it
        return True

    def _end_if_due(self, now: float) -> None:
        if self._kill_at is not None:
            if now >= self._kill_at:
                self._signal(signal.SIGKILL)
        elif now >= self._deadline or self._stopped():
            self.outcome = "timed_out" if now >= self._deadline else "stopped"
            self._kill_at = now + GRACE
            self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(PermissionError):  # what became another user (sudo) goes on, and is shown as running
            os.killpg(self._process.pid, number)


def main(folder: Path) -> int:
    """Claim, run, report. The exit code says who won the claim, never how the program ended."""
    terminated: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: terminated.append(number))
    os.umask(0o077)
    order = json.loads((folder / "order.json").read_bytes())
    if not link_claim(folder, {**whoami(os.getpid()), "at": now()}):
        return LOST
    with contextlib.suppress(OSError):  # whoever started us waits on descriptor 3 for one byte; it may be gone
        os.write(3, b"c")
        os.close(3)
    output = Output(folder)
    result = _run(folder, order, output, lambda: bool(terminated) or (folder / "stop").exists())
    output.close()
    for _ in range(60):  # a full disk may have room again in a while
        with contextlib.suppress(OSError):
            write_json(folder, "exit.json", {**result, "bytes": output.size})
            return 0
        time.sleep(1)
    return 1


def _run(folder: Path, order: dict[str, Any], output: Output, stopped: Callable[[], bool]) -> dict[str, Any]:
    try:
        program = Program(folder, order, stopped)
    except (OSError, subprocess.SubprocessError) as error:
        output.write(f"cannot be started: {error}\n".encode())
        return {"outcome": "failed", "exit": 126, "ok": False, "ended_at": now()}
    pipes = [program.pipe]
    while not program.over():
        _read(pipes, output)
    ended_at, patience = now(), time.monotonic() + DRAIN
    while pipes and time.monotonic() < patience:
        _read(pipes, output)
    ok = (program.outcome, program.exit) == ("exited", 0)
    return {"outcome": program.outcome, "exit": program.exit, "ok": ok, "ended_at": ended_at}


def _read(pipes: list[int], output: Output) -> None:
    """Take what is there, waiting a tick for it; at the end of the output the list becomes empty."""
    for pipe in select.select(pipes, [], [], TICK)[0]:
        data = os.read(pipe, 64 * 1024)
        output.write(data)
        if not data:
            pipes.clear()


def _limit(order: dict[str, Any], libc: ctypes.CDLL, shim: int) -> None:
    """In the child before exec: limits, and an end if the shim is killed, as then nobody holds the time."""
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != shim:
        os._exit(1)
    for name, kind in LIMITS.items():
        hard = resource.getrlimit(kind)[1]
        most = order[name] if hard == resource.RLIM_INFINITY else min(order[name], hard)
        resource.setrlimit(kind, (most, most))


def link_claim(folder: Path, claim: dict[str, Any]) -> bool:
    """Become the one owner of the attempt: whole, exclusive and on the disk before anything else happens."""
    mine = f"claim.{os.getpid()}.{time.monotonic_ns()}"
    _write(folder / mine, claim)
    try:
        os.link(folder / mine, folder / "claim")
    except FileExistsError:
        return False
    finally:
        (folder / mine).unlink()
        sync_folder(folder)
    return True


def write_json(folder: Path, name: str, value: dict[str, Any]) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    new = f"{name}.{os.getpid()}.new"
    _write(folder / new, value)
    os.replace(folder / new, folder / name)
    sync_folder(folder)


def whoami(pid: int) -> dict[str, Any]:
    """What tells a process from every other one, earlier or later: its pid, its start and this boot."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return {"pid": pid, "start": start_of(pid), "boot": boot}


def start_of(pid: int) -> int | None:
    """When a process was started, in clock ticks since boot; None if it has ended (zombies have)."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else int(rest[18])


def now() -> int:
    """µs UTC."""
    return time.time_ns() // 1000


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write(path: Path, value: dict[str, Any]) -> None:
    with _create(path) as file:
        file.write(json.dumps(value).encode())
        os.fsync(file.fileno())


def _create(path: Path) -> BinaryIO:
    """A new private file, unbuffered."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
