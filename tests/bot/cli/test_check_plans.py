"""What `tocsin check` says of plans that would run what policy.yaml does not allow."""

import shutil
from pathlib import Path

from bot.cli.findings import OK, PROBLEM
from bot.workspace import Workspace
from runbooks.catalogue import STARTERS
from tests.bot.cli.test_check import config, found, slack

__all__ = ["slack"]


async def test_a_plan_that_the_policy_does_not_allow(slack: Workspace, place: Path) -> None:
    """A team's own is a problem. Of starters it is said once: `plans` offers them to people."""
    config(place, policy="automation: {programs: [/opt/mine/*]}\n")
    assert await found("plans", PROBLEM) == []
    _, barred = await found("plans", OK)
    assert barred.said.startswith("policy.yaml does not allow all that these run, so people do it by hand: ")
    assert not [one for one in await found() if "not there" in one.said and one.about == "automation"]
    (place / "config/plans").mkdir()
    shutil.copy(STARTERS / "restart-hung-service.md", place / "config/plans")
    problems = await found("plans", PROBLEM)
    assert {finding.said.split(" ")[1] for finding in problems} == {"P426"}
