"""`tocsin runner` as a real process beside a bot that asks it: begun once, gone on without it, nothing begun late."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.findings import OK, PROBLEM, of_settings
from bot.errors import StartError
from bot.ports import Executor
from bot.settings import Settings
from runbooks.executors.run import Run
from runbooks.spawning import address, answers
from runbooks.unit import Unit
from tests.runbooks.ground import order, program, running, settled, tools, until

pytestmark = pytest.mark.slow


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def runner(**more: str) -> subprocess.Popen[str]:
        known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        environment = {**known, "TOCSIN_RUNNER_DIR": str(tmp_path / "runner"), **more}
        argv = [sys.executable, "-m", "bot", "runner"]
        begun.append(subprocess.Popen(argv, env=environment, stdout=-1, stderr=-1, text=True))
        return begun[-1]

    yield runner
    for process in begun:
        process.kill()
        process.communicate()


def asking(root: Path) -> Executor:
    return Run(replace(tools(root), unit=True))


def ready(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    assert "waits for the bot" in process.stdout.readline()
    return process.pid


async def test_it_starts_what_the_bot_asks_for(begin: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    asking(tmp_path)
    assert not answers(tmp_path / "runner")
    pid = ready(begin())
    assert answers(tmp_path / "runner")
    found = asking(tmp_path)
    what = order(program(tmp_path, "echo ran >> {root}/effects; cat /proc/$PPID/status | grep PPid; exit 4"))
    for _ in range(3):
        await found.start(what)
    ended = await settled(found, what)
    assert (ended.outcome, ended.exit, ended.output.split()) == ("exited", 4, ["PPid:", str(pid)])
    await found.start(what)
    assert (tmp_path / "effects").read_text() == "ran\n"


async def test_what_it_runs_goes_on_without_it_and_another_begins_it_not_again(
    begin: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = begin()
    ready(process)
    found = asking(tmp_path)
    what = order(
        program(tmp_path, "echo ran >> {root}/effects; while [ ! -e {root}/go ]; do sleep 0.05; done; echo done")
    )
    await found.start(what)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (await found.poll(what)).state == "running"
    ready(begin())
    await found.start(what)
    (tmp_path / "go").touch()
    assert (await settled(found, what)).output == "done\n"
    assert (tmp_path / "effects").read_text() == "ran\n"


async def test_without_it_nothing_is_run_then_or_later(
    begin: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    found = asking(tmp_path)
    what = order(program(tmp_path, "echo ran >> {root}/effects"))
    with pytest.raises(OSError, match="the runner does not answer, so nothing was run: start `tocsin runner`"):
        await found.start(what)
    ready(begin())
    await found.start(what)
    assert (await found.poll(what)).state == "never_started"
    other = order(tmp_path / "program", attempt="a2")
    await found.start(other)
    await settled(found, other)
    assert (tmp_path / "effects").read_text() == "ran\n"


async def test_what_it_runs_is_stopped_by_the_bot(begin: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    ready(begin())
    found = asking(tmp_path)
    what = order(program(tmp_path, "echo $$ >> {root}/effects; exec sleep 60"))
    await found.start(what)
    until(lambda: (tmp_path / "effects").exists() and bool((tmp_path / "effects").read_text()))
    await found.stop(what)
    assert (await settled(found, what)).outcome == "stopped"
    assert not running(int((tmp_path / "effects").read_text()))


async def test_nonsense_at_its_door_harms_nobody(begin: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    process = begin()
    ready(process)
    for said in (b"", b"../../etc\n", b"nothing-of-that-name\n", b"x" * 5000, b"\xff\n"):
        with socket.socket(socket.AF_UNIX) as door:
            with address(tmp_path / "runner") as at:
                door.connect(at)
            door.sendall(said)
            door.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                assert door.recv(1) == b""
    found = asking(tmp_path)
    what = order(program(tmp_path, "exit 0"))
    await found.start(what)
    assert (await settled(found, what)).ok


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "TOCSIN_DATABASE_URL", "TOCSIN_API_TOKEN", "PGPASSWORD"])
def test_it_refuses_to_know_the_bots_secrets(begin: Callable[..., subprocess.Popen[str]], name: str) -> None:
    process = begin(**{name: "sqlite:///hunter2"})
    _, said = process.communicate(timeout=30)
    assert (process.returncode, f"must not know {name}:" in said, "hunter2" in said) == (1, True, False)


def test_there_is_one(tmp_path: Path) -> None:
    with closing(Unit(tmp_path / "runner")), pytest.raises(StartError, match="has a runner already"):
        Unit(tmp_path / "runner")
    Unit(tmp_path / "runner").close()


def test_the_check_says_whether_it_is_there(tmp_path: Path) -> None:
    def found() -> list[tuple[str, str]]:
        settings = Settings(runner=who, runner_dir=tmp_path / "runner")
        return [(one.level, one.said.split(" in ")[0]) for one in of_settings(settings) if one.about == "runner"]

    who = "bot"
    assert found() == []
    who = "unit"
    assert found() == [(PROBLEM, "no `tocsin runner` answers")]
    with closing(Unit(tmp_path / "runner")):
        assert found() == [(OK, "`tocsin runner` answers")]
