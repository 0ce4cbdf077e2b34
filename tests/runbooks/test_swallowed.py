"""A lost space or fence takes no step, person, answer or action out of a plan without an error."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain.plan import Plan
from runbooks.parse import Parsed
from tests.runbooks.meaning import meaning
from tests.runbooks.pages import FRONT, found, read

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
        if not line.lstrip().startswith(("- ", "#", "|", "**")) and not re.match(r"\s*```\w", line):
            continue
        moved = (indent + line for indent in ("  ", "    ", "      ", "\t"))
        behind = (f"{tag}\n{line}" for tag in ("<div>", "  <div>", "<pre>", "<!--", "<?x"))
        for changed in (*moved, *behind):
            found = read("\n".join([*lines[:n], changed, *lines[n + 1 :]]))
            assert found.problems or _said(found) == whole, f"line {n + 1}: {changed}"


def test_what_was_taken_out_on_purpose_is_no_trouble() -> None:
    """In a comment that ends, and in an example of a page."""
    page = STARTERS[0].read_text("utf-8").rstrip()
    for beside in ("<!--\n- [ ] Not any more.\n-->", "```md\n- [ ] Like this.\n## And this\n```", "<b>\n\n</b>"):
        assert _said(read(f"{page}\n\n{beside}\n")) == _said(read(page + "\n"))


STEP = f"{FRONT}## Do\n\n- [ ] Do it.\n"


@pytest.mark.parametrize(
    ("below", "codes"),
    [
        ("  <p>Not before it is off. *(confirmed by Commander)*</p>\n", {"P214": [14]}),
        ("  <p>Not before it is off.</p>\n", {"P214": [14]}),
        ("  <br>\n", {}),
        ("\n<p>\nAs it was. *(within 5 min)*\n</p>\n", {"P214": [16]}),
        ("\n<p>\n<img src='a.png'> as it was\n</p>\n", {}),
        ("\n```sh\nls\n```\n", {"P402": [15]}),
        ("\n    ls -l\n", {}),
    ],
)
def test_what_stands_beside_a_step(below: str, codes: dict[str, list[int]]) -> None:
    """Words and texts to copy that nobody would get are told."""
    assert found(read(STEP + below)) == codes


@pytest.mark.parametrize(
    ("below", "text", "copy"),
    [
        (
            "  - First:\n    - this,\n\n      ```sh\n      ls\n      ```\n\n      later\n",
            "• First:\n• this,\nlater",
            ("ls",),
        ),
        ("\n      ls -l\n", "", ("ls -l",)),
    ],
)
def test_lists_and_indented_blocks_are_whole(below: str, text: str, copy: tuple[str, ...]) -> None:
    plan = read(STEP + below).plan
    assert plan is not None
    [step] = plan.phases[0].steps
    assert (step.text, step.copy) == (f"Do it.\n{text}".strip(), copy)


def _said(parsed: Parsed) -> Any:
    """What people and the bot do by it; None if it is refused."""
    return None if parsed.plan is None else meaning(list(_course(parsed.plan)))


def _course(plan: Plan) -> Any:
    for phase in plan.phases:
        for step in phase.steps:
            people = step.role, step.confirmed_by, step.confirm_always, step.within
            told = step.evidence, step.marks, step.question, step.answers, step.update_text
            yield phase.title, phase.target, phase.lead, step.text, people, told, step.action
