"""What `tocsin check` finds about people: who is called, and who may approve (waking: findings_waking.py)."""

from collections.abc import Iterator, Sequence

from bot.cli.findings import OK, WARNING, Finding
from bot.domain.directory import Directory
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.domain.reach import Reach
from bot.domain.terms import ROLES


def of_calling(organisation: Organisation, directory: Directory) -> Iterator[Finding]:
    """Who is called for which service."""
    services = organisation.services.by_id
    silent = [name for name in services if not organisation.on_call(name, directory)]
    if silent:
        owned = all(services[name].owner for name in silent)
        do = "give them an owner in services.yaml, or oncall.yaml a rota `default`"
        do = "nobody is behind the names of their owners, see above" if owned else do
        yield Finding(WARNING, "calling", f"nobody is called for {', '.join(silent)}", do)
    elif services:
        yield Finding(OK, "calling", f"somebody is called for each of the {len(services)} services")
    if not organisation.people_of("default", directory):
        said = "nobody is called for a service that services.yaml does not know"
        yield Finding(WARNING, "calling", said, "oncall.yaml: a rota `default`")


def of_approving(organisation: Organisation, plans: Sequence[Plan], directory: Directory) -> Iterator[Finding]:
    """Whether enough people are behind every group that plans and the floor ask."""
    most: dict[str, int] = {}
    for group, need in asked_of(organisation, plans):
        most[group] = max(need, most.get(group, 0))
    for group, need in most.items():
        there = len(organisation.approvers_of(group, directory, lambda person: ROLES))  # whoever leads then
        if there <= need:
            said = f"{need} of {group} must approve, and {_people(there)} can; whoever started it may not"
            yield Finding(WARNING, "approving", said, f"policy.yaml groups: name more people in {group}")
    automation = organisation.policy.automation
    if not (automation.programs or automation.http_hosts or automation.python or automation.reach != Reach()):
        said = "no program, no host and no function is allowed: no action of a plan will run"
        yield Finding(OK, "approving", said, "to change it: policy.yaml automation.programs, http_hosts, python")


def _people(n: int) -> str:
    return {0: "nobody", 1: "one person"}.get(n, f"{n} people")


def asked_of(organisation: Organisation, plans: Sequence[Plan]) -> Iterator[tuple[str, int]]:
    """(group, people needed) of every approval that a plan or the floor asks for."""
    for plan in plans:
        if plan.settings.default is not None and any(step.action for phase in plan.phases for step in phase.steps):
            yield from ((group, plan.settings.default.need) for group in plan.settings.default.groups)
            yield from ((group, rule.need) for rule in plan.settings.rules if rule.need for group in rule.groups)
    for rule in organisation.policy.automation.floor:
        yield from ((group, rule.need) for group in rule.groups)
