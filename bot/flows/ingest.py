"""Alerts come in: requests queue up, a batch of them is one commit, everybody is answered after it.

A batch takes what is queued when the database is free and never waits to fill up; who was told to come again meanwhile is left out,
for what he sent comes again. A deadlock repeats the batch. A database that
is away fails it. Any other failure repeats it one request at a time, so that one bad request fails alone.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.domain.alert import Alert
from bot.domain.ingest import AGAIN
from bot.domain.organisation import Organisation
from bot.errors import StoreAway
from bot.flows.intake import Follow, take_in
from bot.flows.patience import Patience
from bot.flows.request import Item, Request
from bot.flows.seen import Body, Seen
from bot.ports import Cause, Clock, Json, Tasks
from bot.telemetry import count
from storage.alerts import Lost
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

Answers: TypeAlias = list[Json] | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: Request | Body
    answer: "asyncio.Future[Answers]"


class Ingest:
    """The one way in for alerts. organisation: the present one; follow: what must happen outside because of events; batch, queue:
    how many alerts they hold at most."""

    def __init__(
        self,
        store: SqlStore,
        clock: Clock,
        tasks: Tasks,
        organisation: Callable[[], Organisation],
        follow: Follow,
        batch: int = MOST_ALERTS,
        queue: int = MOST_WAITING,
    ) -> None:
        self._store = store
        self._most_alerts, self._most_waiting = batch, queue
        self._patience = Patience(clock, tasks, PATIENCE)
        self._tasks = tasks
        self._organisation = organisation
        self._follow = follow
        self._seen = Seen()
        self._queue: deque[_Waiting] = deque()
        self._alerts = 0
        self._working = False

    async def submit(self, alerts: Sequence[Alert], raw_sha: str, cause: Cause) -> Sequence[Json]:
        """Store alerts; after the commit, for each in order: {fingerprint, status, decision, incident, why}.

        Raises StoreAway: nothing was stored, or not within PATIENCE. Only what is in the batch that is being committed at that
        moment may be stored later all the same; that is no harm, for who sends the same again changes nothing.
        """
        if not alerts:
            return []
        route = self._organisation().routes.route
        answers = await self._queued(Request([Item(alert, route(alert)) for alert in alerts], raw_sha, cause))
        assert answers is not None
        return answers

    async def again(self, source: str, raw_sha: str) -> Sequence[Json] | None:
        """The same for a body that said nothing new when it came before; None if that is not known: `submit` its alerts."""
        body = self._seen.find(source, raw_sha)
        return None if body is None else await self._queued(body)

    async def _queued(self, request: Request | Body) -> Answers:
        if self._alerts + len(request) > self._most_waiting:
            raise StoreAway("too many alerts are waiting")
        waiting = _Waiting(request, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._alerts += len(request)
        self._patience.watch(waiting.answer)
        if not self._working:
            self._working = True
            self._tasks.start(self._work(), "ingest")
        return await waiting.answer

    async def _work(self) -> None:
        try:
            while self._queue:
                if batch := self._next():
                    await self._batch(batch)
        finally:
            self._working = False

    def _next(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._queue and len(batch) < MOST_REQUESTS:
            first = self._queue[0]
            if not first.answer.done():
                size += len(first.request)
                if batch and size > self._most_alerts:
                    break
                batch.append(first)
            self._queue.popleft()
            self._alerts -= len(first.request)
        return batch

    async def _batch(self, batch: list[_Waiting]) -> None:
        found: list[Answers] | BaseException = StoreAway("the work on it was stopped")
        try:
            found = await self._tried([waiting.request for waiting in batch])
            if isinstance(found, BaseException) and not isinstance(found, StoreAway) and len(batch) > 1:
                for waiting in batch:
                    if not waiting.answer.done():
                        await self._batch([waiting])
        finally:
            for n, waiting in enumerate(batch):
                if not waiting.answer.done():
                    _tell(waiting.answer, found if isinstance(found, BaseException) else found[n])

    async def _tried(self, requests: Sequence[Request | Body]) -> list[Answers] | BaseException:
        """What became of the requests, or why nothing did."""
        found: Any = StoreAway("too many deadlocks")
        unread = True
        for _ in range(TRIES):
            (found,) = await asyncio.gather(self._stored(requests, unread), return_exceptions=True)
            if not isinstance(found, Deadlock):
                break
            if isinstance(found, Lost):
                self._seen.forget()
                unread = False
        if not isinstance(found, BaseException):
            self._remember(requests, found)
            _count(requests, found)
        outcome: list[Answers] | BaseException = found
        return outcome

    async def _stored(self, requests: Sequence[Request | Body], unread: bool) -> list[Answers]:
        """unread: whether bodies may be counted that nobody has read. (Else None: they must be read.)"""
        organisation = self._organisation()
        known = [request for request in requests if unread or isinstance(request, Request)]
        found = iter(await self._store.run(lambda tx: take_in(tx, known, organisation, self._follow)))
        return [next(found) if unread or isinstance(request, Request) else None for request in requests]

    def _remember(self, requests: Sequence[Request | Body], answers: Sequence[Answers]) -> None:
        """What said nothing new need not be read when it comes again."""
        for request, given in zip(requests, answers):
            if isinstance(request, Request) and given and all(answer["why"] == AGAIN for answer in given):
                body = request.as_body()
                if body is not None:
                    self._seen.keep(request.source, request.raw_sha, body)


def _tell(answer: "asyncio.Future[Answers]", found: Answers | BaseException) -> None:
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _count(requests: Sequence[Request | Body], answers: Sequence[Answers]) -> None:
    """By source and decision, after the commit."""
    became: dict[str, Counter[str]] = {}
    for request, given in zip(requests, answers):
        became.setdefault(request.source, Counter()).update([answer["decision"] for answer in given or ()])
    for source, decisions in became.items():
        for decision, times in decisions.items():
            count("alerts", times, source=source, decision=decision)
