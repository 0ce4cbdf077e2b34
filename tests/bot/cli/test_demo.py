"""The demo as a newcomer runs it, and the reading commands on the database that it leaves."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[3] / "README.md"

pytestmark = pytest.mark.slow


def tocsin(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that a demo has left, and what it told."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    ran = tocsin("demo", "--exit", "--keep", str(folder))
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr, "it ends as calmly as it began"
    return folder, ran.stdout


@pytest.fixture
def kept(played: tuple[Path, str]) -> Path:
    return played[0]


def read(kept: Path, *arguments: str) -> str:
    where = {"TOCSIN_DATABASE_URL": f"sqlite:///{kept}/tocsin.db", "TOCSIN_CONFIG_DIR": f"{kept}/config"}
    done = tocsin(*arguments, **where)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\u00a0", " ")


def test_the_demo_tells_what_the_readme_shows(played: tuple[Path, str]) -> None:
    scenes = re.findall(r"^[0-9:]{8}  (\d/\d  .*)$", played[1], re.MULTILINE)
    [shown] = re.findall(r"<!-- demo -->\n```text\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown.splitlines() == scenes
    assert "*INC-1* is resolved" in played[1]


def test_the_incident_of_the_demo_is_told(kept: Path) -> None:
    assert read(kept, "incident", "list") == "No incident is open.\n"
    assert read(kept, "incident", "list", "--all").startswith("INC-1 · SEV2 · Resolved")
    told = read(kept, "incident", "show", "1")
    assert "Automation: self-healing: 1 of 1 verified" in told
    assert "Ana approved restart on gw-1." in told


def test_the_report_of_the_demo(kept: Path) -> None:
    assert "Healed by itself (p.self_heal_success): 100 % (1 of 1)" in read(kept, "report")
    told = {number["metric"]: number for number in json.loads(read(kept, "report", "--format", "json"))}
    assert told["t.started__recovered"]["n"] == 1


def test_a_folder_that_holds_something_is_not_overwritten(kept: Path) -> None:
    again = tocsin("demo", "--exit", "--keep", str(kept))
    assert (again.returncode, again.stderr) == (
        1,
        f"tocsin: {kept} is not empty. Name a folder that is not there yet.\n",
    )
