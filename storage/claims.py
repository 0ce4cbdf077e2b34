"""The outbox's way out: how an effect is read, begun, ended, put back.

Who changes a row here has locked its lane before. `settle` and `put_back` hold only for who began the effect (its fence): False
means that somebody else has taken over, and everything in the transaction has to be rolled back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from bot.domain.terms import Micros
from bot.ports import Effect
from storage.chain import canonical
from storage.session import Session
from storage.sql import Found, Sql

BEGIN = Sql(
    "UPDATE effect SET status = 'started', fence = :fence, attempts = attempts + 1, started_at = :now, waits_for = NULL"
    " WHERE key = :key"
)
SETTLE = Sql(
    "UPDATE effect SET status = :status, ended_at = :now, result = :result, error = :error, again = :again"
    " WHERE key = :key AND fence = :fence AND status = 'started'"
)
BACK = Sql(
    "UPDATE effect SET status = 'planned', not_before = :not_before, attempts = attempts - :uncounted, again = :again,"
    " error = :error WHERE key = :key AND fence = :fence AND status = 'started'"
)
DECIDED = Sql(
    "UPDATE effect SET status = 'done', fence = :fence, started_at = :now, ended_at = :now"
    " WHERE key = :key AND status = 'planned'"
)
POSTPONE = Sql(
    "UPDATE effect SET status = :status, not_before = :not_before, attempts = attempts + 1, error = :error"
    " WHERE key = :key AND status = 'planned'"
)
ABANDONED = Sql("UPDATE effect SET status = 'planned', again = 1 WHERE key = :key AND status = 'started'")
DROP = Sql(
    "UPDATE effect SET status = :status, ended_at = :now, error = :reason WHERE key = :key AND status = 'planned'"
)
HASTEN = Sql(
    "UPDATE effect SET not_before = :now WHERE status = 'planned' AND policy <> 'inner' AND not_before > :now RETURNING lane"
)
SLEEP = Sql("UPDATE effect SET not_before = :until, waits_for = :waits_for WHERE key = :key AND status = 'planned'")
NEWER = Sql("SELECT * FROM effect WHERE coalesce_key = :coalesce_key AND status = 'planned' AND key <> :key")
ABSORB = Sql(
    "UPDATE effect SET priority = CASE WHEN priority < :priority THEN priority ELSE :priority END, args = :args,"
    " expires_at = :expires_at WHERE key = :key"
)
FOLD = Sql(
    "UPDATE effect SET status = 'folded', folded_into = :into, error = :reason, ended_at = :now, waits_for = NULL"
    " WHERE key = :key"
)
REFOLD = Sql("UPDATE effect SET folded_into = :into WHERE folded_into = :key")
BEFORE = Sql(
    "SELECT COALESCE(d.folded_into, d.key) AS key FROM effect_after a JOIN effect d ON d.key = a.after_key"
    " WHERE a.effect = :key"
)
# FOR SHARE: a row that is being settled just now is waited for; else it could end without seeing who waits for it.
STATUS = Sql("SELECT key, status FROM effect WHERE key = ANY(:keys) ORDER BY key FOR SHARE")
BLOCKED = Sql(
    "SELECT 1 AS found FROM effect_after a JOIN effect d ON d.key = a.after_key LEFT JOIN effect f ON f.key = d.folded_into"
    " WHERE a.effect = :key AND COALESCE(f.status, d.status) IN ('planned', 'started') LIMIT 1"
)
DEPENDANTS = Sql(
    "SELECT DISTINCT e.lane FROM effect_after a JOIN effect e ON e.key = a.effect AND e.status = 'planned'"
    " WHERE a.after_key IN (SELECT key FROM effect WHERE key = :key OR folded_into = :key) ORDER BY e.lane"
)
MEMBERS = Sql("SELECT * FROM effect WHERE folded_into = :key AND error = 'digest' ORDER BY seq")
MATES = Sql(
    "SELECT * FROM effect e WHERE e.lane = :lane AND e.kind = :kind AND e.status = 'planned' AND e.key <> :key"
    " AND e.not_before <= :now AND NOT EXISTS (SELECT 1 FROM effect_after a JOIN effect d ON d.key = a.after_key"
    " LEFT JOIN effect f ON f.key = d.folded_into WHERE a.effect = e.key AND COALESCE(f.status, d.status) <> 'done')"
    " ORDER BY e.seq"
)
AHEAD = Sql(
    "SELECT lane, waits_for FROM effect WHERE status = 'planned' AND waits_for = ANY(:keys) AND priority < :priority"
    " AND not_before <= :now AND not_before > :since ORDER BY priority, not_before LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Held:
    """An effect as it stands in its lane. again: an earlier try may have been carried out. effect.after is left empty."""

    effect: Effect
    policy: str
    seq: int
    status: str
    attempts: int
    again: bool
    since: Micros


def held_of(row: Found) -> Held:
    effect = Effect(
        key=row["key"],
        kind=row["kind"],
        lane=row["lane"],
        stream=row["stream"],
        args=orjson.loads(row["args"]),
        priority=row["priority"],
        coalesce=row["coalesce_key"] or "",
        not_before=row["not_before"],
        expires_at=row["expires_at"],
    )
    return Held(
        effect, row["policy"], row["seq"], row["status"], row["attempts"], bool(row["again"]), row["created_at"]
    )


async def begin(tx: Session, key: str, fence: int) -> None:
    """planned → started; counts the try."""
    await tx.change(BEGIN, key=key, fence=fence, now=tx.now)


async def settle(
    tx: Session, held: Held, fence: int, status: str, result: Mapping[str, Any], error: str | None, again: bool
) -> bool:
    """started → done, failed or unknown."""
    kept = canonical(result) if result else None
    values = {"status": status, "result": kept, "error": error, "again": int(again)}
    return await tx.change(SETTLE, key=held.effect.key, fence=fence, now=tx.now, **values) == 1


async def put_back(
    tx: Session, held: Held, fence: int, not_before: Micros, again: bool, counted: bool, error: str
) -> bool:
    """started → planned. What came in meanwhile under the same coalesce key folds into this one, which keeps its place."""
    await _absorb(tx, held)
    values = {"not_before": not_before, "again": int(again), "uncounted": int(not counted), "error": error}
    return await tx.change(BACK, key=held.effect.key, fence=fence, **values) == 1


async def abandoned(tx: Session, held: Held) -> None:
    """started under an older fence → planned: nobody can say whether it was carried out."""
    await _absorb(tx, held)
    await tx.change(ABANDONED, key=held.effect.key)


async def decided(tx: Session, key: str, fence: int) -> bool:
    """planned → done, for what only decides."""
    return await tx.change(DECIDED, key=key, fence=fence, now=tx.now) == 1


async def postpone(tx: Session, key: str, status: str, not_before: Micros, error: str) -> None:
    """A decision that could not be made: planned again, or failed."""
    await tx.change(POSTPONE, key=key, status=status, not_before=not_before, error=error)


async def drop(tx: Session, key: str, status: str, reason: str) -> None:
    """planned → skipped or expired."""
    await tx.change(DROP, key=key, status=status, reason=reason, now=tx.now)


async def sleep(tx: Session, key: str, until: Micros, waits_for: str | None) -> None:
    """It stays planned and is not looked at before `until`; waits_for: the limit it waits for."""
    await tx.change(SLEEP, key=key, until=until, waits_for=waits_for)


async def before(tx: Session, key: str) -> dict[str, str]:
    """What an effect comes after (folds followed): key → status. The rows are locked against being settled meanwhile."""
    keys = [row["key"] for row in await tx.rows(BEFORE, key=key)]
    return {row["key"]: row["status"] for row in await tx.rows(STATUS, keys=keys)} if keys else {}


async def blocked(session: Session, key: str) -> bool:
    """Whether something that the effect comes after is not over yet; a look without locks."""
    return await session.row(BLOCKED, key=key) is not None


async def dependants(tx: Session, key: str) -> list[str]:
    """Lanes in which something comes after this effect or after one that was folded into it."""
    return [row["lane"] for row in await tx.rows(DEPENDANTS, key=key)]


async def members(tx: Session, key: str) -> list[Held]:
    """What a digest stands for beside its head."""
    return [held_of(row) for row in await tx.rows(MEMBERS, key=key)]


async def mates(tx: Session, held: Held) -> list[Held]:
    """Others of its kind in its lane that could go out now."""
    lane, kind, key = held.effect.lane, held.effect.kind, held.effect.key
    return [held_of(row) for row in await tx.rows(MATES, lane=lane, kind=kind, key=key, now=tx.now)]


async def fold(tx: Session, keys: Iterable[str], into: str, reason: str) -> None:
    for key in keys:
        await tx.change(FOLD, key=key, into=into, reason=reason, now=tx.now)
        await tx.change(REFOLD, key=key, into=into)


async def ahead(tx: Session, keys: Sequence[str], priority: int, since: Micros) -> tuple[str, str] | None:
    """(lane, limit) of somebody more important who waits for one of these limits and may go now, since `since` at the earliest."""
    row = await tx.row(AHEAD, keys=list(keys), priority=priority, now=tx.now, since=since)
    return None if row is None else (row["lane"], row["waits_for"])


async def _absorb(tx: Session, held: Held) -> None:
    if not held.effect.coalesce:
        return
    newer = await tx.row(NEWER, coalesce_key=held.effect.coalesce, key=held.effect.key)
    if newer is not None:
        await tx.change(
            ABSORB, **{name: newer[name] for name in ("priority", "args", "expires_at")}, key=held.effect.key
        )
        await fold(tx, [newer["key"]], held.effect.key, "newer")


async def hasten(tx: Session) -> list[str]:
    """Nothing that calls the outside waits for its moment any more; the lanes concerned."""
    return sorted({row["lane"] for row in await tx.rows(HASTEN, now=tx.now)})
