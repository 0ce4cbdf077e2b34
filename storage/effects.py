"""The outbox's way in: effects are stored with the events that decided them, and their lanes are woken after the commit.

A key that is there already is left alone. Of the effects that show a state only one waits per coalesce key: the newer one is
recorded as folded into the older, which keeps its place. `after` names effects that were enqueued before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bot.domain.terms import Micros
from bot.ports import Effect
from bot.work.effects import KINDS
from storage import lanes, tables
from storage.chain import canonical
from storage.session import Session
from storage.sql import Found, Sql, insert

if TYPE_CHECKING:
    from storage.tx import SqlTx

KNOWN = Sql("SELECT key FROM effect WHERE key = ANY(:keys)")
WAITING = Sql("SELECT * FROM effect WHERE coalesce_key = ANY(:keys) AND status = 'planned'")
CREATED = Sql("SELECT key, created_at FROM effect WHERE key = ANY(:keys)")
INSERT = insert(tables.effect)
AFTER = insert(tables.effect_after, ignore=True)
REFRESH = Sql("UPDATE effect SET priority = :priority, args = :args, expires_at = :expires_at WHERE key = :key")


class Batch:
    """Effects on their way in: which are new, which fold into one that waits."""

    def __init__(self, now: Micros, waiting: Iterable[Found]) -> None:
        self.now = now
        self.rows: list[dict[str, Any]] = []
        self.after: list[dict[str, str]] = []
        self.refreshed: dict[str, dict[str, Any]] = {}
        self.joined: list[tuple[dict[str, Any], tuple[str, ...]]] = []
        self._waiting: dict[str, dict[str, Any]] = {row["coalesce_key"]: row for row in waiting}
        self._new: set[str] = set()

    def add(self, effect: Effect, seq: int) -> None:
        row = self._row(effect, seq)
        self.rows.append(row)
        old = self._waiting.get(effect.coalesce) if effect.coalesce else None
        if old is None:
            self._new.add(effect.key)
            if effect.coalesce:
                self._waiting[effect.coalesce] = row
            self.after += [{"effect": effect.key, "after_key": key} for key in effect.after]
        else:
            self._fold(row, old, effect)

    def woken(self) -> dict[str, Micros]:
        """New effects by key and when they are due."""
        return {row["key"]: row["not_before"] for row in self.rows if row["key"] in self._new}

    def _fold(self, row: dict[str, Any], old: dict[str, Any], effect: Effect) -> None:
        """The older row keeps its place and shows the newer state; it waits for what the newer one waits for, too."""
        if old["lane"] != effect.lane:
            raise ValueError(f"{effect.coalesce} waits in lane {old['lane']} and came again in lane {effect.lane}")
        row.update(status="folded", folded_into=old["key"], error="newer", ended_at=self.now)
        old.update(priority=min(old["priority"], effect.priority), args=row["args"], expires_at=effect.expires_at)
        self.joined.append((old, effect.after))
        if old["key"] not in self._new:
            self.refreshed[old["key"]] = {name: old[name] for name in ("key", "priority", "args", "expires_at")}

    def _row(self, effect: Effect, seq: int) -> dict[str, Any]:
        empty = dict.fromkeys(column.name for column in tables.effect.c)
        return {
            **empty,
            "key": effect.key,
            "lane": effect.lane,
            "seq": seq,
            "priority": effect.priority,
            "kind": effect.kind,
            "policy": KINDS[effect.kind].policy,
            "stream": effect.stream,
            "args": canonical(effect.args),
            "coalesce_key": effect.coalesce or None,
            "not_before": effect.not_before,
            "expires_at": effect.expires_at,
            "status": "planned",
            "attempts": 0,
            "fence": 0,
            "again": 0,
            "created_at": self.now,
        }


async def enqueue(tx: "SqlTx", effects: Sequence[Effect]) -> None:
    """Store effects and have their lanes woken. ValueError: an `after` that nobody enqueued, a coalesce key in two lanes."""
    first = {effect.key: effect for effect in reversed(effects)}
    given = [first[key] for key in dict.fromkeys(effect.key for effect in effects)]
    if not given:
        return
    seqs = await _numbers(tx, given, tx.holds)
    known = await _known(tx, given)
    fresh = [effect for effect in given if effect.key not in known]
    coalesced = [effect.coalesce for effect in fresh if effect.coalesce]
    batch = Batch(tx.now, await tx.rows(WAITING, keys=coalesced) if coalesced else ())
    for effect in fresh:
        missing = [key for key in effect.after if key not in known]
        if missing:
            raise ValueError(f"{effect.key} waits for {missing[0]}, which nobody enqueued before it")
        batch.add(effect, seqs[effect.lane])
        seqs[effect.lane] += 1
        known.add(effect.key)
    await _write(tx, batch)
    await _wake(tx, batch)


async def _numbers(tx: Session, effects: Sequence[Effect], holds: set[str]) -> dict[str, int]:
    """Lock all lanes concerned, sorted, and reserve numbers in those that get something."""
    counts = Counter(effect.lane for effect in effects)
    seqs = {}
    for lane in sorted(counts.keys() | holds):
        seqs[lane] = await lanes.numbers(tx, lane, counts[lane])
    return seqs


async def _known(tx: Session, effects: Sequence[Effect]) -> set[str]:
    keys = {effect.key for effect in effects}.union(*(effect.after for effect in effects))
    return {row["key"] for row in await tx.rows(KNOWN, keys=sorted(keys))}


async def _write(tx: Session, batch: Batch) -> None:
    await tx.many(INSERT, batch.rows)
    await tx.many(REFRESH, list(batch.refreshed.values()))
    await tx.many(AFTER, batch.after + await _joined(tx, batch))


async def _joined(tx: Session, batch: Batch) -> list[dict[str, str]]:
    """What rows that were folded into must now wait for: only effects older than themselves, or two could wait for each other."""
    keys = sorted({key for _, after in batch.joined for key in after})
    if not keys:
        return []
    created = {row["key"]: row["created_at"] for row in await tx.rows(CREATED, keys=keys)}
    return [
        {"effect": old["key"], "after_key": key}
        for old, after in batch.joined
        for key in after
        if created[key] < old["created_at"]
    ]


async def _wake(tx: "SqlTx", batch: Batch) -> None:
    if (engine := tx.engine) is None:
        return
    due = batch.woken()
    rows = [row for row in batch.rows if row["key"] in due]
    now = sorted((row["priority"], row["lane"]) for row in rows if row["not_before"] <= tx.now)
    for lane in dict.fromkeys(lane for _, lane in now):  # where one works after the other, what is urgent comes first
        await engine.wake(tx, lane)
    for row in rows:
        if row["not_before"] > tx.now:
            await engine.wake_at(tx, row["lane"], row["not_before"], row["key"])
