"""The demo's service really hangs, is really restarted by the program, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.service import DemoService, write_demo_programs
from bot.errors import StartError
from bot.http import GuardedHttp
from runbooks.programs import allowed
from tests.runbooks.ground import executor, order, running, settled, until

HTTP = GuardedHttp()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[DemoService]:
    made = DemoService(tmp_path)
    await made.start()
    yield made
    await made.stop()


def pid(folder: Path) -> int:
    return int((folder / "order-gateway.pid").read_text())


async def test_it_answers_hangs_and_is_healed_by_an_approved_program(service: DemoService, tmp_path: Path) -> None:
    programs = write_demo_programs(tmp_path)
    assert await service.healthy(HTTP)
    await service.hang(HTTP)
    assert not await service.healthy(HTTP, timeout=0.3)
    before = pid(tmp_path)
    run = executor(tmp_path, "run")
    restart = order(programs["restart-service"], "order-gateway")
    await run.start(restart)
    ended = await settled(run, restart)
    assert (ended.outcome, ended.exit) == ("exited", 0), ended.output
    assert ended.output.endswith(f"order-gateway runs again as {pid(tmp_path)}\n")
    assert pid(tmp_path) != before
    assert await service.healthy(HTTP)


async def test_the_thread_dump_shows_where_it_hangs(service: DemoService, tmp_path: Path) -> None:
    program = write_demo_programs(tmp_path)["thread-dump"]
    await service.hang(HTTP)
    assert not await service.healthy(HTTP, timeout=0.2)
    for _ in range(2):  # each dump is a new one
        assert (await asyncio.to_thread(subprocess.check_output, [program])).count(b"_place_order") == 1


def test_the_programs_can_be_allowed_and_know_only_their_service(tmp_path: Path) -> None:
    for path in write_demo_programs(tmp_path).values():
        assert allowed(str(path), [str(path)]) == str(path)
        assert subprocess.run([path, "another"], capture_output=True).returncode == 2


async def test_a_taken_port_is_a_clear_sentence(service: DemoService, tmp_path: Path) -> None:
    second = DemoService(tmp_path, service.port)
    with pytest.raises(StartError, match=str(service.port)):
        await second.start()
    await second.stop()


async def test_nothing_is_left_when_it_is_stopped(tmp_path: Path) -> None:
    made = DemoService(tmp_path)
    await made.start()
    gateway = pid(tmp_path)
    await made.stop()
    assert not running(gateway)


@pytest.mark.slow
def test_nothing_is_left_when_the_demo_is_killed(tmp_path: Path) -> None:
    demo = (
        "import asyncio, pathlib, sys, threading\nfrom bot.demo.service import DemoService\n"
        "s = DemoService(pathlib.Path(sys.argv[1]))\nasyncio.run(s.start())\n"
        "print(s._supervisor.pid, flush=True)\nthreading.Event().wait()"
    )
    process = subprocess.Popen([sys.executable, "-c", demo, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    supervisor, gateway = int(process.stdout.readline()), pid(tmp_path)
    assert os.getsid(supervisor) == supervisor
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not running(supervisor) and not running(gateway))


async def test_nothing_is_left_when_the_supervisor_is_killed(service: DemoService, tmp_path: Path) -> None:
    gateway = pid(tmp_path)
    assert service._supervisor is not None
    os.kill(service._supervisor.pid, signal.SIGKILL)
    await asyncio.to_thread(until, lambda: not running(gateway))
