"""Real kills of the bot and of the whole host's processes: the effect happens at most once, and what is said of it is true."""

import json
import multiprocessing
import os
import random  # noqa: TID251
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from runbooks import papers, shim, spawning
from tests.runbooks.bot_process import live
from tests.runbooks.ground import kill, open_directory, program, running, until

SERVER = multiprocessing.get_context("forkserver")
"""Forks bots from a process that has loaded the program already: a kill then hits the work and not the imports."""
COUNT = 'echo "$$" >> {root}/effects; '


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    SERVER.set_forkserver_preload(["tests.runbooks.bot_process"])


class Host:
    """A machine with one attempt on it: bots are started and killed, shims are killed."""

    def __init__(self, root: Path, body: str, check: str = "", timeout: float = 20.0) -> None:
        self.root = root
        limits = {"programs": [str(program(root, body)), str(program(root, check or "false", "check"))]}
        verify = {"executor": "run", "spec": {"argv": [limits["programs"][1]]}, "timeout": 5, "attempts": 1, "wait": 0}
        order = {"executor": "run", "spec": {"argv": limits["programs"][:1]}, "timeout": timeout, "limits": limits}
        (root / "order").write_text(json.dumps({**order, "verify": verify if check else None}))
        self.bots: list[Any] = []

    def bot(self) -> None:
        self.bots.append(SERVER.Process(target=live, args=(self.root,), daemon=True))
        self.bots[-1].start()

    def kill_bot(self) -> None:
        self.bots[-1].kill()
        self.bots[-1].join()

    def kill_all(self) -> None:
        """As if the machine had lost its power: the bot, every shim, and with each its program."""
        self.kill_bot()
        for claim in self.root.glob("runner/attempts/*/claim"):
            pid = json.loads(claim.read_bytes()).get("pid", 0)
            if pid and papers.start_of(pid) is not None:
                kill([pid], signal.SIGKILL)
                until(lambda pid=pid: not running(pid))  # type: ignore[misc]

    def settle(self) -> list[dict[str, Any]]:
        """What a bot that is left alone says in the end."""
        self.bot()
        self.bots[-1].join(30)
        assert self.bots[-1].exitcode == 0
        found: list[dict[str, Any]] = json.loads((self.root / "settled").read_text())
        return found

    def effects(self) -> int:
        path = self.root / "effects"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def wait_for(self, name: str) -> None:
        until((self.root / name).exists)


def calling(root: Path, body: str) -> Host:
    """A machine with an attempt of `python` on it."""
    host = Host(root, "")
    (root / "own.py").write_text(
        f"import os, time\n\ndef go(root):\n    open(root + '/effects', 'a').write(f'{{os.getpid()}}\\n')\n    {body}\n"
    )
    limits = {"python": ["own:go"], "python_path": [str(root)]}
    spec = {"call": "own:go", "with": {"root": str(root)}}
    (root / "order").write_text(
        json.dumps({"executor": "python", "spec": spec, "timeout": 20.0, "limits": limits, "verify": None})
    )
    return host


def outcomes(events: list[dict[str, Any]]) -> list[Any]:
    return [event.get("outcome", event.get("ok")) for event in events]


def test_without_a_crash_it_happens_once(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT + "exit 3")
    events = host.settle()
    assert outcomes(events) == ["exited"]
    assert events[0]["exit"] == 3
    assert host.effects() == 1


def test_killed_before_anything_was_begun_it_never_is(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT)
    (tmp_path / "action.start.begun").touch()
    assert outcomes(host.settle()) == ["never_started"]
    assert host.effects() == 0


def test_a_shim_that_claims_after_the_recovery_loses(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT)
    (tmp_path / "action.start.begun").touch()
    assert outcomes(host.settle()) == ["never_started"]
    folder = open_directory(tmp_path).folder("a1")
    (folder / "order.json").write_text("{}")
    late = subprocess.run(spawning.command(sys.executable, folder), check=False)
    assert late.returncode == shim.LOST
    assert host.effects() == 0


@pytest.mark.slow
def test_killed_while_it_runs_it_is_watched_again(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT + "sleep 1.5; exit 5")
    host.bot()
    host.wait_for("effects")
    host.kill_bot()
    events = host.settle()
    assert (outcomes(events), events[0]["exit"], host.effects()) == (["exited"], 5, 1)


@pytest.mark.slow
def test_killed_while_it_runs_the_first_deadline_still_holds(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT + "exec sleep 60", timeout=1.5)
    host.bot()
    host.wait_for("effects")
    host.kill_bot()
    began = time.monotonic()  # noqa: TID251
    assert outcomes(host.settle()) == ["timed_out"]
    assert time.monotonic() - began < 4  # noqa: TID251


@pytest.mark.slow
def test_what_ends_while_the_bot_is_away_has_its_true_time(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT + "sleep 0.3")
    host.bot()
    host.wait_for("effects")
    host.kill_bot()
    host.wait_for("runner/attempts/a1/exit.json")
    time.sleep(1)  # noqa: TID251
    events = host.settle()
    assert (outcomes(events), host.effects()) == (["exited"], 1)
    result = json.loads((tmp_path / "runner/attempts/a1/exit.json").read_bytes())
    assert abs(events[0]["ended_at"] - result["ended_at"]) < 100_000


@pytest.mark.parametrize(
    ("check", "expected"), [("", ["unknown"]), ("exit 0", ["unknown", True]), ("exit 1", ["unknown", False])]
)
def test_when_the_host_dies_only_the_check_can_tell(tmp_path: Path, check: str, expected: list[Any]) -> None:
    host = Host(tmp_path, COUNT + "exec sleep 60", check)
    host.bot()
    host.wait_for("effects")
    pid = int((tmp_path / "effects").read_text())
    host.kill_all()
    until(lambda: not running(pid))
    assert outcomes(host.settle()) == expected
    assert host.effects() == 1


def test_a_kill_during_the_check_checks_again_and_says_it_once(tmp_path: Path) -> None:
    host = Host(tmp_path, COUNT + "exec sleep 60", "touch {root}/checking; sleep 0.5")
    host.bot()
    host.wait_for("effects")
    host.kill_all()
    host.bot()
    host.wait_for("checking")
    host.kill_bot()
    assert outcomes(host.settle()) == ["unknown", True]
    assert host.effects() == 1


def test_a_function_is_watched_again_after_a_kill_of_the_bot(tmp_path: Path) -> None:
    host = calling(tmp_path, "time.sleep(0.6); return False")
    host.bot()
    host.wait_for("effects")
    host.kill_bot()
    events = host.settle()
    assert (outcomes(events), events[0]["exit"], host.effects()) == (["exited"], 1, 1)


def test_of_a_function_that_dies_with_the_host_nobody_knows(tmp_path: Path) -> None:
    host = calling(tmp_path, "time.sleep(60)")
    host.bot()
    until(lambda: host.effects() == 1)
    pid = int((tmp_path / "effects").read_text())
    host.kill_all()
    until(lambda: not running(pid))
    assert (outcomes(host.settle()), host.effects()) == (["unknown"], 1)


def try_luck(root: Path, seed: int) -> tuple[str, int]:
    """One to three kills at random moments, some of them of the whole host; the outcome said, and the effects counted."""
    luck = random.Random(seed)
    host = Host(root, "sleep 0.05; " + COUNT + "sleep 0.15; exit 0")
    for _ in range(luck.randint(1, 3)):
        host.bot()
        time.sleep(luck.uniform(0.0, 0.4))  # noqa: TID251
        host.kill_all() if luck.random() < 0.3 else host.kill_bot()
    events = host.settle()
    assert len(events) == 1
    return events[0]["outcome"], host.effects()


def check_luck(root: Path, seeds: range) -> None:
    for seed in seeds:
        place = root / str(seed)
        place.mkdir()
        outcome, effects = try_luck(place, seed)
        allowed = {"exited": {1}, "never_started": {0}, "unknown": {0, 1}}
        assert effects in allowed[outcome], f"seed {seed}: {outcome}, {effects} effects"


@pytest.mark.slow
def test_random_kills_never_make_it_happen_twice(tmp_path: Path) -> None:
    check_luck(tmp_path, range(12))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_fifty_random_kills_never_make_it_happen_twice(tmp_path: Path) -> None:
    """With the twelve above: what every pull request has to stand."""
    check_luck(tmp_path, range(12, 50))


@pytest.mark.soak
def test_many_random_kills_never_make_it_happen_twice(tmp_path: Path) -> None:
    check_luck(tmp_path, range(1000, 1000 + 200 * int(os.environ.get("SOAK", "1"))))
