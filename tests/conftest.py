"""What all tests share: golden files, and hypothesis without a stop-watch (with fixed seeds in CI)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tocsin", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tocsin")

GOLDEN = Path(__file__).parent / "golden"


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
