"""What `tocsin check` finds about waking: whose telephone would ring, for which service, and whether an approval could be given."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.cli.findings import OK, PROBLEM, WARNING, Finding
from bot.cli.findings_people import asked_of
from bot.domain.directory import Directory
from bot.domain.oncall import Callee
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.domain.terms import ROLES
from bot.errors import ConfigError
from bot.ports import Notifier
from bot.secrets import resolve
from bot.settings import Settings

NOBODY_WOKEN = "nobody can be woken: no notifier that rings; Slack wakes nobody"
HOURS = 30 * 24
"""The rotas that are read have no hours, so what holds now holds in each of the next."""
Notifiers = Mapping[str, type[Notifier]]


def of_waking(
    settings: Settings,
    organisation: Organisation,
    notifiers: Notifiers,
    plans: Sequence[Plan],
    directory: Directory,
) -> Iterator[Finding]:
    """Who can be woken, and who ought to be."""
    rings: set[str] = set()
    for callee in organisation.oncall.people.values():
        wrong, loud = _tried(callee, organisation, notifiers)
        yield from (Finding(WARNING, "waking", f"{callee.name}: {one}", "docs/notifiers.md") for one in wrong)
        if loud:
            rings.add(callee.slack)
    if not rings:
        do = "oncall.yaml: `notify` for the people who are called (docs/notifiers.md)"
        yield Finding(PROBLEM, "waking", NOBODY_WOKEN, do)
        return
    yield Finding(OK, "waking", f"{len(rings)} of {len(organisation.oncall.people)} people of oncall.yaml can be woken")
    if not settings.public_url:
        said = "TOCSIN_PUBLIC_URL is not set: what rings has no link to answer by"
        yield Finding(WARNING, "waking", said, "set it to where people reach /have/ (docs/notifiers.md)")
    yield from _silent(organisation, directory, rings)
    yield from _unapproved(organisation, plans, directory, rings)


def _tried(callee: Callee, organisation: Organisation, notifiers: Notifiers) -> tuple[list[str], bool]:
    """(what is wrong with the person's addresses, whether one of them rings)."""
    wrong, rings = [], False
    for reference in callee.notify:
        try:
            scheme = resolve(reference).partition(":")[0].lower()
        except ConfigError as error:
            wrong.append(str(error))
            continue
        found = next((one for one in notifiers.values() if scheme in one.schemes), None)
        if found is None or not organisation.enabled(found.name):
            wrong.append(f"{reference}: no notifier takes what stands there")
        else:
            rings = rings or found.rings
    return wrong, rings


def _silent(organisation: Organisation, directory: Directory, rings: Collection[str]) -> Iterator[Finding]:
    """Services for which somebody is called, and nobody of them can be woken."""
    called = {name: organisation.on_call(name, directory) for name in organisation.services.by_id}
    silent = [name for name, people in called.items() if people and not set(people) & set(rings)]
    if silent:
        said = f"nobody who is called for {', '.join(silent)} can be woken"
        yield Finding(WARNING, "waking", said, "oncall.yaml: `notify` for them")


def _unapproved(
    organisation: Organisation, plans: Sequence[Plan], directory: Directory, rings: Collection[str]
) -> Iterator[Finding]:
    """Approvals for which too few people can be reached at night."""
    for group, need in dict.fromkeys(asked_of(organisation, plans)):
        may = organisation.approvers_of(group, directory, lambda person: ROLES)
        there = len(set(may) & set(rings))
        if may and there < need:
            can = {0: "nobody", 1: "one"}.get(there, str(there))
            said = f"in all {HOURS} hours of the next 30 days fewer can be woken than must approve: {need} of {group}, {can} can"
            yield Finding(WARNING, "waking", said, f"oncall.yaml: `notify` for people of {group}")
