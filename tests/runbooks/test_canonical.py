"""A plan that is printed and read again is the same plan; what formatters make of a page is the same plan, too."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.domain.plan import Plan
from runbooks.canonical import fenced, printed
from runbooks.catalogue import STARTERS
from tests.runbooks.generated import plans
from tests.runbooks.meaning import meaning
from tests.runbooks.pages import acting, read

FORMATTED = Path(__file__).parent / "formatted"
PAGES = [path.read_text("utf-8") for path in (*sorted(STARTERS.glob("*.md")), FORMATTED / "written.md")]
WAYS = {"P207", "P208", "P209", "P417", "P424", "P445", "P516"}
"""Rules about how parts of a plan fit together: by chance they do not."""


@pytest.mark.parametrize("text", [*PAGES, acting()], ids=lambda text: text.split("\n")[2])
def test_what_is_printed_means_the_same(text: str) -> None:
    plan = read(text).plan
    assert plan is not None
    again = read(printed(plan)).plan
    assert again is not None
    assert meaning(again) == meaning(plan)
    assert printed(again) == printed(plan)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(plans())
def test_any_plan_can_be_printed(plan: Plan) -> None:
    parsed = read(page := printed(plan))
    assert {problem.code for problem in parsed.problems} <= WAYS, page
    if parsed.plan is not None:
        assert meaning(parsed.plan) == meaning(plan)


def test_a_text_stays_a_text() -> None:
    """What a request sends must not turn from "true" into true by being printed."""
    body = '{"sure": "true", "n": "5", "none": "null", "really": true, "many": 5}'
    page = acting().replace('url: "http://${host}/healthz"', f'url: "http://${{host}}/healthz", json: {body}')
    plan = read(page).plan
    assert plan is not None
    again = read(printed(plan)).plan
    assert again is not None
    assert meaning(again) == meaning(plan)


def test_words_below_a_step_keep_their_order() -> None:
    plan = read((FORMATTED / "written.md").read_text("utf-8")).plan
    assert plan is not None
    assert (
        plan.step("1.4").text == "Look at these, one after the other:\n• the graph\n• the log\nand paste what you see."
    )


def test_no_fence_ends_within_its_block() -> None:
    assert fenced("", "```\nx\n````") == "`````\n```\nx\n````\n`````"


@pytest.mark.parametrize("name", ["mdformat", "prettier"])
def test_formatters_change_no_meaning(name: str) -> None:
    """Each file is what the formatter (with its plugins for GitHub's Markdown and front matter) made of written.md."""
    plan, formatted = (read((FORMATTED / f"{which}.md").read_text("utf-8")).plan for which in ("written", name))
    assert plan is not None
    assert formatted is not None
    assert meaning(formatted) == meaning(plan)
