"""What a reviewer does not see on GitHub, and checks that see nothing themselves."""

import pytest

from bot.domain.plan import Does
from runbooks.idle import never_fails
from runbooks.markdown import read
from tests.runbooks.pages import FRONT, SETTINGS, acting, found
from tests.runbooks.pages import read as plan


@pytest.mark.parametrize(
    ("before", "hidden"),
    [
        ("", False),
        ("<details>", True),
        ("<DETAILS class='x'>\n<summary>More</summary>", True),
        ("<details open>", False),
        ("<details class=x open>", False),
        ("<details data-open='open'>", True),
        ('<details title="is open now">', True),
        ('<details title=">">', True),
        ("<details>\n\nwords\n\n</details>", False),
        ("<details>\n\n<details open>\n\n</details>", True),
        ("<details open>\n\n<details>", True),
        ("Words <details>", True),
        ("`<details>` is what GitHub folds", False),
        ("<!-- <details> -->", False),
        ("<details>\n\n<!-- </details> -->", True),
        ("<details>\n\n`</details>`", True),
        ("<details>\n\n| a |\n|---|\n| </details> |", True),
        ("| a |\n|---|\n| <details> |", False),
        ("```\n<details>\n```", False),
    ],
)
def test_what_github_folds_away(before: str, hidden: bool) -> None:
    page = read(f"# A\n\n## B\n\n{before}\n\n- [ ] Do it.\n")
    assert bool(page.folded & set(page.boxes)) is hidden


FOLDED = f"{FRONT}## Do\n\n- [ ] **Decision:** Is it?\n\n  <details>\n\n  - **Yes** → continue\n  - **No** → stop\n\n  </details>\n"


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (FOLDED, [17, 18]),
        (
            f"{FRONT}<details>\n\n## Roles\n\n| Role | Who |\n|---|---|\n| Network | @net |\n\n</details>\n\n## Do\n\n- [ ] x\n",
            [17],
        ),
        (acting().replace("  ```yaml", "  <details>\n\n  ```yaml", 1), [17, 29]),
        (acting(settings=SETTINGS.replace("```yaml", "<details>\n\n```yaml")), [29]),
        (f"{FRONT}## Do\n\n- [ ] x\n\n## Background\n\n<details>\n\nWords, and\n\n- a list\n\n</details>\n", []),
    ],
)
def test_all_that_decides_stands_in_the_open(page: str, lines: list[int]) -> None:
    assert found(plan(page)).get("P213", []) == lines


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["/usr/bin/true"], "true"),
        (["/bin/echo", "ok"], "echo"),
        (["/usr/bin/sudo", "-u", "/usr/bin/true"], "true"),
        (["/usr/bin/timeout", "5", "/usr/bin/sleep", "1"], "sleep"),
        (["/usr/bin/env", "A=b", ":"], ":"),
        (["/usr/bin/test", "-e", "true"], ""),
        (["/opt/look", "echo"], ""),
        (["/usr/bin/sudo", "/opt/look", "true"], ""),
    ],
)
def test_a_check_that_cannot_fail(argv: list[str], name: str) -> None:
    assert never_fails(Does("run", {"argv": argv})) == name
    assert never_fails(Does("ssh", {"host": "a", "argv": argv})) == name


def test_what_is_no_program_may_be_a_check() -> None:
    assert never_fails(Does("http", {"url": "http://true/"})) == ""
