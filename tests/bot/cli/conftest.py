"""The command line in this process: what it prints, and its exit code."""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.cli import main


@dataclass(frozen=True)
class Ran:
    """What became of a command."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, and an environment that says nothing of Tocsin."""
    for name in [name for name in os.environ if name.startswith(("TOCSIN_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """What a command makes of the log does not outlive the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def ran(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    yield ran
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
