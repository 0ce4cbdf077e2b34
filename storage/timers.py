"""Timers and schedules: rows that are due by our clock and wake a lane or begin something."""

from dataclasses import dataclass

from bot.domain.terms import Micros
from storage.session import Session
from storage.sql import Sql

PUT = Sql(
    "INSERT INTO timer (lane, key, due) VALUES (:lane, :key, :due)"
    " ON CONFLICT (lane, key) DO UPDATE SET due = excluded.due"
)
FIRST = Sql(
    "SELECT MIN(due) AS due FROM (SELECT MIN(due) AS due FROM timer UNION ALL SELECT MIN(next_due) FROM schedule) AS both_"
)
ANY_DUE = Sql("SELECT 1 AS found FROM timer WHERE due <= :now LIMIT 1")
# Whoever else takes timers just now, or puts one off, is not waited for: what they leave is taken next time.
TAKE_DUE = Sql(
    "DELETE FROM timer WHERE (lane, key) IN"
    " (SELECT lane, key FROM timer WHERE due <= :now ORDER BY lane, key FOR UPDATE SKIP LOCKED) RETURNING lane"
)
SCHEDULES = Sql("SELECT name, cron, zone, next_due FROM schedule ORDER BY name")
PLAN = Sql(
    "INSERT INTO schedule (name, cron, zone, next_due) VALUES (:name, :cron, :zone, :next_due)"
    " ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, zone = excluded.zone, next_due = excluded.next_due"
)
DROP = Sql("DELETE FROM schedule WHERE name = :name")
CLAIM = Sql("UPDATE schedule SET next_due = :next WHERE name = :name AND next_due = :seen")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that begins again and again: a cron line in a zone (bot/work/schedule.py), and when it is due next."""

    name: str
    cron: str
    zone: str
    next_due: Micros


async def put(tx: Session, lane: str, key: str, due: Micros) -> None:
    """Wake the lane at `due`; an earlier word under the same key is replaced."""
    await tx.change(PUT, lane=lane, key=key, due=due)


async def first(session: Session) -> Micros | None:
    """When the next timer or schedule is due."""
    row = await session.row(FIRST)
    return None if row is None else row["due"]


async def any_due(session: Session, now: Micros) -> bool:
    """Whether a timer is due (without taking it)."""
    return await session.row(ANY_DUE, now=now) is not None


async def take_due(tx: Session, now: Micros) -> list[str]:
    """Take the timers that are due; the lanes to wake."""
    return sorted({row["lane"] for row in await tx.rows(TAKE_DUE, now=now)})


async def schedules(session: Session) -> list[Schedule]:
    return [Schedule(**row) for row in await session.rows(SCHEDULES)]


async def plan(tx: Session, schedule: Schedule) -> None:
    """Store a schedule, new or changed."""
    await tx.change(PLAN, name=schedule.name, cron=schedule.cron, zone=schedule.zone, next_due=schedule.next_due)


async def drop(tx: Session, name: str) -> None:
    await tx.change(DROP, name=name)


async def claim(tx: Session, schedule: Schedule, following: Micros) -> bool:
    """Take a schedule's turn as it was read; False if somebody else did."""
    return await tx.change(CLAIM, name=schedule.name, seen=schedule.next_due, next=following) == 1
