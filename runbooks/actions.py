"""Handlers of the `action.*` effects: they begin attempts, watch them, check what they did, and say what nobody knows.

The runner directory is asked first, always; the table is the crash matrix of docs/executors.md. `AttemptRow.order` holds the
fields of Order, and `verify` {executor, spec, timeout, attempts, wait} (seconds) or None.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.events import ActionEnded, ActionLate, ActionVerified, ConditionSeen, Draft
from bot.domain.terms import SECOND, Micros
from bot.ports import AttemptRow, Call, Clock, Done, Executor, Handler, Order, Outcome, Progress, Retry, Store, Unknown
from runbooks.directory import Directory
from runbooks.shim import now
from storage.replicas import SILENT

SOONEST, LATEST = 0.2, 1.0
"""Seconds between two looks at what runs: a tenth of the time it has run, within these."""
SOON = 10.0
"""Seconds within which what was decided is begun. Later it is decided anew: the gates may be shut by now, the yes too old."""
AWHILE = 60.0
"""Seconds between two looks whether a runner that fell silent is back."""


def handlers(
    store: Store, executors: Mapping[str, Executor], directory: Directory, clock: Clock
) -> Mapping[str, Handler]:
    """Kind of effect → its handler; each effect has the args {"attempt": id}."""
    actions = Actions(store, executors, directory, clock)
    return {
        "action.start": actions.start,
        "action.poll": actions.poll,
        "action.stop": actions.stop,
        "action.verify": actions.verify,
        "action.late": actions.late,
        "action.look": actions.look,
    }


@dataclass(frozen=True, slots=True)
class Actions:
    """What is done on machines, on this runner directory."""

    store: Store
    executors: Mapping[str, Executor]
    directory: Directory
    clock: Clock

    async def start(self, call: Call) -> Outcome:
        """Done: it runs or has ended (a poll will say). What was not begun in time never is; `failed`: it cannot be."""
        row = await self._row(call)
        if row.runner != self.directory.id:
            return await self._elsewhere(row) if call.again else _never(row)  # its own replica never came to it
        order, reason = _order(row), ""
        try:
            if call.again or self._too_late(call):
                await asyncio.to_thread(self.directory.take, row.id)
            else:
                await self.executors[order.executor].start(order)
        except OSError as error:
            reason = str(error)
        progress = await self.executors[order.executor].poll(order)
        if progress.state in ("running", "ended"):
            return Done()
        return await self._settled(row, progress, reason)

    async def poll(self, call: Call) -> Outcome:
        """Done with the end of the attempt, once it has one."""
        row = await self._row(call)
        if row.runner != self.directory.id:
            return await self._elsewhere(row)
        progress = await self.executors[row.order["executor"]].poll(_order(row))
        if progress.state == "running":
            return await self._later(row.id)
        return await self._settled(row, progress)

    async def stop(self, call: Call) -> Outcome:
        """Done: it was asked to end, or nobody is there who could. What became of it is said by the poll."""
        row = await self._row(call)
        if row.runner == self.directory.id:
            await self.executors[row.order["executor"]].stop(_order(row))
            return Done()
        return Retry(LATEST, counted=False) if await self._lives(row.runner) else Done()

    async def verify(self, call: Call) -> Outcome:
        """Done with the answer of the read-only check."""
        checked = await self._check(await self._row(call))
        return checked if isinstance(checked, Retry) else Done((checked,))

    async def look(self, call: Call) -> Outcome:
        """One look at what ends an experiment: Done, with an event if it is so, or if it could not be seen."""
        row = await self._row(call)
        order, check = _order(row), call.effect.args["check"]
        try:
            await self.executors[order.executor].start(order)
        except OSError as error:
            return Done((Draft(ConditionSeen(check, "blind", reason=str(error))),))
        progress = await self.executors[order.executor].poll(order)
        if progress.state == "running":
            return await self._later(row.id)
        if progress.exit is None:
            return Done((Draft(ConditionSeen(check, "blind", reason=progress.outcome or progress.state)),))
        return Done((Draft(ConditionSeen(check, "holds")),) if progress.ok else ())

    async def late(self, call: Call) -> Outcome:
        """Others have called it unknown, since this runner was silent: Done with what it knows, once it is back."""
        row = await self._row(call)
        if row.runner != self.directory.id:
            return Retry(AWHILE, counted=False)
        progress = await self.executors[row.order["executor"]].poll(_order(row))
        if progress.state == "never_started" and await asyncio.to_thread(self.directory.take, row.id):
            return Done((Draft(ActionLate(row.id, progress.state)),))
        if progress.state in ("running", "never_started"):
            return await self._later(row.id)
        if progress.state == "gone":
            return Done()
        return Done((Draft(ActionLate(row.id, progress.outcome, progress.exit), at=self._true_time(progress)),))

    async def _elsewhere(self, row: AttemptRow) -> Outcome:
        """Only a process with its runner directory knows; others say so when there has been none for a while."""
        if await self._lives(row.runner):
            return Retry(LATEST, counted=False)
        reason = f"only the runner {row.runner} can say what became of it"
        return Unknown(reason, (Draft(ActionEnded(row.id, "unknown", why="silent")),))

    async def _lives(self, runner: str) -> bool:
        async with self.store.read() as reads:
            seen = await reads.runner_seen(runner)
        return seen is not None and self.clock.now() - seen < SILENT

    async def _settled(self, row: AttemptRow, progress: Progress, reason: str = "") -> Outcome:
        if progress.state == "never_started":
            if not await asyncio.to_thread(self.directory.take, row.id):
                return await self._later(row.id)  # it was claimed just now
            return Done((Draft(ActionEnded(row.id, "failed" if reason else "never_started", output=reason)),))
        if progress.state == "gone":
            return await self._lost(row, progress)
        at = self._true_time(progress)
        ended = ActionEnded(
            row.id, progress.outcome, progress.exit, ended_at=at, size=progress.size, output=progress.output
        )
        return Done((Draft(ended, at=at),))

    async def _lost(self, row: AttemptRow, progress: Progress) -> Outcome:
        """It was begun, and nobody saw its end: what the check finds is all that can be known."""
        ended = Draft(ActionEnded(row.id, "unknown", size=progress.size, output=progress.output))
        reason = "it was begun, and what became of it is not known"
        if not row.order.get("verify"):
            return Unknown(reason, (ended,))
        checked = await self._check(row)
        if isinstance(checked, Retry):
            return checked
        ended = replace(ended, at=checked.at)  # it was noticed before the check that it called for
        proved = isinstance(checked.payload, ActionVerified) and checked.payload.ok
        return Done((ended, checked)) if proved else Unknown(reason, (ended, checked))

    async def _check(self, row: AttemptRow) -> Draft | Retry:
        """One step of the check. Each try is an attempt of its own in the directory, so a crash loses no count."""
        verify = row.order["verify"]
        tries = await asyncio.to_thread(self._tries, row.id)
        order = Order(
            f"{row.id}.check{tries}",
            verify["executor"],
            verify["spec"],
            float(verify["timeout"]),
            row.order.get("limits", {}),
        )
        executor = self.executors[order.executor]
        try:
            await executor.start(order)
        except OSError as error:
            return Draft(ActionVerified(row.id, False, tries, str(error)))
        progress = await executor.poll(order)
        if progress.state == "running":
            return await self._later(order.attempt)
        if progress.ok or tries >= int(verify["attempts"]):
            verified = ActionVerified(row.id, progress.ok, tries, progress.output)
            return Draft(verified, at=self._true_time(progress))
        await asyncio.to_thread(self.directory.folder, f"{row.id}.check{tries + 1}")
        return Retry(float(verify["wait"]), counted=False)

    def _tries(self, attempt: str) -> int:
        """The number of the try at the check that is under way, or is next."""
        tries = 1
        while self.directory.known(f"{attempt}.check{tries + 1}"):
            tries += 1
        return tries

    def _too_late(self, call: Call) -> bool:
        now = self.clock.now()
        return bool(now - call.effect.args.get("at", now) > SOON * SECOND)

    async def _later(self, attempt: str) -> Retry:
        began = await asyncio.to_thread(self.directory.claimed_at, attempt)
        return Retry(min(LATEST, max(SOONEST, (now() - (began or now())) / 10_000_000)), counted=False)

    def _true_time(self, progress: Progress) -> Micros | None:
        """When it ended, by the bot's clock: the runner wrote it down by the machine's."""
        if progress.ended_at is None:
            return None
        return self.clock.now() - max(0, now() - progress.ended_at)

    async def _row(self, call: Call) -> AttemptRow:
        async with self.store.read() as reads:
            row = await reads.attempt(call.effect.args["attempt"])
        assert row is not None  # saved in the transaction that made the effect
        return row


def _order(row: AttemptRow) -> Order:
    order = row.order
    return Order(row.id, order["executor"], order["spec"], float(order["timeout"]), order.get("limits", {}))


def _never(row: AttemptRow) -> Done:
    return Done((Draft(ActionEnded(row.id, "never_started")),))
