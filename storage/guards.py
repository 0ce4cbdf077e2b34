"""What keeps the bot's own hands in check: runs counted, places taken, breakers open."""

from bot.domain.terms import Micros
from bot.ports import Json
from storage.session import Session
from storage.sql import Sql

RUNS = Sql("SELECT at FROM counter WHERE key = :key AND at >= :since ORDER BY at")
RUN = Sql("INSERT INTO counter (id, key, at) VALUES (:id, :key, :at)")
QUEUE = Sql(
    "INSERT INTO lock (key, holder, taken_at) VALUES (:key, '', :now)"
    " ON CONFLICT (key, holder) DO UPDATE SET taken_at = excluded.taken_at"
)
HOLDERS = Sql("SELECT holder FROM lock WHERE key = :key AND holder <> ''")
TAKE = Sql("INSERT INTO lock (key, holder, taken_at) VALUES (:key, :holder, :now)")
FREE = Sql("DELETE FROM lock WHERE holder = :holder AND holder <> ''")
BREAKER = Sql("SELECT state, opened_at, closed_by FROM breaker WHERE plan = :plan")
SET_BREAKER = Sql(
    "INSERT INTO breaker (plan, state, opened_at, closed_by) VALUES (:plan, :state, :opened_at, :closed_by)"
    " ON CONFLICT (plan) DO UPDATE SET state = excluded.state, closed_by = excluded.closed_by,"
    " opened_at = COALESCE(excluded.opened_at, breaker.opened_at)"
)


async def runs(session: Session, key: str, since: Micros) -> list[Micros]:
    """Moments counted under a key, oldest first. Who asks in order to run waits for others who do (lock "runs:<key>")."""
    await session.change(QUEUE, key=f"runs:{key}", now=session.now)
    return [row["at"] for row in await session.rows(RUNS, key=key, since=since)]


async def take(session: Session, key: str, holder: str, most: int) -> bool:
    """One of `most` places under a key."""
    await session.change(QUEUE, key=key, now=session.now)
    holders = [row["holder"] for row in await session.rows(HOLDERS, key=key)]
    if holder in holders:
        return True
    if len(holders) >= most:
        return False
    await session.change(TAKE, key=key, holder=holder, now=session.now)
    return True


async def breaker(session: Session, plan: str) -> Json | None:
    return await session.row(BREAKER, plan=plan)


async def set_breaker(session: Session, plan: str, state: str, by: str) -> None:
    """Open it (now) or close it (by somebody); the moment it was opened is kept."""
    opened_at = session.now if state == "open" else None
    closed_by = "" if state == "open" else by
    await session.change(SET_BREAKER, plan=plan, state=state, opened_at=opened_at, closed_by=closed_by)
