"""A lost space or fence takes no step, person, answer or action out of a plan without an error."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.plan import Plan
from runbooks.parse import Parsed
from tests.runbooks.pages import read

STARTERS = sorted((Path(__file__).parents[2] / "runbooks" / "plans").glob("*.md"))


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_a_starter_with_one_space_less_says_the_same_or_is_refused(path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    whole = _said(read("\n".join(lines)))
    assert whole is not None
    fences = [n for n, line in enumerate(lines) if line.lstrip().startswith("```")]
    inside = [n for begin, end in zip(fences[::2], fences[1::2]) for n in range(begin, end + 1)]
    for n in inside:
        for shorter in {lines[n].removeprefix(" "), lines[n].replace("`", "", 1)} - {lines[n]}:
            found = _said(read("\n".join([*lines[:n], shorter, *lines[n + 1 :]])))
            assert found is None or found == whole, f"line {n + 1}"


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_a_starter_with_a_line_moved_or_behind_a_tag_says_the_same_or_is_refused(path: Path) -> None:
    """A step, answer, heading or row becomes code, HTML or a part of the line above it, and nobody would see it."""
    lines = path.read_text("utf-8").split("\n")
    whole = _said(read("\n".join(lines)))
    for n, line in enumerate(lines):
        if not line.lstrip().startswith(("- ", "#", "|")):
            continue
        for changed in (f"    {line}", f"\t{line}", f"<div>\n{line}", f"<!--\n{line}"):
            found = _said(read("\n".join([*lines[:n], changed, *lines[n + 1 :]])))
            assert found is None or found == whole, f"line {n + 1}: {changed}"


def test_what_was_taken_out_on_purpose_is_no_trouble() -> None:
    """In a comment that ends, and in an example of a page."""
    page = STARTERS[0].read_text("utf-8").rstrip()
    for beside in ("<!--\n- [ ] Not any more.\n-->", "```md\n- [ ] Like this.\n## And this\n```", "<b>\n\n</b>"):
        assert _said(read(f"{page}\n\n{beside}\n")) == _said(read(page + "\n"))


def _said(parsed: Parsed) -> list[Any] | None:
    """What people and the bot do by it; None if it is refused."""
    return None if parsed.plan is None else list(_course(parsed.plan))


def _course(plan: Plan) -> Any:
    for phase in plan.phases:
        for step in phase.steps:
            people = step.role, step.confirmed_by, step.confirm_always, step.within
            told = step.evidence, step.marks, step.question, step.answers, step.update_text
            yield phase.title, step.text, people, told, step.action
