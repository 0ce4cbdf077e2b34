"""Effects going into the outbox."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.ports import Effect
from bot.work.effects import KINDS
from storage import tables
from storage.chain import canonical
from storage.sql import Sql, insert

if TYPE_CHECKING:
    from storage.tx import SqlTx

SEATS = Sql(
    "INSERT INTO lane (lane, next_seq) VALUES (:lane, :n)"
    " ON CONFLICT (lane) DO UPDATE SET next_seq = lane.next_seq + :n RETURNING next_seq"
)
INSERT = Sql(
    "INSERT INTO effect (key, lane, seq, priority, kind, policy, stream, args, coalesce_key,"
    " not_before, expires_at, status, created_at)"
    " VALUES (:key, :lane, :seq, :priority, :kind, :policy, :stream, :args, :coalesce_key,"
    " :not_before, :expires_at, 'planned', :now) ON CONFLICT DO NOTHING"
)
AFTER = insert(tables.effect_after, ignore=True)


async def enqueue(tx: "SqlTx", effects: Sequence[Effect]) -> None:
    """Store effects and wake their lanes after the commit. A key that is there already is left alone."""
    rows: list[dict[str, Any]] = []
    for lane in sorted({effect.lane for effect in effects}):
        mine = [effect for effect in effects if effect.lane == lane]
        seat = await tx.row(SEATS, lane=lane, n=len(mine))
        assert seat is not None
        first = seat["next_seq"] - len(mine)
        rows += [_row(effect, first + n, tx.now) for n, effect in enumerate(mine)]
    await tx.many(INSERT, rows)
    await tx.many(AFTER, [{"effect": effect.key, "after_key": key} for effect in effects for key in effect.after])
    if tx.engine is not None:
        for lane in sorted({effect.lane for effect in effects}):
            await tx.engine.wake(tx, lane)


def _row(effect: Effect, seq: int, now: int) -> dict[str, Any]:
    return {
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
        "now": now,
    }
