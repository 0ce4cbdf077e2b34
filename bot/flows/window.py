"""The storm window of a batch: read and locked when the first alert may open a channel, written at the end."""

from bot.domain.ingest import Window
from bot.domain.organisation import Storm
from bot.domain.terms import Kind
from storage import alerts
from storage.alerts import StormRow
from storage.database import Deadlock
from storage.tx import SqlTx


class StormWindow:
    """How many channels were opened lately, and the storm incident. Only real alerts count.

    now: the window at this moment; empty as long as nobody locked it.
    """

    def __init__(self, tx: SqlTx, limits: Storm) -> None:
        self.limits = limits
        self._tx = tx
        self._row: StormRow | None = None
        self._changed = False
        self.now = Window()

    @property
    def locked(self) -> bool:
        return self._row is not None

    async def lock(self) -> None:
        """Once, before the first alert that may open a channel is decided."""
        row = await alerts.lock_storm(self._tx, Kind.REAL)
        if row.incident is not None and row.incident not in self._tx.journal.states:
            raise Deadlock("the storm incident changed before it was locked")
        since = self._tx.now - self.limits.per
        row.opened = [at for at in row.opened if at > since]
        row.urgent = [at for at in row.urgent if at > since]
        self._row = row
        self._look(row)

    def opened(self, urgent: bool) -> None:
        """A channel was opened; the storm incident's own does not count."""
        row = self._changing()
        (row.urgent if urgent else row.opened).append(self._tx.now)
        self._look(row)

    def began(self, number: int) -> None:
        """This is the storm incident now."""
        row = self._changing()
        row.incident = number
        self._look(row)

    def _changing(self) -> StormRow:
        assert self._row is not None, "nobody may open a channel without the lock"
        self._changed = True
        return self._row

    def _look(self, row: StormRow) -> None:
        storm = self._tx.journal.states.get(row.incident) if row.incident else None
        self.now = Window(len(row.opened), len(row.urgent), storm.number if storm and storm.status.open else None)

    async def write(self) -> None:
        if self._row is not None and self._changed:
            await alerts.put_storm(self._tx, Kind.REAL, self._row)
