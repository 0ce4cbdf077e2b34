"""Lanes: the row that whoever puts work into a lane locks, and the fence of whoever works on it.

A run of a lane raises its fence with the first thing it claims; every later change of the run asks for the same fence. A process
that was stopped and wakes up again finds a foreign fence and can neither claim nor settle.
"""

from bot.domain.terms import Micros
from storage.session import Session
from storage.sql import Found, Sql

NUMBERS = Sql(
    "INSERT INTO lane (lane, next_seq) VALUES (:lane, :count)"
    " ON CONFLICT (lane) DO UPDATE SET next_seq = lane.next_seq + :count RETURNING next_seq"
)
TAKE = Sql("UPDATE lane SET fence = fence + 1 WHERE lane = :lane RETURNING fence")
MINE = Sql("UPDATE lane SET fence = fence WHERE lane = :lane AND fence = :fence")
# Timers (policy inner) go by their moment, all else by its number; nobody mixes the two in one lane.
HEAD = Sql(
    "SELECT * FROM effect WHERE lane = :lane AND status IN ('planned', 'started')"
    " ORDER BY CASE WHEN policy = 'inner' THEN not_before ELSE 0 END, seq LIMIT 1"
)
OPEN = Sql("SELECT DISTINCT lane FROM effect WHERE status IN ('planned', 'started') ORDER BY lane")
# What only waits for others is woken when they end: a look at each of a thousand such lanes holds up those for whom people wait.
DUE = Sql(
    "SELECT e.lane FROM effect e WHERE e.status IN ('planned', 'started') AND e.not_before <= :now AND e.key ="
    " (SELECT h.key FROM effect h WHERE h.lane = e.lane AND h.status IN ('planned', 'started')"
    " ORDER BY CASE WHEN h.policy = 'inner' THEN h.not_before ELSE 0 END, h.seq LIMIT 1)"
    " AND (e.status = 'started' OR NOT EXISTS (SELECT 1 FROM effect_after a JOIN effect d ON d.key = a.after_key"
    " LEFT JOIN effect f ON f.key = d.folded_into"
    " WHERE a.effect = e.key AND COALESCE(f.status, d.status) IN ('planned', 'started'))) ORDER BY e.lane"
)


async def numbers(tx: Session, lane: str, count: int) -> int:
    """Lock the lane (made if new) and reserve `count` numbers in it; the first of them."""
    row = await tx.row(NUMBERS, lane=lane, count=count)
    assert row is not None
    return int(row["next_seq"]) - count + 1


async def take(tx: Session, lane: str) -> int:
    """Begin a run: lock the lane and raise its fence; the new fence."""
    row = await tx.row(TAKE, lane=lane)
    assert row is not None, f"nothing was ever put into lane {lane}"
    return int(row["fence"])


async def mine(tx: Session, lane: str, fence: int) -> bool:
    """Lock the lane; False if another run has begun since."""
    return await tx.change(MINE, lane=lane, fence=fence) == 1


async def head(tx: Session, lane: str) -> Found | None:
    """What is next in the lane (a row of `effect`), due or not."""
    return await tx.row(HEAD, lane=lane)


async def unfinished(tx: Session) -> list[str]:
    """Every lane with something left to do."""
    return [row["lane"] for row in await tx.rows(OPEN)]


async def due(tx: Session, now: Micros) -> list[str]:
    """Lanes that could go on now: what is next in them waits neither for its time nor for others."""
    return [row["lane"] for row in await tx.rows(DUE, now=now)]
