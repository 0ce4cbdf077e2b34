"""The storm window of a batch: read and locked when the first alert may open a channel, written at the end."""

from bot.domain.ingest import Window
from bot.domain.organisation import Storm
from bot.domain.terms import Kind
from storage import alerts
from storage.alerts import StormRow
from storage.database import Deadlock
from storage.tx import SqlTx

NOT_LOCKED = Window()


class StormWindow:
    """How many channels were opened lately, and the storm incident. Only real alerts count."""

    def __init__(self, tx: SqlTx, limits: Storm) -> None:
        self.limits = limits
        self._tx = tx
        self._row: StormRow | None = None
        self._changed = False

    async def lock(self) -> None:
        """Before an alert that may open a channel is decided."""
        if self._row is not None:
            return
        row = await alerts.lock_storm(self._tx, Kind.REAL)
        if row.incident is not None and row.incident not in self._tx.journal.states:
            raise Deadlock("the storm incident changed before it was locked")
        since = self._tx.now - self.limits.per
        row.opened = [at for at in row.opened if at > since]
        row.urgent = [at for at in row.urgent if at > since]
        self._row = row

    def now(self) -> Window:
        """The window at this moment; empty as long as nobody locked it."""
        row = self._row
        if row is None:
            return NOT_LOCKED
        storm = self._tx.journal.states.get(row.incident) if row.incident else None
        return Window(len(row.opened), len(row.urgent), storm.number if storm and storm.status.open else None)

    def opened(self, urgent: bool, storm: bool) -> None:
        """A channel is being opened; the storm incident's own does not count."""
        if self._row is not None and not storm:
            (self._row.urgent if urgent else self._row.opened).append(self._tx.now)
            self._changed = True

    def began(self, number: int) -> None:
        """This is the storm incident now."""
        if self._row is not None:
            self._row.incident = number
            self._changed = True

    async def write(self) -> None:
        if self._row is not None and self._changed:
            await alerts.put_storm(self._tx, Kind.REAL, self._row)
