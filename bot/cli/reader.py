"""What the reading commands share: the store opened beside a running bot, and plain text from sentences."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version

from bot import config
from bot.cli.pack import packed, texts_named
from bot.cli.plan_draft import drafted
from bot.clock import RandomIds, SystemClock
from bot.domain.organisation import Organisation
from bot.domain.terms import ORG, Micros, stream_of
from bot.flows import drilled, report
from bot.metrics.population import Period
from bot.metrics.summary import Summary
from bot.ports import EVERYTHING
from bot.settings import read as settings
from bot.slack.names import names_of
from bot.slack.views import lists, said
from bot.text import PlainShow, Text, When, render, t
from runbooks import catalogue, executors
from runbooks.parse import accepted
from storage.audit import rows
from storage.evidence import copy_of
from storage.opening import open_store
from storage.store import SqlStore


@dataclass(frozen=True)
class Reader:
    """Answers as text. plans: id → title, of those that there are now."""

    store: SqlStore
    organisation: Organisation
    plans: Mapping[str, str]
    now: Micros
    show: PlainShow

    async def incidents(self, open_only: bool) -> str:
        async with self.store.read() as reads:
            return self._lines(lists.incidents(await reads.incidents(EVERYTHING, open_only), self.now))

    async def incident(self, number: int) -> str:
        async with self.store.read() as reads:
            incident = await report.incident_for(reads, number, EVERYTHING)
            events = lists.in_time(await reads.timeline(number, EVERYTHING))
        figures = map(report.figure_line, report.figures_of(self.organisation, incident))
        entries = [t("{day} {what}", day=When(e.occurred_at, "date"), what=lists.entry(e, incident)) for e in events]
        return self._lines((*figures, *entries))

    async def transcript(self, number: int) -> str:
        """What was kept of what people wrote in an incident's channel."""
        async with self.store.read() as reads:
            await report.incident_for(reads, number, EVERYTHING)
            lines = await reads.transcript(number, EVERYTHING)
        return self._lines(said.transcript(lines))

    async def report(self, length: Micros, form: str) -> str:
        period = Period(self.now - length, self.now)
        found = await report.summaries(self.store, self.organisation, EVERYTHING, period)
        async with self.store.read() as reads:
            known = await drilled.read(reads)
        found += drilled.numbers(known, list(self.plans), self.organisation, self.now)
        if form == "json":
            return json.dumps([self._plain(summary) for summary in found], ensure_ascii=False, indent=2)
        return self._lines([*map(report.summary_line, found), *drilled.lines(known, self.plans, self.organisation)])

    async def draft(self, number: int) -> tuple[str, tuple[str, ...]]:
        """A plan from what was done in an incident, and what was left out of it."""
        async with self.store.read() as reads:
            incident = await report.incident_for(reads, number, EVERYTHING)
            events = await reads.timeline(number, EVERYTHING)
            kept = [await reads.plan_text(walk.sha) for walk in incident.walks]
            alerts = await reads.incident_alerts(number)
        plans = {one.sha: accepted(one.text, one.path, executors.keys()) for one in kept if one}
        service = self.organisation.services.get(incident.service)
        owner = service.owner if service and service.owner else "nobody-yet"
        return drafted(incident, events, plans, alerts, owner)

    async def pack(self, number: int) -> bytes:
        """The audit pack of an incident."""
        told = await self.incident(number)
        async with self.store.read() as reads:
            chains = {stream: await rows(reads, stream) for stream in (stream_of(number), ORG)}
            lines = await reads.transcript(number, EVERYTHING)
            texts = [text for sha in texts_named(chains[stream_of(number)]) if (text := await reads.plan_text(sha))]
        copies = partial(copy_of, settings().evidence)
        return packed(number, chains, texts, told, self.now, version("tocsin"), copies, lines)

    def _plain(self, summary: Summary) -> dict[str, object]:
        told = asdict(summary)
        texts = ("title", "definition", "lever")
        return {**told, **{name: self._text(getattr(summary, name)) for name in texts}}

    def _text(self, text: Text | None) -> str | None:
        return render(text, self.show) if text else None

    def _lines(self, texts: Iterable[Text]) -> str:
        return "\n".join(render(text, self.show) for text in texts)


@asynccontextmanager
async def reader() -> AsyncIterator[Reader]:
    """A reader of the database that the settings name; it is not locked and not changed."""
    found = settings()
    organisation, _ = config.load(found.config_dir)
    clock = SystemClock()
    store = await open_store(found.database_url, clock, RandomIds(), write=False)
    try:
        async with store.read() as reads:
            names = await names_of(reads)
        plans = catalogue.load(found.config_dir / "plans", executors.keys()).plans
        titles = {plan.id: plan.title for plan in plans}
        yield Reader(store, organisation, titles, clock.now(), PlainShow(names))
    finally:
        await store.close()
