"""The worker: takes a lane's effects one after the other, calls their handlers, and alone commits what came of it.

It knows no Slack, no executor and no rule. A handler runs outside any transaction, under a timeout; its outcome is settled, and the
lane's next effect begun, in one transaction under the fence of this run.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.domain.events import Event
from bot.domain.terms import BOT, Source
from bot.errors import StoreAway
from bot.ports import Call, Cause, Clock, Effect, Engine, GiveUp, Handler, Ids, Outcome, Reaction, Retry, Tasks
from bot.telemetry import count, log
from bot.work.claim import Decide, Start, Step, following, looked_at, wake_dependants
from bot.work.effects import KINDS, mending
from bot.work.run import Failure, Late, Run, failed
from bot.work.verdict import Verdict, backoff, judge
from storage import claims, lanes, rates
from storage.claims import Held
from storage.store import SqlStore
from storage.tx import SqlTx

T = TypeVar("T")
AT_ONCE = 8
"""Transactions of the worker at a time: lanes queue here, so that no alert or click has to queue behind a thousand lanes. Where
there is one writer, one: more would only stand before those for whom people wait."""
PAUSES = (0.5, 2.0, 10.0, 30.0)
"""Seconds between tries to settle. What was carried out is not called again because the database was away for a moment."""


class Worker:
    """handlers: kind → what carries it out; react: kind → what follows from its end, in the transaction that settles it."""

    def __init__(
        self,
        store: SqlStore,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
        handlers: Mapping[str, Handler],
        react: Mapping[str, Reaction],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._tasks = tasks
        self._handlers = handlers
        self._react = react
        self._turns = asyncio.Semaphore(AT_ONCE if store.shared else 1)

    async def run_lane(self, lane: str, engine: Engine, go_on: Callable[[], bool] = lambda: True) -> None:
        """Work through a lane until it rests; go_on: False once nothing new may begin. Raises StoreAway."""
        run = Run(lane, engine, go_on)
        try:
            step = await self._first(run)
            while step is not None:
                step = await (self._carry_out(run, step) if isinstance(step, Start) else self._decide(run, step))
        except Late as late:
            count("effects_late", kind=str(late))
            log("late result", level="warning", lane=lane, kind=str(late))

    async def _first(self, run: Run) -> Step:
        """Lock the lane, and see what is next in it.

        Where nobody else writes, look before anything is written: most lanes that are woken in vain cost no commit. Elsewhere only
        the lock tells: a wake may have been spared by who holds it, and what comes before may end at this moment. And until the
        lock is ours it may have been said that nothing new shall begin.
        """
        if not self._store.shared:
            async with self._turns, self._store.read() as reads:
                held = await reads.whole(looked_at(reads, run.lane))
            if held is None:
                return None
            if held.policy == "inner":
                return Decide(held)
        async with self._turns:
            run.fence, step = await self._store.run(lambda tx: self._taken(tx, run))
        return step

    async def _taken(self, tx: SqlTx, run: Run) -> tuple[int, Step]:
        fence = await lanes.take(tx, run.lane)
        return fence, await self._following(tx, run, fence)

    async def _following(self, tx: SqlTx, run: Run, fence: int) -> Step:
        return await following(tx, run.engine, run.lane, fence) if run.go_on() else None

    async def _carry_out(self, run: Run, start: Start) -> Step:
        effect = start.held.effect
        policy = KINDS[effect.kind]
        attempts = start.held.attempts + 1
        if attempts > policy.attempts:  # it crashed us at its last try, or kept us busy for ever
            outcome: Outcome = Retry(0.0, "gave up: too many tries", ambiguous=True)
        else:
            outcome = await self._outcome(start, attempts, policy.timeout)
        verdict = judge(effect, policy, attempts, start.held.again, outcome, self._ids.jitter())
        try:
            return await self._settle(run, start, verdict)
        except Late:
            if (mend := mending(effect, outcome, run.fence or 0)) is not None:
                await self._look_after(mend)
            raise

    async def _look_after(self, mend: Effect) -> None:
        """What a late call left is looked at once those are done who have the lane now."""
        for pause in PAUSES:
            if not isinstance(await self._guarded(mend.key, self._enqueued(mend)), Failure):
                return
            await self._clock.sleep(pause)

    async def _enqueued(self, effect: Effect) -> None:
        async with self._transaction() as tx:
            await tx.enqueue([effect])

    async def _outcome(self, start: Start, attempt: int, timeout: float) -> Outcome:
        members = tuple(held.effect for held in start.members)
        call = Call(start.held.effect, attempt, start.held.again, members, start.held.since)
        task = self._tasks.start(self._called(call), call.effect.key)
        try:
            if await self._clock.wait(task, timeout):
                outcome: Outcome = task.result()
                return outcome
            return Retry(0.0, f"no answer within {timeout:g} s", ambiguous=True)
        finally:
            task.cancel()

    async def _called(self, call: Call) -> Outcome:
        found = await self._guarded(call.effect.key, self._handled(call))
        return Retry(0.0, found.reason, ambiguous=True) if isinstance(found, Failure) else found

    async def _handled(self, call: Call) -> Outcome:
        return await self._handlers[call.effect.kind](call)

    async def _settle(self, run: Run, start: Start, verdict: Verdict) -> Step:
        """Settle, in the end without its reaction: a mistake in a rule must not have a page sent twice."""
        held = start.held
        for pause in PAUSES:
            found = await self._guarded(held.effect.key, self._settled(run, held, verdict, told=True))
            if not isinstance(found, Failure):
                return found
            failure = found
            await self._clock.sleep(pause)
        if isinstance(failure.error, StoreAway):
            raise failure.error
        broken = judge(held.effect, KINDS[held.effect.kind], 0, held.again, GiveUp(failure.reason), 0.0)
        return await self._settled(run, held, broken, told=False)

    async def _settled(self, run: Run, held: Held, verdict: Verdict, told: bool) -> Step:
        effect = held.effect
        async with self._transaction() as tx:
            tx.holds.add(run.lane)
            events: Sequence[Event] = ()
            if verdict.events:
                events = await tx.append(effect.stream, verdict.events, Cause(effect.key, BOT, Source.AUTOMATION))
            await tx.save(verdict.rows)
            if told and verdict.status != "planned" and effect.kind in self._react:
                await self._react[effect.kind](tx, effect, events)
            step = await tx.whole(self._ended(tx, run, held, verdict))
        count("effects", kind=effect.kind, outcome="retry" if verdict.status == "planned" else verdict.status)
        if verdict.status in ("failed", "unknown"):
            log("effect " + verdict.status, level="warning", key=effect.key, reason=verdict.reason)
        return step

    async def _ended(self, tx: SqlTx, run: Run, held: Held, verdict: Verdict) -> Step:
        fence = await self._fenced(tx, run, held.effect.kind)
        await self._marked(tx, run, held, verdict, fence)
        return await self._following(tx, run, fence)

    async def _marked(self, tx: SqlTx, run: Run, held: Held, verdict: Verdict, fence: int) -> None:
        key = held.effect.key
        if verdict.status == "planned":
            until = tx.now + round(verdict.wait * 1_000_000)
            mine = await claims.put_back(tx, held, fence, until, verdict.again, verdict.counted, verdict.reason)
            await rates.block(tx, verdict.limited, until)
        else:
            error = verdict.reason or None
            mine = await claims.settle(tx, held, fence, verdict.status, verdict.result, error, verdict.again)
            await wake_dependants(tx, run.engine, key)
        if not mine:
            raise Late(held.effect.kind)

    async def _decide(self, run: Run, step: Decide) -> Step:
        found = await self._guarded(step.held.effect.key, self._decided(run, step.held))
        if not isinstance(found, Failure):
            return found
        if isinstance(found.error, StoreAway):
            raise found.error
        return await self._postponed(run, step.held, found.reason)

    async def _decided(self, run: Run, held: Held) -> Step:
        effect = held.effect
        async with self._transaction() as tx:
            tx.holds.add(run.lane)
            await self._react[effect.kind](tx, effect, ())
            fence, step = await tx.whole(self._over(tx, run, effect))
        run.fence = fence
        count("effects", kind=effect.kind, outcome="done")
        return step

    async def _over(self, tx: SqlTx, run: Run, effect: Effect) -> tuple[int, Step]:
        fence = await self._fenced(tx, run, effect.kind)
        if not await claims.decided(tx, effect.key, fence):
            raise Late(effect.kind)
        await wake_dependants(tx, run.engine, effect.key)
        return fence, await self._following(tx, run, fence)

    async def _postponed(self, run: Run, held: Held, reason: str) -> Step:
        """A decision failed: later once more, and at last given up, so that others in its lane get their turn."""
        attempts = held.attempts + 1
        status = "failed" if attempts >= KINDS[held.effect.kind].attempts else "planned"
        async with self._transaction() as tx:
            fence = await self._fenced(tx, run, held.effect.kind)
            until = tx.now + round(backoff(attempts, self._ids.jitter()) * 1_000_000)
            await claims.postpone(tx, held.effect.key, status, until, reason[:300])
            step = await self._following(tx, run, fence)
        run.fence = fence
        return step

    async def _fenced(self, tx: SqlTx, run: Run, kind: str) -> int:
        """Lock the lane under this run's fence. Late: another run has begun."""
        if run.fence is None:
            return await lanes.take(tx, run.lane)
        if not await lanes.mine(tx, run.lane, run.fence):
            raise Late(kind)
        return run.fence

    async def _guarded(self, what: str, work: Coroutine[Any, Any, T]) -> T | Failure:
        """The one broad `except` of the worker: handlers and reactions are other people's code."""
        try:
            return await work
        except Late:
            raise
        except Exception as error:  # noqa: BLE001
            failed("worker", "effect raised", error, what)
            return Failure(error)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[SqlTx]:
        async with self._turns, self._store.begin() as tx:
            yield tx
