"""Rows of the rate limits, shared by all processes (the arithmetic is bot/work/rate.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.terms import MINUTE, Micros
from storage.session import Session
from storage.sql import Sql

READ = Sql(
    "INSERT INTO rate (key, tat) VALUES (:key, 0) ON CONFLICT (key) DO UPDATE SET key = excluded.key"
    " RETURNING tat, blocked_until"
)
TAKE = Sql("UPDATE rate SET tat = :tat WHERE key = :key")
BLOCK = Sql(
    "INSERT INTO rate (key, blocked_until) VALUES (:key, :until) ON CONFLICT (key) DO UPDATE SET blocked_until ="
    " CASE WHEN rate.blocked_until < excluded.blocked_until THEN excluded.blocked_until ELSE rate.blocked_until END"
)
FORGIVE = Sql(
    "UPDATE rate SET tat = CASE WHEN tat > :now THEN :now ELSE tat END,"
    " blocked_until = CASE WHEN blocked_until > :soon THEN :soon ELSE blocked_until END"
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit's row. Moments: µs UTC."""

    tat: Micros
    blocked_until: Micros


async def read(tx: Session, keys: Iterable[str]) -> dict[str, Rate]:
    """The rows of these limits, locked in order of their keys; made if new."""
    found = {}
    for key in sorted(set(keys)):
        row = await tx.row(READ, key=key)
        assert row is not None
        found[key] = Rate(row["tat"], row["blocked_until"])
    return found


async def take(tx: Session, tats: Mapping[str, Micros]) -> None:
    """Write what `read` locked."""
    for key, tat in tats.items():
        await tx.change(TAKE, key=key, tat=tat)


async def block(tx: Session, keys: Iterable[str], until: Micros) -> None:
    """Nobody calls before `until`. A block is only ever prolonged; what was taken stays taken."""
    for key in sorted(set(keys)):
        await tx.change(BLOCK, key=key, until=until)


async def forgive(tx: Session, now: Micros) -> None:
    """After a clock that was set back: no limit is used up, none blocked for more than a minute from `now`."""
    await tx.change(FORGIVE, now=now, soon=now + MINUTE)
