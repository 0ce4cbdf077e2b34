"""The plans folder, and the rules beside it, while the program runs: what changed is used and recorded, what is wrong is told.

A file that cannot be read takes nothing away: the last good text of its plan stays, the announcement channel and the plan's
owner are told file and line. What is being walked stays with its text, and its card says that there is a newer one.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from bot.domain.events import Draft, PlanChanged, PlanRevised, PolicyChanged
from bot.domain.state import Walk
from bot.domain.terms import BOT, ORG, Source, stream_of
from bot.errors import StoreAway
from bot.flows import plans_news
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.flows.rules import Rules
from bot.ports import EVERYTHING, Cause, PlanText
from runbooks import executors
from runbooks.catalogue import Catalogue, Entry, load, translated
from runbooks.origin import Origin, look
from runbooks.parse import accepted
from runbooks.problem import ERROR

MOST = 1000
"""Open incidents whose plans are looked at."""


def read(folder: Path, desk: Desk) -> Catalogue:
    """The folder as it is now, over what was known. Blocks: files are read, git is asked."""
    repository = look(folder, desk.organisation.policy.automation.plans) if folder.is_dir() else None
    return load(folder, executors.keys(), before=desk.plans, repository=repository)


@dataclass
class PlansFolder:
    """every: seconds between two looks, 0 = only when asked."""

    desk: Desk
    folder: Path
    every: float
    rules: Rules
    _told: str = ""

    async def run(self) -> None:
        """Look for ever. What could not be recorded is recorded at the next look."""
        while self.every:
            await self.desk.clock.sleep(self.every)
            try:
                await self.look()
            except StoreAway:
                continue

    async def look(self) -> None:
        """Read the folder, use what is good from now on, and tell what changed. StoreAway: nothing was told."""
        await self.rules.look()
        self.desk.plans = await asyncio.to_thread(read, self.folder, self.desk)
        if not self._told and (lost := _lost(self.desk.plans)):
            self.desk.plans = await self._remembered(lost)
            self.desk.plans = await asyncio.to_thread(read, self.folder, self.desk)
        state = plans_news.state(self.desk, self.rules.rejected)
        if state != self._told:
            await self._record(state)
            self._told = state

    async def _remembered(self, files: Collection[str]) -> Catalogue:
        """At the start, for files that cannot be used: the last good texts that the database knows."""
        plans = self.desk.plans
        entries = dict(plans.entries)
        async with self.desk.store.read() as reads:
            known = [event.payload for event in await reads.of_organisation("plan_changed")]
            shas = {changed.plan: changed.sha for changed in known if isinstance(changed, PlanChanged)}
            for id, sha in shas.items():
                kept = await reads.plan_text(sha) if sha and id not in entries else None
                if kept is not None and kept.path in files:
                    origin = Origin(kept.commit, "" if kept.commit or not plans.guarded else "unknown")
                    plan = accepted(kept.text, kept.path, executors.keys())
                    entries[id] = Entry(plan, kept.text, stale=True, origin=origin)
        return replace(plans, entries=entries)

    async def _record(self, state: str) -> None:
        async with self.desk.store.begin() as tx:
            known = await tx.of_organisation(*plans_news.KINDS)
            news = list(plans_news.news(self.desk, self.rules.rejected, known))
            cause = Cause(f"plans:{known[-1].seq if known else 0}:{state}", BOT, Source.AUTOMATION)
            if news and await tx.answered(cause.input) is None:
                events = await tx.append(ORG, [Draft(payload) for payload in news], cause)
                await tx.save([*_texts(self.desk.plans, news), *_policy(self.folder, news)])
                await tx.answer(cause.input, ORG, {})
                await plans_news.tell(self.desk, tx, events)
        for number in await self._walked():
            await self._revised(number)

    async def _walked(self) -> list[int]:
        """Incidents in which a plan is walked that has another text now."""
        async with self.desk.store.read() as reads:
            found = await reads.incidents(EVERYTHING, limit=MOST)
        return sorted(incident.number for incident in found if self._newer(incident.walk))

    def _newer(self, walk: Walk | None) -> str:
        """The sha of a newer text that nobody was told of yet, "" if there is none."""
        if walk is None or walk.ended_at is not None or walk.plan not in self.desk.plans.entries:
            return ""
        known, now = walk.newer or walk.sha, self.desk.plans.entries[walk.plan].plan.sha
        return "" if now == known or translated(now, known) else now

    async def _revised(self, number: int) -> None:
        async with self.desk.store.begin() as tx:
            incident = await tx.lock(number)
            walk = incident.walk
            if walk is not None and (sha := self._newer(walk)):
                cause = Cause(f"revised:{stream_of(number)}:{incident.seq}", BOT, Source.AUTOMATION)
                case = Case(self.desk, tx, incident, cause)
                await case.record([Draft(PlanRevised(walk.run, walk.plan, sha))])
                await case.follow()


def _texts(plans: Catalogue, news: Iterable[object]) -> list[PlanText]:
    """The texts that are in force from now on: they stay readable when their files are gone."""
    changed = {one.plan for one in news if isinstance(one, PlanChanged) and one.sha}
    entries = [plans.entries[id] for id in sorted(changed)]
    return [PlanText(e.plan.sha, e.plan.id, e.plan.path, e.text, e.origin.commit) for e in entries]


def _policy(folder: Path, news: Iterable[object]) -> list[PlanText]:
    """policy.yaml as it is now, if that is what it was when it was read."""
    path = folder.parent / "policy.yaml"
    for one in news:
        if isinstance(one, PolicyChanged) and one.sha and path.is_file():
            raw = path.read_bytes()
            if sha256(raw).hexdigest() == one.sha:
                return [PlanText(one.sha, path.name, str(path), raw.decode())]
    return []


def _lost(plans: Catalogue) -> frozenset[str]:
    """Files that cannot be used, and of which nothing earlier is at hand."""
    there = {entry.plan.path for entry in plans.entries.values()}
    return frozenset({problem.file for problem in plans.problems if problem.level == ERROR} - there)
