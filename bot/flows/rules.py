"""The five files of the configuration folder while the program runs: what changed is used, a mistake takes nothing away.

A file with an error keeps what it said before, and is told with its line; the others change all the same. The language is the
service's own, and follows at the next start.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bot import config, telemetry
from bot.config import Contents
from bot.domain.events import ConfigRejected
from bot.domain.organisation import Organisation
from bot.errors import ConfigError
from bot.flows import courtesies, drilling, transcript
from bot.flows.desk import Desk
from storage.store import SqlStore


def using(desk: Desk, store: SqlStore) -> Callable[[Organisation], Awaitable[None]]:
    """Everything goes by what holds from now on."""

    async def use(organisation: Organisation) -> None:
        desk.organisation = organisation
        await drilling.plan(store, organisation)
        await courtesies.rebridge(store, organisation.bridge)
        await transcript.retell(store, organisation)

    return use


@dataclass
class Rules:
    """use: what follows from what holds from now on; rejected: files that cannot be used now, each with its first error."""

    folder: Path
    use: Callable[[Organisation], Awaitable[None]]
    rejected: tuple[ConfigRejected, ...] = ()
    _seen: Contents = field(default_factory=dict)
    _good: Contents = field(default_factory=dict)

    async def look(self) -> None:
        """Read the files, and use what is good from now on. StoreAway of `use`: it is called again at the next look."""
        found = await asyncio.to_thread(self._found)
        if found is None or found == self._seen:
            return
        now = config.reading(self.folder, found)
        good = {**found, **{name: self._good[name] for name in now.problems if name in self._good}}
        holds = config.reading(self.folder, good) if now.problems else now
        if not holds.problems:
            changed = [name for name in good if self._good and self._good[name] != good[name]]
            self._good = good
            await self.use(holds.organisation)
            if changed:
                telemetry.log("configuration", changed=", ".join(changed))
        self.rejected = tuple(_rejected(name, told, found) for name, told in now.problems.items())
        self._seen = found

    def _found(self) -> Contents | None:
        """What stands in the files; None while the folder is not there: it is being put in place, or somebody took it away."""
        return config.contents(self.folder) if self.folder.is_dir() else None


def _rejected(name: str, told: tuple[ConfigError, ...], found: Contents) -> ConfigRejected:
    raw = found[name]
    sha = sha256(raw if isinstance(raw, bytes) else str(raw).encode()).hexdigest()
    return ConfigRejected(name, int(told[0].where.rpartition(":")[2]), len(told), sha, told[0].what)
