"""Every rule: the page that breaks it, what is said, and that the good page beside it says nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.plan_lint import line
from runbooks import together
from tests.runbooks.pages import found, read
from tests.runbooks.rules import POLICY, RULES

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"P104", "P107", "P701"}
"""Rules about several files (tests/runbooks/test_catalogue.py, tests/bot/cli/test_plan.py) and about tests of plans."""
TODAY = "2026-11-22"
AS_WELL = {"P208": {35}}
"""From the phase before it, too, no way leads to an end."""


@pytest.mark.parametrize(("code", "good", "old", "new", "where"), RULES, ids=[row[0] for row in RULES])
def test_a_rule_speaks_and_is_silent(code: str, good: str, old: str, new: str, where: int) -> None:
    assert good.count(old) >= 1
    bad = good.replace(old, new, 1)
    said = found(read(bad, allowed=POLICY, today=TODAY))
    assert said.get(code, [])[:1] == [where]
    assert set(said[code]) == {where} | AS_WELL.get(code, set())
    quiet = read(good, allowed=POLICY, today=TODAY)
    assert quiet.plan is not None
    assert code not in found(quiet)


def test_what_is_said(golden: Callable[[str, str], None]) -> None:
    """The sentences, for eyes: each names what is wrong, where, and what to do."""
    told = []
    for code, good, old, new, _ in RULES:
        problems = read(good.replace(old, new, 1), allowed=POLICY, today=TODAY).problems
        told.append(line("text", next(problem for problem in problems if problem.code == code)))
    golden("lint.txt", "\n".join(told) + "\n")


def test_no_rule_is_left_out() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "runbooks").glob("*.py"))
    codes = set(re.findall(r'"(P\d{3})"', sources))
    assert codes == {row[0] for row in RULES} | ELSEWHERE
    told = (ROOT / "docs" / "plans.md").read_text("utf-8").partition("## What the linter says")[2]
    ranges = re.findall(r"P(\d{3})(?:-P(\d{3}))?", told)
    assert not [code for code in codes if not any(int(a) <= int(code[1:]) <= int(b or a) for a, b in ranges)]


def test_rules_about_several_files() -> None:
    page = "---\nplan: 1\nid: {id}\nowner: a\nmatch: ['a=\"b\"']\n---\n"
    one, two = (together.of_text(page.replace("{id}", name), f"{name}.md") for name in ("one", "two"))
    same = together.of_text(page.replace("{id}", "one"), "copy.md")
    assert one is not None
    assert two is not None
    assert same is not None
    assert [p.code for p in together.problems([one])] == []
    assert [(p.code, p.file, p.line) for p in together.problems([one, two])] == [("P107", "two.md", 5)]
    assert [(p.code, p.file, p.line) for p in together.problems([one], [two])] == [("P107", "one.md", 5)]
    assert [(p.code, p.file, p.line) for p in together.problems([same], [one])] == [("P104", "copy.md", 3)]
    assert [p.code for p in together.problems([one], [same])] == ["P107"], "whichever is asked about"
    assert together.of_text("no front matter", "x.md") is None
    assert together.of_text("---\nowner: x\n---\n", "x.md") is None
