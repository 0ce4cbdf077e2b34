"""What keeps the bot's own hands in check: runs counted, places taken, breakers open, and whose turn it is."""

import orjson

from bot.domain.terms import Micros
from bot.ports import Held, Json
from storage.session import Session
from storage.sql import Sql

RUNS = Sql("SELECT at FROM counter WHERE key = :key AND at >= :since ORDER BY at")
RUN = Sql("INSERT INTO counter (id, key, at) VALUES (:id, :key, :at)")
NO_RUN = Sql("DELETE FROM counter WHERE key = :key AND at = :at")
QUEUE = Sql(
    "INSERT INTO lock (key, holder, taken_at) VALUES (:key, '', :now)"
    " ON CONFLICT (key, holder) DO UPDATE SET taken_at = excluded.taken_at"
)
TURN = Sql("SELECT value FROM serial WHERE name = :name")
TAKE_TURN = Sql(
    "INSERT INTO serial (name, value) VALUES (:name, :until)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE serial.value <= :now"
)
SET_TURN = Sql(
    "INSERT INTO serial (name, value) VALUES (:name, :until) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_TURN = "turn:"
HOLDERS = Sql("SELECT holder FROM lock WHERE key = :key AND holder <> ''")
HELD = Sql(
    "SELECT lock.key, attempt.id, attempt.stream, attempt.spec FROM lock JOIN attempt ON attempt.id = lock.holder"
    " ORDER BY lock.taken_at, attempt.id"
)
TAKE = Sql("INSERT INTO lock (key, holder, taken_at) VALUES (:key, :holder, :now)")
FREE = Sql("DELETE FROM lock WHERE holder = :holder AND holder <> ''")
BREAKER = Sql("SELECT state, opened_at, closed_by FROM breaker WHERE plan = :plan")
SET_BREAKER = Sql(
    "INSERT INTO breaker (plan, state, opened_at, closed_by) VALUES (:plan, :state, :opened_at, :closed_by)"
    " ON CONFLICT (plan) DO UPDATE SET state = excluded.state, closed_by = excluded.closed_by,"
    " opened_at = COALESCE(excluded.opened_at, breaker.opened_at)"
)


async def queue(session: Session, key: str) -> None:
    """Wait until nobody else is in a transaction behind this point; from here on others wait for us."""
    await session.change(QUEUE, key=key, now=session.now)


async def runs(session: Session, key: str, since: Micros) -> list[Micros]:
    """Moments counted under a key, oldest first. Who asks in order to run waits for others who do (lock "runs:<key>")."""
    await queue(session, f"runs:{key}")
    return [row["at"] for row in await session.rows(RUNS, key=key, since=since)]


async def take(session: Session, key: str, holder: str, most: int) -> bool:
    """One of `most` places under a key."""
    await queue(session, key)
    there = [row["holder"] for row in await session.rows(HOLDERS, key=key)]
    if holder in there:
        return True
    if len(there) >= most:
        return False
    await session.change(TAKE, key=key, holder=holder, now=session.now)
    return True


async def held(session: Session) -> list[Held]:
    """All places that attempts have now."""
    found = await session.rows(HELD)
    reach = [orjson.loads(row["spec"]).get("limits", {}).get("reach", {}) for row in found]
    return [Held(row["key"], row["id"], row["stream"], its.get("target", "")) for row, its in zip(found, reach)]


async def breaker(session: Session, plan: str) -> Json | None:
    return await session.row(BREAKER, plan=plan)


async def set_breaker(session: Session, plan: str, state: str, by: str) -> None:
    """Open it (now) or close it (by somebody); the moment it was opened is kept."""
    opened_at = session.now if state == "open" else None
    closed_by = "" if state == "open" else by
    await session.change(SET_BREAKER, plan=plan, state=state, opened_at=opened_at, closed_by=closed_by)


async def turn(session: Session, name: str) -> Micros:
    """Until when somebody has this turn; 0 if nobody ever had."""
    row = await session.row(TURN, name=_TURN + name)
    return 0 if row is None else int(row["value"])


async def take_turn(tx: Session, name: str, until: Micros) -> bool:
    """Have the turn until then; False if somebody else has it now."""
    return await tx.change(TAKE_TURN, name=_TURN + name, until=until, now=tx.now) == 1


async def set_turn(tx: Session, name: str, until: Micros) -> None:
    """Nobody takes the turn before then."""
    await tx.change(SET_TURN, name=_TURN + name, until=until)
