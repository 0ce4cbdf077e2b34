"""What `tocsin check` says of other machines: a key that cannot be used is told before anybody needs it."""

from pathlib import Path

from bot.cli.findings_automation import of_reach
from bot.domain.policy import Automation
from bot.domain.reach import K8s, Reach, Ssh


def test_a_key_that_is_not_there_or_not_private_is_told(tmp_path: Path) -> None:
    key, config = tmp_path / "key", tmp_path / "kubeconfig"
    here = Automation(reach=Reach(Ssh("incident", str(key), "/h"), k8s=K8s(str(config), {"shop": "test"})))
    assert [said.said.partition(":")[0] for said in of_reach(here)] == [
        "no action by ssh will run",
        "no action by k8s will run",
    ]
    for file in (key, config):
        file.touch(mode=0o600)
    assert not list(of_reach(here))
    key.chmod(0o644)
    [said] = of_reach(here)
    assert "chmod 600" in said.said
    assert not list(of_reach(Automation()))
