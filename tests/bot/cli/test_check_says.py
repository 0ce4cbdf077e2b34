"""`tocsin check` says what to do about each thing that is not well."""

import ast
from pathlib import Path

import pytest

from bot.cli import findings
from bot.cli.findings import PROBLEM
from bot.errors import StartError
from bot.life import serve
from bot.settings import read
from tests.bot.cli.test_check import found


async def test_a_folder_that_was_named_and_is_not_there_is_a_problem(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defaults would let everybody do everything; nor does the program start."""
    monkeypatch.setenv("TOCSIN_CONFIG_DIR", "confg")
    [problem] = await found("config")
    assert (problem.level, "TOCSIN_CONFIG_DIR names confg" in problem.said) == (PROBLEM, True)
    with pytest.raises(StartError, match="TOCSIN_CONFIG_DIR names confg, and there is no such folder"):
        await serve(read())


async def test_a_database_that_cannot_be_used_says_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    [problem] = await found("database")
    assert (problem.level, bool(problem.do)) == (PROBLEM, True)


def test_whatever_is_not_well_says_what_to_do() -> None:
    """Every finding that is written as a warning or a problem has words for what to do."""
    for path in Path(findings.__file__).parent.glob("findings*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "Finding" and getattr(call.args[0], "id", "") in ("WARNING", "PROBLEM"):
                assert len(call.args) == 4, f"{path.name}:{call.lineno}"
