"""What every flow works with: the store, the clock, the organisation's rules, the plans."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runbooks.catalogue import Catalogue

from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.flows import directory
from bot.ports import Clock, Executor, Ids, Reads, Store, Viewer


@dataclass
class Desk:
    """The composition root fills it once; `organisation` and `plans` are replaced when their files change.

    runner: id of this process's runner directory; public_url: where people reach the pages, "" if nowhere.
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

    async def may(self, person: str, permission: str) -> bool:
        """Whether a person has a permission. Strangers, bots and deactivated people have none."""
        async with self.store.read() as reads:
            known = await reads.person(person)
            if known is not None and (known.stranger or known.deleted or known.bot):
                return False
            return self.organisation.may(person, permission, await directory.read(reads))

    def viewer(self, person: str) -> Viewer:
        return Viewer(person, self.organisation.may(person, "see_private"))

    async def plan(self, reads: Reads, sha: str) -> Plan:
        """The plan with this text, as it was when a run was pinned to it."""
        if sha not in self._read:
            kept = await reads.plan_text(sha)
            assert kept is not None, f"plan text {sha} was pinned and is gone"
            self._read[sha] = self.plans.read(kept.text, kept.path)
        return self._read[sha]
