"""The tests find PostgreSQL: on the PATH, then Debian's, then a wheel's; without any they are skipped, or fail in CI."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.postgres import Server, program

Made = Callable[[str], Path]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A machine with nothing but what is put there: path under tmp_path → the program `initdb` in it."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    def put(folder: str) -> Path:
        (tmp_path / folder).mkdir(parents=True)
        found = tmp_path / folder / "initdb"
        found.touch(0o755)
        return found

    return put


@pytest.fixture
def find(made: Made, tmp_path: Path) -> Callable[[str], str | None]:
    return lambda name: program(name, str(tmp_path / "debian/*/bin"), "carries_it")


def test_each_gives_way_to_the_one_before(made: Made, find: Callable[[str], str | None]) -> None:
    (made("site/carries_it/pginstall16/bin").parents[2] / "__init__.py").touch()
    for folder in ("site/carries_it/pginstall18/bin", "debian/15/bin", "debian/17/bin", "path"):
        found = made(folder)
        assert find("initdb") == str(found)


@pytest.mark.parametrize(("ci", "ends"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_any_nobody_passes(
    find: Callable[[str], str | None], monkeypatch: pytest.MonkeyPatch, ci: str, ends: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(ends, match="PostgreSQL"):
        Server.own(find=find)
