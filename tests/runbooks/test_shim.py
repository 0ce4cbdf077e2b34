"""The shim as a process: one claim, one deadline, one result, and nothing of the program left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runbooks import papers, shim, spawning
from tests.runbooks.ground import for_shim, running, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "attempt"
    made.mkdir(mode=0o700)
    return made


def begin(folder: Path, *argv: str, **rest: Any) -> subprocess.Popen[bytes]:
    (folder / "order.json").write_text(json.dumps(for_shim(*argv, **rest)))
    return again(folder)


def again(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "order.json").open() as stdin:
        return subprocess.Popen(spawning.command(sys.executable, folder), stdin=stdin, start_new_session=True)


def shell(folder: Path, script: str, **rest: Any) -> subprocess.Popen[bytes]:
    return begin(folder, "/bin/sh", "-c", script, **rest)


def result(folder: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.wait(30) == 0
    found: dict[str, Any] = json.loads((folder / "exit.json").read_bytes())
    return found


def pid_in(path: Path) -> int:
    until(lambda: path.exists() and path.read_text().endswith("\n"))
    return int(path.read_text())


def test_the_result_has_code_size_and_time(folder: Path) -> None:
    before = shim.now()
    found = result(folder, shell(folder, "echo out; echo err >&2; exit 3"))
    assert before < found.pop("ended_at") < shim.now()
    assert found == {"outcome": "exited", "exit": 3, "ok": False, "bytes": 8}
    assert (folder / "head").read_bytes() == b"out\nerr\n"


def test_code_0_is_ok(folder: Path) -> None:
    assert result(folder, shell(folder, "exit 0"))["ok"] is True


def test_it_loads_nothing_that_takes_its_time(folder: Path) -> None:
    (folder / "order.json").write_text(json.dumps(for_shim("/bin/true")))
    python, *rest = spawning.command(sys.executable, folder)
    said = subprocess.run([python, "-X", "importtime", *rest], capture_output=True, text=True, check=True).stderr
    loaded = {line.rpartition("|")[2].strip() for line in said.splitlines()}
    assert loaded >= {"runbooks.shim", "runbooks.papers", "_json"}
    assert not loaded & {"contextlib", "ctypes", "enum", "json", "pathlib", "re", "signal", "subprocess", "typing"}


def test_the_program_gets_nothing_of_the_bot(folder: Path) -> None:
    script = "env; pwd; readlink /proc/$$/fd/0; stat -c %a .; umask; ls /proc/self/fd | wc -l; cut -d' ' -f1,5,6 /proc/$$/stat"
    result(folder, shell(folder, script, env={"PATH": "/usr/bin:/bin", "RUN_ID": "a1"}))
    lines = (folder / "head").read_text().split("\n")
    assert set(lines[:3]) == {"PATH=/usr/bin:/bin", "RUN_ID=a1", f"PWD={folder}/work"}
    assert lines[3:8] == [
        f"{folder}/work",
        "/dev/null",
        "700",
        "0022",
        "4",
    ]  # stdin, stdout, stderr, and the folder that ls reads
    pid, group, session = lines[8].split()
    assert pid == group != session
    assert session != str(os.getsid(0))


def test_who_claims_second_exits_99_and_runs_nothing(folder: Path, tmp_path: Path) -> None:
    first = shell(folder, f"echo ran >> {tmp_path}/effects")
    others = [again(folder) for _ in range(3)]
    codes = sorted(process.wait(30) for process in (first, *others))
    assert codes == [0, shim.LOST, shim.LOST, shim.LOST]
    assert (tmp_path / "effects").read_text() == "ran\n"
    assert [path.name for path in folder.iterdir() if path.name.startswith("claim")] == ["claim"]


def test_the_claim_tells_the_shim_from_every_other_process(folder: Path) -> None:
    process = shell(folder, "sleep 0.2")
    until((folder / "claim").exists)
    claim = json.loads((folder / "claim").read_bytes())
    assert claim["pid"] == process.pid
    assert claim == {**papers.whoami(process.pid), "at": claim["at"]}
    process.wait(30)
    assert papers.start_of(process.pid) is None


def test_what_runs_too_long_is_asked_to_end(folder: Path) -> None:
    found = result(folder, shell(folder, "trap 'echo asked; exit 7' TERM; sleep 30 & wait", timeout=0.3))
    assert (found["outcome"], found["exit"], found["ok"]) == ("timed_out", 7, False)
    assert (folder / "head").read_bytes() == b"asked\n"


@pytest.mark.slow
def test_what_does_not_end_is_killed_with_its_children(folder: Path, tmp_path: Path) -> None:
    script = f"trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > {tmp_path}/pid; while :; do sleep 0.1; done' & wait; wait"
    found = result(folder, shell(folder, script, timeout=0.3))
    assert (found["outcome"], found["exit"]) == ("timed_out", 128 + signal.SIGKILL)
    assert not running(pid_in(tmp_path / "pid"))


def test_children_left_in_the_group_are_killed(folder: Path, tmp_path: Path) -> None:
    found = result(folder, shell(folder, f"sh -c 'echo $$ > {tmp_path}/pid; exec sleep 60' & sleep 0.2; exit 0"))
    assert (found["outcome"], found["exit"]) == ("exited", 0)
    until(lambda: not running(pid_in(tmp_path / "pid")))


def test_a_daemon_that_keeps_the_output_open_is_not_waited_for_and_lives(folder: Path, tmp_path: Path) -> None:
    daemon = f"setsid sh -c 'echo $$ > {tmp_path}/pid; exec sleep 60' & sleep 0.3; echo done"
    assert result(folder, shell(folder, daemon))["outcome"] == "exited"
    pid = pid_in(tmp_path / "pid")
    assert running(pid)
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("how", ["file", "signal"])
def test_it_stops_when_asked(folder: Path, how: str) -> None:
    process = shell(folder, "echo begun; exec sleep 60")
    until(lambda: (folder / "head").exists() and (folder / "head").stat().st_size > 0)
    (folder / "stop").touch() if how == "file" else process.terminate()
    found = result(folder, process)
    assert (found["outcome"], found["exit"]) == ("stopped", 128 + signal.SIGTERM)


def test_the_program_dies_with_the_shim(folder: Path, tmp_path: Path) -> None:
    process = shell(folder, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    pid = pid_in(tmp_path / "pid")
    process.kill()
    process.wait(30)
    until(lambda: not running(pid))
    assert not (folder / "exit.json").exists()


def test_what_cannot_be_started_says_so(folder: Path) -> None:
    found = result(folder, begin(folder, "/nonexistent/program"))
    assert (found["outcome"], found["exit"], found["ok"]) == ("failed", 126, False)
    assert b"No such file" in (folder / "head").read_bytes()


@pytest.mark.parametrize(
    ("script", "limits", "code"),
    [
        ("while :; do :; done", {"cpu": 1}, 128 + signal.SIGKILL),
        ("head -c 200000 /dev/zero > big", {"file": 100_000}, 128 + signal.SIGXFSZ),
        ("exec head -c 900000000 /dev/zero | tail -c 800000000 >/dev/null", {"memory": 100_000_000}, 1),
    ],
)
@pytest.mark.slow
def test_limits_hold(folder: Path, script: str, limits: dict[str, int], code: int) -> None:
    assert result(folder, shell(folder, script, **limits))["exit"] == code


def test_a_long_output_keeps_its_beginning_and_its_end(folder: Path) -> None:
    found = result(folder, shell(folder, "seq 1 200000"))
    assert found["bytes"] == sum(len(f"{n}\n") for n in range(1, 200_001))
    assert (folder / "head").read_bytes().startswith(b"1\n2\n3\n")
    assert (folder / "head").stat().st_size == papers.HEAD
    kept = (folder / "tail.old").read_bytes() + (folder / "tail").read_bytes()
    assert papers.TAIL <= len(kept) <= 2 * papers.TAIL
    assert kept.endswith(b"199999\n200000\n")


@pytest.mark.slow
def test_1_gb_of_output_needs_little_memory_and_disk(folder: Path) -> None:
    """The program is never held up for good, and what it said first and last is there."""
    process = shell(folder, "echo first; head -c 1000000000 /dev/zero; echo last; echo > done; exec sleep 60")
    until((folder / "claim").exists)
    bare = most_memory(process)
    until((folder / "work" / "done").exists, 60)
    most = most_memory(process)
    (folder / "stop").touch()
    assert result(folder, process)["bytes"] == 1_000_000_011
    assert most - bare < 4 * 1024
    assert sum(path.stat().st_size for path in folder.iterdir()) < 500_000
    assert (folder / "head").read_bytes().startswith(b"first\n\0")
    kept = (folder / "tail.old").read_bytes() + (folder / "tail").read_bytes()
    assert kept.endswith(b"\0last\n")


def most_memory(process: subprocess.Popen[bytes]) -> int:
    """The most that a process had in memory so far, in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
