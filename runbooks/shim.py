"""The shim: a process of its own around one program, so that the bot may die and the program is still run at most once.

    python -I -S -c … ROOT FOLDER       (runbooks/spawning.py)

FOLDER holds `order.json` {argv, program, env, timeout, cpu, memory, processes, file}. The shim links `claim` (who comes
second exits 99), starts the program in a process group of its own, keeps the first and the last of its output, ends it when
its time is over or a file `stop` appears, and leaves `exit.json`. Standard library only; Linux only (/proc, prctl).

Somebody waits for the program, and a Python begins in 8 ms; json, signal, subprocess, ctypes, contextlib and pathlib would take 40
more. So only what is built in is imported: what is under those modules, in C.
"""

import _ctypes
import os
import resource
import select
import time

from runbooks.papers import Output, link_claim, read_json, whoami, write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from typing import Any
else:
    import _signal as signal

LOST = 99
"""Exit code of a shim that came too late for the claim."""
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


class Program:
    """The program in its process group, its deadline, and why it was ended. OSError: it cannot be started."""

    def __init__(self, folder: str, order: "dict[str, Any]", stopped: "Callable[[], bool]") -> None:
        self._stopped = stopped
        self._deadline = time.monotonic() + order["timeout"]
        self._kill_at: float | None = None
        self.outcome, self.exit = "exited", 0
        os.mkdir(f"{folder}/work", 0o700)
        self.pipe, output = os.pipe()
        told, tell = os.pipe()
        shim = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            _become(f"{folder}/work", order, shim, output, tell)
        os.close(output)
        os.close(tell)
        failure = b"".join(
            iter(lambda: os.read(told, 4096), b"")
        )  # its end of the pipe is closed as the program begins
        os.close(told)
        if failure:
            os.waitpid(self._pid, 0)
            raise OSError(failure.decode())
        os.set_blocking(self.pipe, False)

    def over(self) -> bool:
        """True once the program has ended; ends it when it is time. What it left behind in its group is killed."""
        if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            self._end_if_due(time.monotonic())
            return False
        self._signal(signal.SIGKILL)  # not yet reaped: the number of the group cannot be anybody else's
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
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
        try:
            os.killpg(self._pid, number)
        except PermissionError:  # what became another user (sudo) goes on, and is shown as running
            return


def _become(work: str, order: "dict[str, Any]", shim: int, output: int, tell: int) -> None:
    """In the child: the program, in a group of its own, with nothing of ours, limited. Never returns; says why it could not."""
    try:
        os.setpgid(0, 0)
        libc = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]
        _ctypes.call_function(
            _ctypes.dlsym(libc, "prctl"), (1, signal.SIGKILL)
        )  # PR_SET_PDEATHSIG: nobody holds the time then
        if os.getppid() != shim:
            os._exit(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(work)
        os.umask(0o022)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them
            signal.signal(number, signal.SIG_DFL)
        for name, kind in LIMITS.items():
            hard = resource.getrlimit(kind)[1]
            most = order[name] if hard == resource.RLIM_INFINITY else min(order[name], hard)
            resource.setrlimit(kind, (most, most))
        os.execve(order["program"], order["argv"], order["env"])  # noqa: S606
    except (OSError, ValueError, TypeError, KeyError) as error:
        os.write(tell, str(error).encode() or b"?")
    finally:
        os._exit(126)  # a second shim must not go on from here


def let_go() -> None:
    """What whoever started the bot had open, and left open for all its children, is nothing to the program."""
    os.closerange(4, 1 + max(int(name) for name in os.listdir("/proc/self/fd")))


def main(folder: str) -> int:
    """Claim, run, report. The exit code says who won the claim, never how the program ended."""
    let_go()
    terminated: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: terminated.append(number))
    os.umask(0o077)
    order = read_json(f"{folder}/order.json")
    if not link_claim(folder, {**whoami(os.getpid()), "at": now()}):
        return LOST
    try:  # whoever started us waits on descriptor 3 for one byte; it may be gone
        os.write(3, b"c")
        os.close(3)
    except OSError:
        pass
    output = Output(folder)
    result = _run(folder, order, output, lambda: bool(terminated) or os.path.exists(f"{folder}/stop"))
    output.close()
    for _ in range(60):  # a full disk may have room again in a while
        try:
            write_json(folder, "exit.json", {**result, "bytes": output.size})
        except OSError:
            time.sleep(1)
        else:
            return 0
    return 1


def _run(folder: str, order: "dict[str, Any]", output: Output, stopped: "Callable[[], bool]") -> "dict[str, Any]":
    try:
        program = Program(folder, order, stopped)
    except OSError as error:
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


def now() -> int:
    """µs UTC."""
    return time.time_ns() // 1000
