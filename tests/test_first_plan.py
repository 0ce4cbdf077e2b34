"""`docs/plans.md` teaches an author in ten minutes: its page is written, and each of its commands is run and says what it shows."""

import re
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Run, place, run

__all__ = ["place", "run"]

GUIDE = (Path(__file__).parents[1] / "docs" / "plans.md").read_text("utf-8")
LESSON = GUIDE.partition("## Your first plan, in ten minutes")[2].partition("## The page")[0]
PAGES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", LESSON, re.DOTALL))
SHOWN = re.findall(
    r"\$ (tocsin .*?)\n(.*?)(?=\n\$ |\Z)",
    "\n".join(re.findall(r"```console\n(.*?)\n```", LESSON, re.DOTALL)),
    re.DOTALL,
)


@pytest.fixture
def desk(place: Path) -> Path:
    """An author's folder with the pages of the lesson."""
    (place / "plans").mkdir()
    for name, text in PAGES.items():
        (place / name).write_text(text, "utf-8")
    return place


def test_the_lesson_has_its_parts() -> None:
    assert [Path(name).name for name in PAGES] == ["market-data-stale.md", "market-data-stale.test.yaml"]
    assert [command.split()[2] for command, _ in SHOWN] == ["lint", "show", "test", "lint"]


@pytest.mark.parametrize("number", range(3))
def test_what_is_typed_says_what_is_shown(desk: Path, run: Run, number: int) -> None:
    command, shown = SHOWN[number]
    said = run(*command.split()[1:])
    assert (said.code, said.out.replace("\xa0", " ").rstrip()) == (0, shown)


def test_the_mistake_is_told_as_shown(desk: Path, run: Run) -> None:
    page = desk / "plans" / "market-data-stale.md"
    page.write_text(page.read_text("utf-8").replace("#stop-quoting", "#stop-quote", 1), "utf-8")
    command, shown = SHOWN[3]
    said = run(*command.split()[1:])
    assert (said.code, said.out.rstrip()) == (1, shown)
