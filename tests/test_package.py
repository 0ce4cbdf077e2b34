"""What is installed without a checkout holds everything that the program reads from its own folders."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("bot", "commands", "integrations", "runbooks", "storage")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made from a copy of the sources, so that nothing is left behind in them."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in OURS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, copy)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", copy / "made", copy], check=True, capture_output=True)
    [made] = (copy / "made").iterdir()
    return made


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    there = {
        file.relative_to(ROOT).as_posix()
        for folder in OURS
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert there - packed == set()


def test_the_installed_program_finds_what_it_reads(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--exit"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert (ran.returncode, "is resolved" in ran.stdout) == (0, True), ran.stdout + ran.stderr
