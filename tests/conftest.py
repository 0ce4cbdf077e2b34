"""What all tests share: golden files, hypothesis without a stop-watch (with fixed seeds in CI), files that wait for no disk."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tocsin", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tocsin")

GOLDEN = Path(__file__).parent / "golden"
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3
"""Where files are kept in memory, and how many bytes must be free there: what a test leaves is removed when it has passed."""


def usable(folder: Path) -> bool:
    """Whether tests may keep their files there: there is room, and the programs that they write can be run."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    roomy = found.f_bavail * found.f_frsize >= ROOM
    return roomy and not found.f_flag & os.ST_NOEXEC and os.access(folder, os.W_OK | os.X_OK)


if usable(MEMORY):  # each commit on SQLite waits for the disk, and no test cuts the power
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("card.txt", text)`: the text is what the file holds. `--update-golden` writes it."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{name} is not there: run pytest --update-golden and read what it writes"
        assert text == path.read_text()

    return check
