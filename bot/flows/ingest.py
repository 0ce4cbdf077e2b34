"""Alerts come in: requests queue up, a batch of them is one commit, everybody is answered after it.

A batch takes what is queued when the database is free and never waits to fill up. A deadlock repeats the batch. A database that
is away fails it. Any other failure repeats it one request at a time, so that one bad request fails alone.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.domain.alert import Alert
from bot.domain.organisation import Organisation
from bot.errors import StoreAway
from bot.flows.intake import Follow, Item, Request, take_in
from bot.flows.patience import Patience
from bot.ports import Cause, Clock, Json, Tasks
from bot.telemetry import count
from storage.database import Deadlock
from storage.store import SqlStore

MOST_REQUESTS, MOST_ALERTS = 256, 4000
"""Of one batch."""
MOST_WAITING = 400_000
"""Alerts in the queue; who comes after that is sent away at once."""
PATIENCE = 5.0
"""Seconds until a sender is told to come again, because the commit takes too long."""
TRIES = 10
"""How often a batch that lost to a deadlock is repeated."""

Answers: TypeAlias = list[Json]


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: Request
    answer: "asyncio.Future[Answers]"


class Ingest:
    """The one way in for alerts. organisation: the present one; follow: what must happen outside because of events."""

    def __init__(
        self, store: SqlStore, clock: Clock, tasks: Tasks, organisation: Callable[[], Organisation], follow: Follow
    ) -> None:
        self._store = store
        self._patience = Patience(clock, tasks, PATIENCE)
        self._tasks = tasks
        self._organisation = organisation
        self._follow = follow
        self._queue: deque[_Waiting] = deque()
        self._alerts = 0
        self._working = False

    async def submit(self, alerts: Sequence[Alert], raw_sha: str, cause: Cause) -> Sequence[Json]:
        """Store alerts; after the commit, for each in order: {fingerprint, status, decision, incident, why}.

        Raises StoreAway: nothing was stored, or not within PATIENCE; a commit that comes later all the same is no harm, for
        who sends the same again changes nothing.
        """
        if not alerts:
            return []
        if self._alerts + len(alerts) > MOST_WAITING:
            raise StoreAway("too many alerts are waiting")
        route = self._organisation().routes.route
        request = Request([Item(alert, route(alert)) for alert in alerts], raw_sha, cause)
        waiting = _Waiting(request, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._alerts += len(alerts)
        self._patience.watch(waiting.answer)
        if not self._working:
            self._working = True
            self._tasks.start(self._work(), "ingest")
        return await waiting.answer

    async def _work(self) -> None:
        try:
            while self._queue:
                await self._batch(self._next())
        finally:
            self._working = False

    def _next(self) -> list[_Waiting]:
        batch = [self._queue.popleft()]
        size = len(batch[0].request.items)
        while self._queue and len(batch) < MOST_REQUESTS:
            size += len(self._queue[0].request.items)
            if size > MOST_ALERTS:
                break
            batch.append(self._queue.popleft())
        self._alerts -= sum(len(waiting.request.items) for waiting in batch)
        return batch

    async def _batch(self, batch: list[_Waiting]) -> None:
        found: list[Answers] | BaseException = StoreAway("the work on it was stopped")
        try:
            found = await self._tried([waiting.request for waiting in batch])
            if isinstance(found, BaseException) and not isinstance(found, StoreAway) and len(batch) > 1:
                for waiting in batch:
                    await self._batch([waiting])
        finally:
            for n, waiting in enumerate(batch):
                if not waiting.answer.done():
                    _tell(waiting.answer, found if isinstance(found, BaseException) else found[n])

    async def _tried(self, requests: Sequence[Request]) -> list[Answers] | BaseException:
        """What became of the requests, or why nothing did."""
        found: Any = StoreAway("too many deadlocks")
        for _ in range(TRIES):
            (found,) = await asyncio.gather(self._stored(requests), return_exceptions=True)
            if not isinstance(found, Deadlock):
                break
        if not isinstance(found, BaseException):
            _count(requests, found)
        outcome: list[Answers] | BaseException = found
        return outcome

    async def _stored(self, requests: Sequence[Request]) -> list[Answers]:
        organisation = self._organisation()
        return await self._store.run(lambda tx: take_in(tx, requests, organisation, self._follow))


def _tell(answer: "asyncio.Future[Answers]", found: Answers | BaseException) -> None:
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _count(requests: Sequence[Request], answers: Sequence[Answers]) -> None:
    """By source and decision, after the commit."""
    became = Counter(
        (item.alert.source, answer["decision"])
        for request, given in zip(requests, answers)
        for item, answer in zip(request.items, given)
    )
    for (source, decision), times in became.items():
        count("alerts", times, source=source, decision=decision)
