"""Executors are found by folder, and each keeps the contract."""

import sys
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.plugins import TRIED
from runbooks.executors import classes, keys, load
from tests.runbooks.ground import tools

FOLDER = Path(__file__).parents[3] / "runbooks" / "executors"
DOC = Path(__file__).parents[3] / "docs" / "executors.md"
GOOD = """
class X:
    name = "{name}"
    TRIED = "real"

    @staticmethod
    def keys():
        return {}

    async def start(self, order): ...
    async def poll(self, order): ...
    async def stop(self, order): ...
"""


async def test_all_executors_are_found_made_and_documented(tmp_path: Path) -> None:
    made = load(tools(tmp_path))
    assert set(made) == {path.stem for path in FOLDER.glob("[!_]*.py")} == set(keys())
    assert {"run", "http", "python"} <= set(made)
    for name, executor in made.items():
        assert executor.name == name
        assert executor.TRIED in TRIED
        assert executor.keys() == keys()[name]
        assert f"`{name}`" in DOC.read_text()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "", ""),
        ('name = "{name}"', 'name = "other"', "one class with name"),
        ('TRIED = "real"', 'TRIED = "hoped"', "TRIED must be"),
        ("async def poll", "def poll", "async start, poll, stop"),
        ("    @staticmethod\n", "", "static keys"),
    ],
)
def test_a_file_that_breaks_the_contract_stops_the_start(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    package = f"executors_{abs(hash((old, new)))}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "own.py").write_text(GOOD.replace(old, new).replace("{name}", "own"))
    sys.path.insert(0, str(tmp_path))
    try:
        if sentence:
            with pytest.raises(StartError, match=sentence):
                classes([str(folder)], package)
        else:
            assert set(classes([str(folder)], package)) == {"own"}
    finally:
        sys.path.remove(str(tmp_path))


def test_no_executor_is_named_like_a_key_of_actions(tmp_path: Path) -> None:
    """`wait` of a check would be taken for it, in every plan there is."""
    folder = tmp_path / "executors_reserved"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "wait.py").write_text(GOOD.replace("{name}", "wait"))
    sys.path.insert(0, str(tmp_path))
    try:
        with pytest.raises(StartError, match="'wait' is a key of actions"):
            classes([str(folder)], "executors_reserved")
    finally:
        sys.path.remove(str(tmp_path))
