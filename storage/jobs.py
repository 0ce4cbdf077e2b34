"""Jobs: procrastinate's rows by which a lane is woken on PostgreSQL, as far as we ask about them ourselves.

A job says no more than "look into this lane". It is `todo`, then `doing` in one process, then gone. A second `todo` for a lane is
spared, and only by who holds the lane's row: whoever takes the first one up asks for that row before it looks (bot/work/worker.py),
so it sees what was committed with the wake that was spared.

Lanes of attempts (`run:<attempt>`) wait in the queue of the process that has the attempt's runner directory, as long as it lives.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.terms import Micros
from storage.replicas import SILENT
from storage.session import Session
from storage.sql import Sql

# Rows that this transaction holds already, and those that nobody holds: it waits for none, so it adds to no deadlock.
REACH = Sql("SELECT lane FROM lane WHERE lane = ANY(:lanes) ORDER BY lane FOR NO KEY UPDATE SKIP LOCKED")
URGENCY = Sql(
    "SELECT lane, MIN(priority) AS priority FROM effect"
    " WHERE lane = ANY(:lanes) AND status IN ('planned', 'started') GROUP BY lane"
)
WAITING = Sql(
    "SELECT lock, MAX(priority) AS priority FROM procrastinate_jobs"
    " WHERE lock = ANY(:lanes) AND status = 'todo' GROUP BY lock"
)
FAIL = Sql("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = :id AND status = 'doing'")
FREE = Sql(
    "SELECT 1 AS found FROM procrastinate_jobs j WHERE j.status = 'todo' AND j.queue_name = ANY(:queues) AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs d WHERE d.lock = j.lock AND d.status = 'doing') LIMIT 1"
)
IDLE = Sql(
    "SELECT h.lane FROM (SELECT DISTINCT ON (lane) lane, key, status, not_before FROM effect"
    " WHERE status IN ('planned', 'started')"
    " ORDER BY lane, CASE WHEN policy = 'inner' THEN not_before ELSE 0 END, seq) h"
    " WHERE (h.status = 'started' OR h.not_before <= :now)"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.lock = h.lane AND j.status IN ('todo', 'doing'))"
    " AND (h.status = 'started' OR NOT EXISTS (SELECT 1 FROM effect_after a JOIN effect d ON d.key = a.after_key"
    " LEFT JOIN effect f ON f.key = d.folded_into"
    " WHERE a.effect = h.key AND COALESCE(f.status, d.status) IN ('planned', 'started')))"
    " ORDER BY h.lane"
)
RUNNERS = Sql(
    "SELECT a.id, a.runner FROM attempt a WHERE a.id = ANY(:attempts)"
    " AND EXISTS (SELECT 1 FROM replica r WHERE r.runner = a.runner AND r.seen_at > :since)"
)
RELEASE = Sql(
    "UPDATE procrastinate_jobs j SET queue_name = :common WHERE j.status = 'todo' AND j.queue_name <> :common AND NOT EXISTS"
    " (SELECT 1 FROM replica r WHERE :common || ':' || r.runner = j.queue_name AND r.seen_at > :since)"
)
LEAST = -100
"""The priority of a wake in vain."""
QUEUE, _RUN = "tocsin", "run:"


@dataclass(frozen=True, slots=True)
class Wake:
    """A job to be made. priority: the higher goes first."""

    lane: str
    priority: int
    queue: str


def queue_of(runner: str) -> str:
    """Where the lanes of a runner directory's attempts wait."""
    return f"{QUEUE}:{runner}"


async def wanted(tx: Session, lanes: Sequence[str]) -> list[Wake]:
    """The lanes that need a job. A lane's job that waits is enough for it."""
    urgency = {row["lane"]: -int(row["priority"]) for row in await tx.rows(URGENCY, lanes=lanes)}
    reached = [row["lane"] for row in await tx.rows(REACH, lanes=lanes)]
    # Asked after the rows were locked, or a job could be seen waiting that has looked into its lane by now.
    waiting = {row["lock"]: row["priority"] for row in await tx.rows(WAITING, lanes=reached)}
    priorities = {lane: urgency.get(lane, LEAST) for lane in lanes}
    needed = {lane: priority for lane, priority in priorities.items() if waiting.get(lane, LEAST - 1) < priority}
    queues = await _queues(tx, needed)
    return [Wake(lane, priority, queues.get(lane, QUEUE)) for lane, priority in sorted(needed.items())]


async def _queues(tx: Session, lanes: Iterable[str]) -> dict[str, str]:
    """The queues of the lanes that only one of the living replicas can work on."""
    attempts = [lane.removeprefix(_RUN) for lane in lanes if lane.startswith(_RUN)]
    if not attempts:
        return {}
    rows = await tx.rows(RUNNERS, attempts=attempts, since=tx.now - SILENT)
    return {_RUN + row["id"]: queue_of(row["runner"]) for row in rows}


async def release(tx: Session) -> None:
    """Let everybody look into what waits for a runner that has fallen silent."""
    await tx.change(RELEASE, common=QUEUE, since=tx.now - SILENT)


async def fail(tx: Session, job: int) -> bool:
    """End a job that somebody else does; False if it has ended."""
    return await tx.change(FAIL, id=job) == 1


async def any_free(session: Session, queues: Sequence[str]) -> bool:
    """Whether a job waits in one of these queues that could begin now."""
    return await session.row(FREE, queues=queues) is not None


async def idle(session: Session, now: Micros) -> list[str]:
    """Lanes with something to do at `now` that nobody was woken for."""
    return [row["lane"] for row in await session.rows(IDLE, now=now)]
