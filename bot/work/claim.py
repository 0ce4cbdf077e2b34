"""What a lane does next, decided and marked in one transaction.

The head of a lane is dropped (what it came after did not happen; its time is over), begun, or the lane rests until something wakes
it: the end of what it waits for, a timer, a limit that frees. Locks: the lane first, then effects, then limits.
"""

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.terms import MINUTE
from bot.ports import Effect, Engine
from bot.work.effects import KINDS, URGENT
from bot.work.rate import limit_of
from storage import claims, lanes, rates
from storage.claims import Held
from storage.reads import SqlReads
from storage.tx import SqlTx

MOST_SINGLY = 3
"""Records that are sent one by one; more that wait become one digest."""
_ENDED_BADLY = {"failed", "skipped", "expired", "unknown"}


@dataclass(frozen=True, slots=True)
class Start:
    """Begun and not yet called. held: as it stood before; members: the digest it stands for, itself first."""

    held: Held
    members: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision that is due."""

    held: Held


Step: TypeAlias = Start | Decide | None
"""None: the lane rests."""


async def following(tx: SqlTx, engine: Engine, lane: str, fence: int) -> Step:
    """The next step of a lane that this run has locked under its fence."""
    while (row := await lanes.head(tx, lane)) is not None:
        held = claims.held_of(row)
        if held.status == "started":
            await claims.abandoned(tx, held)
        elif not await _dropped(tx, engine, held):
            return await _begun(tx, engine, held, fence)
    return None


async def wake_dependants(tx: SqlTx, engine: Engine, key: str) -> None:
    """An effect ended: whatever comes after it looks again."""
    for lane in await claims.dependants(tx, key):
        await engine.wake(tx, lane)


async def _dropped(tx: SqlTx, engine: Engine, held: Held) -> bool:
    """Skipped or expired: the one place where that happens."""
    key, expires_at = held.effect.key, held.effect.expires_at
    bad = {other: status for other, status in (await claims.before(tx, key)).items() if status in _ENDED_BADLY}
    if bad:
        other, status = min(bad.items())
        await claims.drop(tx, key, "skipped", f"{other} {status}")
    elif expires_at is not None and expires_at <= tx.now:
        await claims.drop(tx, key, "expired", "too late")
    else:
        return False
    await wake_dependants(tx, engine, key)
    return True


async def _begun(tx: SqlTx, engine: Engine, held: Held, fence: int) -> Step:
    effect = held.effect
    if any(status != "done" for status in (await claims.before(tx, effect.key)).values()):
        return None  # what ends then wakes this lane
    if effect.not_before > tx.now:
        await engine.wake_at(tx, effect.lane, effect.not_before, effect.key)
        return None
    if held.policy == "inner":
        return Decide(held)
    if not await _let_out(tx, engine, held):
        return None
    members = await _members(tx, held)
    await claims.begin(tx, effect.key, fence)
    return Start(held, members)


async def _let_out(tx: SqlTx, engine: Engine, held: Held) -> bool:
    """Take from all limits of the call, or from none and sleep until they are free. The more important goes first."""
    effect = held.effect
    keys = await _limits(tx, effect)
    if not keys:
        return True
    found = await rates.read(tx, keys)
    urgent = effect.priority <= URGENT
    free = {key: limit_of(key).free_at(rate.tat, rate.blocked_until, urgent) for key, rate in found.items()}
    last = max(free, key=lambda key: free[key])
    if free[last] > tx.now:
        await _sleep(tx, engine, held, free[last], last)
        return False
    other = await claims.ahead(tx, keys, effect.priority, tx.now - MINUTE)
    if other is not None:
        lane, key = other
        await _sleep(tx, engine, held, tx.now + limit_of(key).interval, key)
        await engine.wake(tx, lane)
        return False
    await rates.take(tx, {key: limit_of(key).taken(rate.tat, tx.now) for key, rate in found.items()})
    return True


async def _limits(tx: SqlTx, effect: Effect) -> tuple[str, ...]:
    """The limits of the call that will be made. Where it turns out otherwise (a message was deleted, or is found again after a
    crash), that call goes out on the other's account: Slack's 429 is the second line of defence."""
    policy = KINDS[effect.kind]
    if policy.there is not None and await tx.message(effect.args["key"]) is not None:
        return policy.there(effect)
    return policy.rates(effect)


async def _sleep(tx: SqlTx, engine: Engine, held: Held, until: int, waits_for: str) -> None:
    await claims.sleep(tx, held.effect.key, until, waits_for)
    await engine.wake_at(tx, held.effect.lane, until, held.effect.key)


async def _members(tx: SqlTx, held: Held) -> tuple[Held, ...]:
    """The digest that this effect stands for. Fixed at its first try: a repeat has the same members."""
    if not KINDS[held.effect.kind].digests:
        return ()
    fixed = await claims.members(tx, held.effect.key)
    if fixed:
        return (held, *fixed)
    mates = [mate for mate in await claims.mates(tx, held) if _place(mate) == _place(held)]
    if held.attempts or held.again or len(mates) < MOST_SINGLY:
        return ()
    await claims.fold(tx, [mate.effect.key for mate in mates], held.effect.key, "digest")
    return (held, *mates)


def _place(held: Held) -> tuple[object, ...]:
    """Where it will stand: only what stands in one place can become one message."""
    return (KINDS[held.effect.kind].rates(held.effect), held.effect.args.get("where"))


async def looked_at(reads: SqlReads, lane: str) -> Held | None:
    """What a lane would go on with, None if it rests; a look without locks."""
    row = await lanes.head(reads, lane)
    held = None if row is None else claims.held_of(row)
    return None if held is None or await _must_wait(reads, held) else held


async def _must_wait(reads: SqlReads, held: Held) -> bool:
    if held.status == "started":  # under an older fence: it has to be recovered
        return False
    return held.effect.not_before > reads.now or await claims.blocked(reads, held.effect.key)
