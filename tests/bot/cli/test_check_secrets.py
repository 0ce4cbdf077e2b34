"""What `tocsin check` says of the secrets that policy.yaml names."""

from pathlib import Path

from bot.cli.findings_automation import of_secrets
from bot.domain.policy import Automation, Secret


def test_what_cannot_be_read_is_a_problem_before_anybody_needs_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    here = Automation(secrets={"DEPLOYS": Secret(f"file:{file}", ("deploys.internal",))})
    [said] = of_secrets(here)
    assert (said.level, "DEPLOYS" in said.said, bool(said.do)) == ("problem", True, True)
    file.write_text("t0ken-of-deploys\n")
    [said] = of_secrets(here)
    assert said.level == "ok"
    assert "t0ken" not in said.said
    assert not list(of_secrets(Automation()))
