"""`run` with real programs: once, to the end, also when the bot asks twice, stops it or goes away."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bot.ports import Executor
from runbooks.executors.run import Run
from tests.runbooks.ground import executor, kill, order, program, settled, tools, until


@pytest.fixture
def found(tmp_path: Path) -> Executor:
    return executor(tmp_path, "run")


async def test_a_program_runs_with_its_arguments_as_they_are(found: Executor, tmp_path: Path) -> None:
    path = program(tmp_path, 'for word in "$@"; do echo "<$word>"; done; echo "$RUN_ID"; exit 4')
    words = ["$(id)", "; id", "-rf", "", "two\nlines", "ünicode"]
    what = order(path, *words)
    await found.start(what)
    ended = await settled(found, what)
    assert ended.output == "".join(f"<{word}>\n" for word in words) + "a1\n"
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "exited", 4, False)
    assert ended.size == len(ended.output.encode())


async def test_it_runs_once_however_often_it_is_started(found: Executor, tmp_path: Path) -> None:
    what = order(program(tmp_path, "echo ran >> {root}/effects"))
    for _ in range(3):
        await found.start(what)
    assert (await settled(found, what)).ok
    await found.start(what)
    assert (await settled(found, what)).ok
    assert (tmp_path / "effects").read_text() == "ran\n"


async def test_when_start_returns_the_shim_owns_the_attempt(found: Executor, tmp_path: Path) -> None:
    what = order(program(tmp_path, "exec sleep 60"))
    await found.start(what)
    assert (await found.poll(what)).state == "running"
    assert isinstance(found, Run)
    assert [os.getsid(pid) for pid in found.shims.pids] == [
        *found.shims.pids
    ]  # a Ctrl+C or hang-up of the bot is not theirs
    await found.stop(what)
    assert (await settled(found, what)).outcome == "stopped"
    await found.stop(what)


async def test_what_is_stopped_before_it_begins_never_does(found: Executor, tmp_path: Path) -> None:
    what = order(program(tmp_path, "echo ran >> {root}/effects"))
    await found.stop(what)
    await found.start(what)
    assert (await found.poll(what)).state == "never_started"
    assert not (tmp_path / "effects").exists()


@pytest.mark.parametrize(
    ("arguments", "programs", "reason"),
    [((), [], "add it to automation.programs"), (("a\0b",), None, "holds a NUL")],
)
async def test_what_is_refused_never_runs(
    found: Executor, tmp_path: Path, arguments: tuple[str, ...], programs: list[str] | None, reason: str
) -> None:
    path = program(tmp_path, "echo ran >> {root}/effects")
    what = order(path, *arguments)
    if programs is not None:
        what = order(path, *arguments, programs=programs)
    with pytest.raises(PermissionError, match=reason):
        await found.start(what)
    assert (await found.poll(what)).state == "never_started"
    await found.start(order(path))  # allowed by now, and still never
    assert (await found.poll(what)).state == "never_started"
    assert not (tmp_path / "effects").exists()


async def test_a_shim_that_does_not_begin_loses_the_attempt(tmp_path: Path) -> None:
    found = Run(tools(tmp_path), python=str(program(tmp_path, "echo no interpreter; exit 1", "python")))
    what = order(program(tmp_path, "echo ran >> {root}/effects"))
    with pytest.raises(OSError, match="no interpreter"):
        await found.start(what)
    assert (await found.poll(what)).state == "never_started"


async def test_a_shim_that_takes_too_long_loses_the_attempt(tmp_path: Path) -> None:
    late = program(tmp_path, f'sleep 0.5; exec {sys.executable} "$@"', "python")
    found = Run(tools(tmp_path), python=str(late), patience=0.1)
    what = order(program(tmp_path, "echo ran >> {root}/effects"))
    with pytest.raises(OSError, match="did not begin"):
        await found.start(what)
    until(lambda: _all_ended(found))
    assert (await found.poll(what)).state == "never_started"
    assert not (tmp_path / "effects").exists()


def _all_ended(found: Run) -> bool:
    found.shims.reap()
    return not found.shims.pids


async def test_no_zombies_are_left(found: Executor, tmp_path: Path) -> None:
    path = program(tmp_path, "true")
    for n in range(3):
        what = order(path, attempt=f"a{n}")
        await found.start(what)
        await settled(found, what)
    assert isinstance(found, Run)
    while found.shims.pids:
        await found.poll(what)


async def test_a_new_bot_reads_what_an_old_one_began(tmp_path: Path) -> None:
    what = order(program(tmp_path, "sleep 0.4; echo done"))
    await executor(tmp_path, "run").start(what)
    other = executor(tmp_path, "run")
    assert (await other.poll(what)).state == "running"
    assert (await settled(other, what)).output == "done\n"


async def test_a_killed_shim_is_gone_and_its_program_with_it(found: Executor, tmp_path: Path) -> None:
    what = order(program(tmp_path, "echo begun; exec sleep 60"))
    await found.start(what)
    head = tmp_path / "runner" / "attempts" / "a1" / "head"
    until(lambda: head.exists() and head.read_text() == "begun\n")
    assert isinstance(found, Run)
    kill([*found.shims.pids], signal.SIGKILL)
    gone = await settled(found, what)
    assert (gone.state, gone.output) == ("gone", "begun\n")


async def test_secrets_do_not_leave_the_runner(tmp_path: Path) -> None:
    found = Run(tools(tmp_path, "hunter2-secret"))
    what = order(program(tmp_path, "echo the password is hunter2-secret and xoxb-123456789012-abcdefghijkl"))
    await found.start(what)
    assert (await settled(found, what)).output == "the password is [masked] and [masked]\n"


async def test_the_timeout_is_the_shims_own(found: Executor, tmp_path: Path) -> None:
    what = order(program(tmp_path, "exec sleep 60"), timeout=0.3)
    began = time.monotonic()  # noqa: TID251
    await found.start(what)
    ended = await settled(found, what)
    assert (ended.outcome, ended.exit, ended.ok) == ("timed_out", 128 + signal.SIGTERM, False)
    assert time.monotonic() - began < 4  # noqa: TID251


async def test_the_descriptors_of_the_bot_stay_its_own(found: Executor, tmp_path: Path) -> None:
    """Also those that it got from whoever started it, open for all children."""
    got = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(got, True)
    before = len(os.listdir("/proc/self/fd"))
    what = order(program(tmp_path, "ls /proc/$$/fd"))
    await found.start(what)
    assert (await settled(found, what)).output.split() == ["0", "1", "10", "2"]  # 10 is sh's hand on its script
    assert len(os.listdir("/proc/self/fd")) == before
    os.close(got)
