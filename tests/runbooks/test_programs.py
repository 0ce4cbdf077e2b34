"""Which programs the runner agrees to start."""

import os
from pathlib import Path

import pytest

from runbooks.programs import allowed


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "bin" / "heal"
    path.parent.mkdir(mode=0o755)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("pattern", ["{bin}/heal", "{bin}/*", "{bin}/he*"])
def test_a_named_program_may_run(program: Path, pattern: str) -> None:
    assert allowed(str(program), [pattern.replace("{bin}", str(program.parent))]) == str(program)


@pytest.mark.parametrize("patterns", [[], ["heal"], ["*"], ["/*"], ["{bin}"], ["{bin}/sub/*"], ["{bin}/heal2"]])
def test_one_that_nobody_named_may_not(program: Path, patterns: list[str]) -> None:
    with pytest.raises(PermissionError, match=r"add it to automation\.programs"):
        allowed(str(program), [pattern.replace("{bin}", str(program.parent)) for pattern in patterns])


def test_a_link_counts_as_what_it_points_to(program: Path) -> None:
    link = program.parent / "innocent"
    link.symlink_to("/bin/sh")
    with pytest.raises(PermissionError, match="add it"):
        allowed(str(link), [str(link)])
    assert allowed(str(link), [os.path.realpath("/bin/sh")]) == os.path.realpath("/bin/sh")


@pytest.mark.parametrize("name", ["heal", "./heal", "bin/heal", "", "/nonexistent/heal", "/a\0b"])
def test_a_program_is_an_absolute_path_that_is_there(program: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(program.parent)
    with pytest.raises(PermissionError):
        allowed(name, ["/*", name, str(program)])


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_one_that_others_may_change_may_not(program: Path, mode: int) -> None:
    program.chmod(mode)
    with pytest.raises(PermissionError, match="may be changed by others"):
        allowed(str(program), [str(program)])


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_one_whose_folder_others_may_change_may_not(program: Path, mode: int) -> None:
    program.parent.chmod(mode)
    with pytest.raises(PermissionError, match=f"chmod go-w {program.parent}"):
        allowed(str(program), [str(program)])
    program.parent.chmod(mode | 0o1000)  # sticky, as /tmp: nobody can put another one in its place
    assert allowed(str(program), [str(program)])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_that_belongs_to_somebody_else_may_not(program: Path) -> None:
    os.chown(program, 65534, 65534)
    with pytest.raises(PermissionError, match="belongs to user 65534"):
        allowed(str(program), [str(program)])


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_what_cannot_be_executed_may_not(program: Path, mode: int) -> None:
    program.chmod(mode)
    with pytest.raises(PermissionError, match="not a program"):
        allowed(str(program), [str(program)])


def test_a_folder_is_no_program(program: Path) -> None:
    with pytest.raises(PermissionError, match="not a program"):
        allowed(str(program.parent), [str(program.parent)])
