"""What `tocsin check` finds about names that stand in the files and belong to nobody, each with its line."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from bot.cli.findings import WARNING, Finding
from bot.config.spot import did_you_mean
from bot.domain.directory import Directory, is_person
from bot.domain.organisation import Organisation
from bot.domain.terms import Kind, Severity


def of_names(
    folder: Path, organisation: Organisation, directory: Directory, plans: Collection[str]
) -> Iterator[Finding]:
    """Services, plans, people and groups that are named and not known. folder: of the files; plans: ids of those there are.

    Who is known only Slack says: without its directory, names of people are left out.
    """
    yield from _services(organisation)
    yield from _plans(folder / "services.yaml", organisation, plans)
    yield from _drills(folder / "policy.yaml", organisation, plans)
    yield from _floor(organisation)
    if directory.names:
        yield from _people(folder, organisation, directory)
        yield from _levels(folder / "oncall.yaml", organisation, directory)
        yield from _policy(folder / "policy.yaml", organisation, directory)


def _services(organisation: Organisation) -> Iterator[Finding]:
    services = organisation.services.by_id
    for route in organisation.routes.routes:
        if services and route.service and route.service not in services:
            said = f"routes.yaml:{route.line}: there is no service {route.service!r}"
            yield _found(said + did_you_mean(route.service, services), "services.yaml lists them")


def _plans(file: Path, organisation: Organisation, plans: Collection[str]) -> Iterator[Finding]:
    for service in organisation.services.by_id.values():
        for plan in service.plans:
            if plan not in plans:
                said = f"{_line(file, plan)}: {service.id} names the plan {plan!r}, which is not there"
                yield _found(said + did_you_mean(plan, plans), "`tocsin plan lint` says what keeps a plan out")


def _drills(file: Path, organisation: Organisation, plans: Collection[str]) -> Iterator[Finding]:
    """What no schedule can begin; without this, it is told at its time."""
    services = organisation.services.by_id
    for time in organisation.policy.drills.schedule:
        if time.plan not in plans:
            said = f"{_line(file, time.plan)}: a drill of the plan {time.plan!r} is scheduled, which is not there"
            yield _found(said + did_you_mean(time.plan, plans), "`tocsin plan lint` says what keeps a plan out")
        if time.service and time.service not in services:
            said = f"{_line(file, time.service)}: a drill is scheduled for {time.service!r}, which is no service"
            yield _found(said + did_you_mean(time.service, services), "services.yaml lists them")


def _floor(organisation: Organisation) -> Iterator[Finding]:
    """Rules of the floor that can never hold: what they were meant to protect, they do not."""
    automation, services = organisation.policy.automation, organisation.services.by_id.values()
    known: dict[str, set[str]] = {
        "env": {*(entry.env for entry in automation.inventory), *(service.env for service in services)} - {""},
        "kind": {kind.value for kind in Kind},
        "service": {service.id for service in services},
        "severity": {severity.value for severity in Severity},
        "tier": {str(service.tier) for service in services if service.tier is not None},
    }
    for rule in automation.floor:
        for matcher in rule.when:
            values = known.get(matcher.label)
            if values and not any(matcher.holds({matcher.label: value}) for value in values):
                said = f"policy.yaml:{rule.line}: this rule of the floor never holds: no {matcher.label} is {matcher.value!r}"
                yield _found(
                    said + did_you_mean(matcher.value, sorted(values)), f"there are: {', '.join(sorted(values))}"
                )


def _people(folder: Path, organisation: Organisation, directory: Directory) -> Iterator[Finding]:
    oncall = organisation.oncall
    named = [("services.yaml", service.owner) for service in organisation.services.by_id.values()]
    named += [("oncall.yaml", step.call) for steps in oncall.escalations.values() for step in steps]
    known = [*oncall.schedules, *organisation.policy.groups, *directory.groups, *oncall.people, *directory.names]
    for file, name in dict.fromkeys([*named, ("oncall.yaml", oncall.nobody)]):
        if name and not organisation.people_of(name, directory):
            said = f"{_line(folder / file, name)}: nobody is behind {name!r}"
            yield _found(said + did_you_mean(name, known), "name a rota of oncall.yaml, a group or a person")


def _policy(file: Path, organisation: Organisation, directory: Directory) -> Iterator[Finding]:
    """Who may approve, override or do what else policy.yaml lets only some do, and is nobody of this workspace."""
    policy = organisation.policy
    held = [name for names in policy.permissions.values() for name in names]
    entries = [name for names in policy.groups.values() for name in names]
    for name in dict.fromkeys([*entries, *held, *policy.automation.break_glass.who]):
        if name.startswith("@") or is_person(name):
            behind = [one for one in policy.members(name, directory) if one in directory.names.values()]
            if not behind:
                yield _found(
                    f"{_line(file, name)}: nobody is behind {name!r}", "name a person (U…) or a group of Slack"
                )


def _levels(file: Path, organisation: Organisation, directory: Directory) -> Iterator[Finding]:
    services = organisation.services.by_id
    owners = {service.owner.removeprefix("@") for service in services.values()}
    known = {"default", *services, *owners}
    for name in organisation.oncall.escalations:
        if name not in known and not organisation.people_of(name, directory):
            said = f"{_line(file, name)}: nothing is called by the levels of {name!r}"
            do = "levels carry the name of a service, an owner or a team, or `default`"
            yield _found(said + did_you_mean(name, known), do)


def _found(said: str, do: str) -> Finding:
    return Finding(WARNING, "names", said, do)


def _line(file: Path, word: str) -> str:
    """`services.yaml:12`, where the word stands first."""
    alone = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
    lines = file.read_text("utf-8").splitlines()
    return f"{file.name}:{next((n for n, line in enumerate(lines, 1) if alone.search(line.partition('#')[0])), 1)}"
