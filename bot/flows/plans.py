"""The plans folder while the program runs: looked at again and again; what changed is recorded, what is wrong is told.

A file that cannot be read takes nothing away: the last good text of its plan stays, the announcement channel and the plan's
owner are told file and line. What is being walked stays with its text, and its card says that there is a newer one.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from bot import telemetry
from bot.domain.events import Draft, Event, PlanChanged, PlanRejected, PlanRevised, PolicyChanged
from bot.domain.terms import BOT, ORG, Source, stream_of
from bot.errors import StoreAway
from bot.flows import directory
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.flows.incoming import ANNOUNCE
from bot.ports import EVERYTHING, Cause, Effect, PlanText, Tx
from bot.text import English, render
from bot.work.effects import NOTICE, PEOPLE, URGENT
from runbooks import executors
from runbooks.catalogue import Catalogue, Entry, Reading, load
from runbooks.origin import Origin, look
from runbooks.parse import accepted
from runbooks.problem import ERROR, Problem

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
        self.desk.plans = await asyncio.to_thread(read, self.folder, self.desk)
        if not self._told and (lost := _lost(self.desk.plans)):
            self.desk.plans = await self._remembered(lost)
            self.desk.plans = await asyncio.to_thread(read, self.folder, self.desk)
        state = _state(self.desk)
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
            known = await tx.of_organisation("plan_changed", "plan_rejected", "policy_changed")
            news = list(_news(self.desk, known))
            cause = Cause(f"plans:{known[-1].seq if known else 0}:{state}", BOT, Source.AUTOMATION)
            if news and await tx.answered(cause.input) is None:
                events = await tx.append(ORG, [Draft(payload) for payload in news], cause)
                await tx.save([*_texts(self.desk.plans, news), *_policy(self.folder, news)])
                await tx.answer(cause.input, ORG, {})
                await _tell(self.desk, tx, events)
        for number in await self._walked():
            await self._revised(number)

    async def _walked(self) -> list[int]:
        """Incidents in which a plan is walked that has another text now."""
        async with self.desk.store.read() as reads:
            found = await reads.incidents(EVERYTHING, limit=MOST)
        plans = self.desk.plans.entries
        return sorted(
            incident.number
            for incident in found
            if (walk := incident.walk) is not None
            and walk.ended_at is None
            and walk.plan in plans
            and plans[walk.plan].plan.sha != (walk.newer or walk.sha)
        )

    async def _revised(self, number: int) -> None:
        async with self.desk.store.begin() as tx:
            incident = await tx.lock(number)
            walk = incident.walk
            if walk is None or walk.plan not in self.desk.plans.entries:
                return
            sha = self.desk.plans.entries[walk.plan].plan.sha
            if walk.ended_at is None and sha != (walk.newer or walk.sha):
                cause = Cause(f"revised:{stream_of(number)}:{incident.seq}", BOT, Source.AUTOMATION)
                case = Case(self.desk, tx, incident, cause)
                await case.record([Draft(PlanRevised(walk.run, walk.plan, sha))])
                await case.follow()


def _state(desk: Desk) -> str:
    """Names all that is told of: a hash that is the same in every replica that sees the same."""
    plans = [f"{id} {entry.plan.sha} {entry.origin}" for id, entry in sorted(desk.plans.entries.items())]
    bad = [f"{p.file} {p.sha} {p.code} {p.line}" for p in _rejected(desk.plans)]
    return sha256("\n".join([desk.organisation.policy.sha, *plans, *bad]).encode()).hexdigest()


def _news(desk: Desk, known: Sequence[Event]) -> Iterator[PlanChanged | PlanRejected | PolicyChanged]:
    """What is not recorded yet."""
    last: dict[str, PlanChanged] = {}
    rejected: dict[str, PlanRejected] = {}
    policy = ""
    for event in known:
        match event.payload:
            case PlanChanged() as changed:
                last[changed.plan] = changed
            case PlanRejected() as bad:
                rejected[bad.file] = bad
            case PolicyChanged() as ruled:
                policy = ruled.sha
    if policy != desk.organisation.policy.sha:
        yield PolicyChanged(desk.organisation.policy.sha, policy)
    yield from _changed(desk.plans, last)
    for bad in _rejected(desk.plans):
        old = rejected.get(bad.file)
        if old is None or (old.sha, old.code, old.line) != (bad.sha, bad.code, bad.line):
            yield bad


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


def _changed(plans: Catalogue, last: Mapping[str, PlanChanged]) -> Iterator[PlanChanged]:
    for id, entry in plans.entries.items():
        origin, old = entry.origin, last.get(id)
        before = old.sha if old else ""
        if old is None or (before, old.refusal) != (entry.plan.sha, origin.refusal):
            yield PlanChanged(id, entry.plan.sha, before, origin.commit, origin.refusal)
    for id, old in last.items():
        if old.sha and id not in plans.entries:
            yield PlanChanged(id, "", old.sha)


def _rejected(plans: Catalogue) -> Iterator[PlanRejected]:
    """Files that cannot be used, each with its first error."""
    errors = sorted((p for p in plans.problems if p.level == ERROR), key=lambda p: (p.file, p.line, p.code))
    for file, found in groupby(errors, key=lambda problem: problem.file):
        yield _rejection(plans, list(found), plans.readings.get(file))


def _rejection(plans: Catalogue, found: Sequence[Problem], reading: Reading | None) -> PlanRejected:
    first = found[0]
    kept = next((entry.plan.id for entry in plans.entries.values() if entry.plan.path == first.file), "")
    sha = sha256(reading.raw if reading else b"").hexdigest()
    said, fix = (render(words, English()) if words else "" for words in (first.sentence, first.fix))
    return PlanRejected(Path(first.file).name, first.line, first.code, len(found), sha, kept, said, fix)


async def _tell(desk: Desk, tx: Tx, events: Sequence[Event]) -> None:
    """A line of the log for each; what is wrong goes to the announcement channel and to the plan's owner."""
    for event in events:
        match event.payload:
            case PlanChanged(plan=plan, sha=sha, commit=commit, refusal=refusal):
                telemetry.log("plan", plan=plan, sha=sha[:12], commit=commit[:12], refusal=refusal)
            case PlanRejected(file=file, line=line, code=code, said=said) as bad:
                telemetry.log("plan rejected", level="warning", where=f"{file}:{line}", code=code, what=said)
                await tx.enqueue(await _calls(desk, tx, event, bad))


async def _calls(desk: Desk, tx: Tx, event: Event, bad: PlanRejected) -> list[Effect]:
    key = f"{ORG}:plan_rejected:{event.seq}"
    args = {"surface": "org_line", "event": event.kind, "seq": event.seq}
    announce = {"announce": True, "room": "announce"}
    told = {**args, "key": key, "room": "announce"}
    made = [
        Effect(ANNOUNCE, "channel", "org:announce", ORG, announce, URGENT),
        Effect(key, "show", "org:plans", ORG, told, NOTICE, (ANNOUNCE,), coalesce=key),
    ]
    entry = desk.plans.entries.get(bad.plan)
    owners = desk.organisation.people_of(entry.plan.owner, await directory.read(tx)) if entry else ()
    for person in owners[:1]:
        mine = f"{key}:{person}"
        made.append(
            Effect(
                mine, "dm", "org:people", ORG, {**args, "key": mine, "room": f"dm:{person}", "person": person}, PEOPLE
            )
        )
    return made
