"""What `tocsin check` finds about what automation may do: functions, other machines and secrets that could not be used."""

from collections.abc import Iterator

from bot.cli.findings import OK, PROBLEM, WARNING, Finding
from bot.domain.policy import Automation
from bot.errors import ConfigError
from bot.secrets import resolve
from runbooks.functions import installed, located
from runbooks.programs import check_private


def of_automation(automation: Automation) -> Iterator[Finding]:
    """What is allowed, and could not be done now."""
    yield from of_functions(automation)
    yield from of_reach(automation)
    yield from of_secrets(automation)


def of_functions(automation: Automation) -> Iterator[Finding]:
    """Functions that policy.yaml allows and that could not be called now."""
    for call in automation.python:
        try:
            located(call, automation.python, automation.python_path)
        except PermissionError as error:
            yield Finding(WARNING, "approving", str(error), "docs/executors.md says where functions come from")


def of_reach(automation: Automation) -> Iterator[Finding]:
    """What policy.yaml allows on other machines and what could not be done there now."""
    reach, do = automation.reach, "docs/executors.md says what it needs"
    for name, module, secret, there in (
        ("ssh", "asyncssh", reach.ssh.key, bool(reach.ssh.user)),
        ("ansible", "ansible.cli", "", bool(reach.ansible.inventory)),
        ("k8s", "aiohttp", reach.k8s.kubeconfig, bool(reach.k8s.kubeconfig)),
    ):
        if there and not installed(module):
            yield Finding(WARNING, "approving", f"{name} is not installed: pip install 'tocsin[{name}]'", do)
        try:
            if there and secret:
                check_private(secret)
        except OSError as error:
            yield Finding(WARNING, "approving", f"no action by {name} will run: {error}", do)


def of_secrets(automation: Automation) -> Iterator[Finding]:
    """Secrets that cannot be read."""
    wrong = 0
    for name, secret in automation.secrets.items():
        try:
            resolve(secret.value)
        except ConfigError as error:
            wrong += 1
            do = "set it, or write another reference into policy.yaml (automation: secrets)"
            yield Finding(PROBLEM, "secrets", f"{name}: {error}", do)
    if automation.secrets and not wrong:
        yield Finding(OK, "secrets", f"{len(automation.secrets)} of policy.yaml can be read")
