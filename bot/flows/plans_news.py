"""What changed in the plans and the rules since it was last told, and who is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from bot import telemetry
from bot.domain.events import ConfigRejected, Event, FileMended, Payload, PlanChanged, PlanRejected, PolicyChanged
from bot.domain.terms import ORG
from bot.flows import directory
from bot.flows.desk import Desk
from bot.flows.incoming import ANNOUNCE, announcing
from bot.ports import Effect, Tx
from bot.text import English, render
from bot.work.effects import NOTICE, PEOPLE
from runbooks.catalogue import Catalogue, Reading
from runbooks.problem import ERROR, Problem
from runbooks.web_address import of_line

News = PlanChanged | PlanRejected | PolicyChanged | ConfigRejected | FileMended
KINDS = ("plan_changed", "plan_rejected", "policy_changed", "config_rejected", "file_mended")
"""Kinds of the events that say what was told already."""


def state(desk: Desk, wrong: Sequence[ConfigRejected]) -> str:
    """Names all that is told of: a hash that is the same in every replica that sees the same."""
    plans = [f"{id} {entry.plan.sha} {entry.origin}" for id, entry in sorted(desk.plans.entries.items())]
    bad = [f"{p.file} {p.sha} {p.code} {p.line}" for p in _rejected(desk.plans)]
    bad += [f"{one.file} {one.sha} {one.line}" for one in wrong]
    return sha256("\n".join([desk.organisation.policy.sha, *plans, *bad]).encode()).hexdigest()


def news(desk: Desk, wrong: Sequence[ConfigRejected], known: Sequence[Event]) -> Iterator[News]:
    """What is not recorded yet. wrong: files of rules that cannot be used; known: events of KINDS."""
    last = _last(known)
    ruled = last.get(_about(PolicyChanged("")))
    before = ruled.sha if isinstance(ruled, PolicyChanged) else ""
    if before != desk.organisation.policy.sha:
        yield PolicyChanged(desk.organisation.policy.sha, before)
    bad: list[PlanRejected | ConfigRejected] = [*wrong, *_rejected(desk.plans)]
    told = [one.file for one in last.values() if isinstance(one, PlanRejected | ConfigRejected)]
    yield from map(FileMended, sorted(set(told) - {one.file for one in bad}))
    yield from _changed(desk.plans, {p.plan: p for p in last.values() if isinstance(p, PlanChanged)})
    yield from (one for one in bad if not _same(one, last.get(_about(one))))


def _last(known: Sequence[Event]) -> Mapping[tuple[type[Payload], str], Payload]:
    """What was told last of each plan and file; of a file that was mended since, nothing is wrong."""
    last: dict[tuple[type[Payload], str], Payload] = {}
    for event in known:
        if isinstance(event.payload, FileMended):
            for kind in (PlanRejected, ConfigRejected):
                last.pop((kind, event.payload.file), None)
        else:
            last[_about(event.payload)] = event.payload
    return last


def _about(told: Payload) -> tuple[type[Payload], str]:
    """What kind of news it is, and of which plan or file."""
    match told:
        case PlanChanged(plan=name) | PlanRejected(file=name) | ConfigRejected(file=name):
            return type(told), name
    return type(told), ""


def _same(new: PlanRejected | ConfigRejected, old: Payload | None) -> bool:
    """The same text with the same first mistake, by its line and code."""
    match new, old:
        case (PlanRejected(sha=sha, line=line, code=code), PlanRejected(sha=sha_, line=line_, code=code_)):
            return (sha, line, code) == (sha_, line_, code_)
        case (ConfigRejected(sha=sha, line=line), ConfigRejected(sha=sha_, line=line_)):
            return (sha, line) == (sha_, line_)
    return False


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
    edit = of_line(plans.edit(first.file), first.line)
    return PlanRejected(plans.name(first.file), first.line, first.code, len(found), sha, kept, said, fix, edit)


async def tell(desk: Desk, tx: Tx, events: Sequence[Event]) -> None:
    """A line of the log for each; what is wrong goes to the announcement channel and to the plan's owner."""
    for event in events:
        match event.payload:
            case PlanChanged(plan=plan, sha=sha, commit=commit, refusal=refusal):
                telemetry.log("plan", plan=plan, sha=sha[:12], commit=commit[:12], refusal=refusal)
            case FileMended(file=file):
                telemetry.log("mended", file=file)
            case PlanRejected(file=file, line=line, code=code, said=said, plan=plan):
                telemetry.log("plan rejected", level="warning", where=f"{file}:{line}", code=code, what=said)
                await tx.enqueue(await told(desk, tx, event, plan))
            case ConfigRejected(file=file, line=line, said=said):
                telemetry.log("configuration rejected", level="warning", where=f"{file}:{line}", what=said)
                await tx.enqueue(await told(desk, tx, event, ""))


async def told(desk: Desk, tx: Tx, event: Event, plan: str) -> list[Effect]:
    """The announcement channel, and the owner of the plan, if it is about one."""
    key = f"{ORG}:{event.kind}:{event.seq}"
    args = {"surface": "org_line", "event": event.kind, "seq": event.seq}
    line = {**args, "key": key, "room": "announce"}
    made = [
        announcing(),
        Effect(key, "show", "org:plans", ORG, line, NOTICE, (ANNOUNCE,), coalesce=key),
    ]
    entry = desk.plans.entries.get(plan)
    owners = desk.organisation.people_of(entry.plan.owner, await directory.read(tx)) if entry else ()
    for person in owners[:1]:
        mine = f"{key}:{person}"
        made.append(
            Effect(
                mine, "dm", "org:people", ORG, {**args, "key": mine, "room": f"dm:{person}", "person": person}, PEOPLE
            )
        )
    return made
