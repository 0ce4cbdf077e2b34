"""Any text gives a plan or diagnostics inside the file."""

from pathlib import Path

import cmarkgfm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbooks import cases, together
from runbooks.parse import Parsed
from runbooks.problem import Report
from runbooks.rehearsal_action import rehearse
from runbooks.trail import differences
from tests.runbooks.pages import acting, read

PLANS = [path.read_text("utf-8") for path in sorted((Path(__file__).parents[2] / "runbooks" / "plans").glob("*.md"))]
TEXTS = [*PLANS, acting()]
WORDS = """--- # - [ ] # ## A # # T # ```yaml action # ``` # | a | # |---| # ${x} # *( # )* # **Decision:** # [a](#a)
# id: x # run: [/x]
# > # [ # { # &a # *a # !!x # approval: [] # → stop"""
PIECES = st.sampled_from(
    [*WORDS.replace("\n", " ").split(" # "), "\n", "\n\n", "  ", "\t", "\r\n", "\x1f", "\x00", "\u202e"]
)

CASES = st.sampled_from(
    [
        "- name: a\n",
        "  alert: {instance: web-1, env: x}\n",
        "  alert: {severity: sev1}\n",
        "  run: {word: '-rf'}\n",
        "  expect: {}\n",
        "  fake: {restart: {crash: host}}\n",
        "  ran: [1m]\n",
        "  mode: off\n",
        "  approve: nobody\n",
        "  hosts: []\n",
        "\t",
        ": [",
    ]
)


def check(text: str, parsed: Parsed) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines for problem in parsed.problems)
    assert parsed.plan is not None or any(problem.level == "error" for problem in parsed.problems)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=60).map("".join)))
def test_any_text(text: str) -> None:
    check(text, read(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join))
def test_any_text_in_the_blocks(text: str) -> None:
    for page in (
        acting(action=text),
        acting(settings=f"## Settings\n\n```yaml settings\n{text}\n```\n"),
        f"---\n{text}\n---\n",
    ):
        check(page, read(page))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.split("\n")[2])
def test_github_shows_what_is_read(text: str) -> None:
    plan = read(text).plan
    assert plan is not None
    page = cmarkgfm.github_flavored_markdown_to_html(text)
    steps = [step for phase in plan.phases for step in phase.steps]
    assert page.count('type="checkbox"') == len(steps)
    links = [answer for step in steps for answer in step.answers if answer.to.startswith("phase:")]
    assert page.count('<a href="#') == len(links)
    assert page.count('lang="yaml"') + page.count("language-yaml") == sum(
        [1 for s in steps if s.action] + [bool(plan.settings.default), len(plan.abort_checks)]
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.one_of(CASES, st.text(max_size=5)), max_size=30).map("".join)))
def test_any_text_as_a_test_of_a_plan(text: str) -> None:
    plan = read(acting()).plan
    assert plan is not None
    report = Report("a", text.count("\n") + 1)
    for case in cases.read(text, plan, report):
        assert case.line <= report.lines
        if not report.failed:
            list(differences(case.expect, rehearse(plan, case)))
    assert all(1 <= problem.line <= report.lines for problem in report.problems)
    together.of_text(text, "a.md")
    together.of_text(f"---\n{text}\n---\n", "a.md")
