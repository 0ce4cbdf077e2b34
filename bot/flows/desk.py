"""What every flow works with: the store, the clock, the organisation's rules, the plans."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.alert import Alert
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.domain.terms import SECOND, Micros
from bot.domain.walk_next import Roster
from bot.errors import BadInput, Refused
from bot.flows import directory
from bot.ports import EVERYTHING, Cause, Clock, Executor, Ids, Json, PlanText, Reads, Store, Viewer
from bot.text import Code, t
from bot.viewing import viewer_of
from runbooks import executors
from runbooks.catalogue import Catalogue
from runbooks.parse import accepted, parse, sha_of
from runbooks.problem import ERROR

TakeIn = Callable[[Sequence[Alert], str, Cause], Awaitable[Sequence[Json]]]
"""Alerts, the sha256 of what brought them, and who: what became of each."""

AT_FIRST: Micros = 10 * SECOND
DOUBT: Micros = 30 * SECOND
"""After so long a timer comes again that came while this process doubted its clock or its connections: at first soon, for it may
only have begun to work, and not have reached Slack yet."""


@dataclass
class Desk:
    """The composition root fills it once; `organisation` and `plans` are replaced when their files change.

    runner: id of this process's runner directory; public_url: where people reach the pages, "" if nowhere; doubts: whether this
    process does not trust its clock, its database or its way to Slack at this moment: it judges nobody then; take_in: the way
    of every alert (flows/ingest.py), for those of drills.
    """

    store: Store
    clock: Clock
    ids: Ids
    organisation: Organisation
    plans: Catalogue
    executors: Mapping[str, Executor]
    runner: str
    public_url: str = ""
    _read: dict[str, Plan] = field(default_factory=dict)
    _flaws: dict[str, str] = field(default_factory=dict)
    doubts: Callable[[], bool] = lambda: False
    take_in: TakeIn | None = None

    async def may(self, person: str, permission: str, incident: int | None = None) -> bool:
        """Whether a person has a permission, also by a role there. Strangers, bots and deactivated people have none."""
        async with self.store.read() as reads:
            return await reads.whole(self._may(reads, person, permission, incident))

    async def _may(self, reads: Reads, person: str, permission: str, incident: int | None) -> bool:
        known = await reads.person(person)
        if known is not None and (known.stranger or known.deleted or known.bot):
            return False
        here = None if incident is None else await reads.incident(incident, EVERYTHING)
        roles = here.roles_of(person) if here else ()
        if self.organisation.may(person, permission, roles=roles):
            return True
        asked = self.organisation.policy.handles()  # only who is in a group of Slack's has to be looked up
        return bool(asked) and self.organisation.may(person, permission, await directory.read(reads), roles)

    async def viewer(self, reads: Reads, person: str) -> Viewer:
        return await viewer_of(reads, self.organisation, person)

    async def zone(self, reads: Reads, person: str) -> str:
        """The time zone of a person, by id: in every clock that they read, and by day and night."""
        known = await reads.person(person) if person else None
        return self.organisation.oncall.zone(person, known.zone if known else "UTC")

    async def roster(self, reads: Reads) -> Roster:
        """Who stands behind the names of a plan's Roles table, at this moment."""
        known = await directory.read(reads)
        return lambda name: self.organisation.people_of(name, known)

    async def plan(self, reads: Reads, sha: str) -> Plan:
        """The plan with this text, as it was when a run was pinned to it."""
        if sha not in self._read:
            kept = await _pinned(reads, sha)
            self._read[sha] = accepted(kept.text, kept.path, executors.keys())
        return self._read[sha]

    async def flaw(self, reads: Reads, sha: str) -> str:
        """`restart.md:12 P433`: the first error that a pinned text has by the rules of this version, "" if there is none."""
        if any(entry.plan.sha == sha and not entry.stale for entry in self.plans.entries.values()):
            return ""  # it was read by these rules
        if sha not in self._flaws:
            kept = await _pinned(reads, sha)
            found = parse(kept.text, kept.path, executors=executors.keys()).problems
            wrong = next((p for p in found if p.level == ERROR), None)
            self._flaws[sha] = f"{Path(kept.path).name}:{wrong.line} {wrong.code}" if wrong else ""
        return self._flaws[sha]

    async def origin(self, reads: Reads, sha: str) -> str:
        """Why no action of the plan with this text may run, "" if it may (runbooks/origin.py)."""
        known = self.plans.origins.get(sha)
        if known is not None:
            return known.refusal
        kept = await reads.plan_text(sha)
        pinned = kept is not None and bool(kept.commit)
        return "" if pinned or not self.plans.guarded else "unknown"

    def named(self, name: str) -> Plan:
        """The plan that a person names. BadInput that lists what there is."""
        found = self.plans.find(name)
        if found is None:
            known = ", ".join(plan.id for plan in self.plans.plans)
            raise BadInput(
                t("There is no plan {name}. There are: {known}.", name=Code(name), known=known), "plan default"
            )
        return found


async def _pinned(reads: Reads, sha: str) -> PlanText:
    """The text that people began. Refused if the database has another one in its place, or none."""
    kept = await reads.plan_text(sha)
    if kept is None or sha_of(kept.text) != sha:
        raise Refused(
            t(
                "Not done: the plan's text in the database is not the one that was begun. `tocsin audit verify` tells more."
            ),
            "text",
        )
    return kept
