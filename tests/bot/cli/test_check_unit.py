"""What `tocsin check` says of systemd: a unit whose stop would end what runs is told, and nothing is said that is not known."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.findings_unit import of_unit
from bot.settings import Settings
from runbooks.unit import Unit
from runbooks.unit_of import kill_mode, runner_pid, unit_of
from storage.pidlock import PidLock, holder


def proc(root: Path, cgroup: str = "0::/system.slice/tocsin.service\n") -> Path:
    """A /proc that says of this process in which unit it is."""
    folder = root / "proc" / str(os.getpid())
    folder.mkdir(parents=True)
    (folder / "cgroup").write_text(cgroup)
    return root / "proc"


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [
        ("0::/system.slice/tocsin.service\n", "tocsin.service"),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/tocsin.service\n", "tocsin.service"),
        ("1:name=systemd:/system.slice/tocsin@2.service/sub\n0::/\n", "tocsin@2.service"),
        ("0::/user.slice/user-0.slice/session-3.scope\n", ""),
        ("0::/\n", ""),
    ],
)
def test_the_unit_of_a_process(tmp_path: Path, cgroup: str, unit: str) -> None:
    assert unit_of(os.getpid(), proc(tmp_path, cgroup)) == unit
    assert unit_of(1 << 22, tmp_path) == ""


def test_what_systemd_says(tmp_path: Path) -> None:
    systemctl = tmp_path / "systemctl"
    systemctl.write_text('#!/bin/sh\n[ "$4" = tocsin.service ] && echo control-group\n')
    systemctl.chmod(0o755)
    assert kill_mode("tocsin.service", str(systemctl)) == "control-group"
    assert kill_mode("other.service", str(systemctl)) == ""
    assert kill_mode("tocsin.service", str(tmp_path / "nothing")) == ""


@pytest.mark.parametrize(
    ("mode", "told"), [("control-group", True), ("mixed", True), ("process", False), ("none", False), ("", False)]
)
def test_the_bot_that_runs_now(tmp_path: Path, mode: str, told: bool) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'tocsin.db'}")
    assert not list(of_unit(settings, proc(tmp_path), lambda unit: mode)), "none runs"
    lock = PidLock(tmp_path / "tocsin.db.lock")
    assert holder(tmp_path / "tocsin.db.lock") == os.getpid()
    found = list(of_unit(settings, tmp_path / "proc", lambda unit: mode))
    assert [one.said.partition(":")[0] for one in found] == ([f"KillMode={mode} of tocsin.service"] if told else [])
    lock.free()
    assert holder(tmp_path / "tocsin.db.lock") is None, "the file is still there, and its pid lives"


def test_with_a_runner_it_is_the_runner_that_counts(tmp_path: Path) -> None:
    settings = Settings(runner="unit", runner_dir=tmp_path, database_url="postgresql://nowhere/x")
    assert not list(of_unit(settings, proc(tmp_path), lambda unit: "control-group"))
    with closing(Unit(tmp_path)):
        assert runner_pid(tmp_path) == os.getpid()
        assert list(of_unit(settings, tmp_path / "proc", lambda unit: "control-group"))
        assert not list(
            of_unit(Settings(database_url="postgresql://nowhere/x"), tmp_path / "proc", lambda unit: "mixed")
        )
