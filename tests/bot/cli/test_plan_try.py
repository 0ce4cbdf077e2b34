"""A plan is walked alone, in the local workspace."""

from pathlib import Path

import pytest

from runbooks.catalogue import STARTERS
from tests.bot.cli.conftest import Run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["restart-hung-service", "default", "experiment-hung-worker"])
def test_the_plan_is_begun(run: Run, name: str) -> None:
    """One with matchers, one without, and one that people begin."""
    said = run("plan", "try", str(STARTERS / f"{name}.md"), "--exit")
    assert said.code == 0, said.err
    assert said.out.startswith("http://127.0.0.1:")
    assert "#inc-1-" in said.out


def test_a_plan_that_no_alert_can_have_is_said(run: Run, place: Path) -> None:
    text = (STARTERS / "default.md").read_text().replace("owner:", "match: ['env=\"a\"', 'env=\"b\"']\nowner:")
    (place / "never.md").write_text(text)
    said = run("plan", "try", "never.md", "--exit")
    assert (said.code, said.err) == (1, 'tocsin: No alert can be made for which env="a" holds.\n')
