"""What people read about the plans: all of them, each with its state."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.domain.gates import FROM_WHERE
from bot.domain.state import Incident
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Reads, Reply
from bot.text import Code, English, Text, When, Who, render, t, tn
from runbooks.catalogue import Catalogue, Entry
from runbooks.problem import ERROR

MOST = 1000
"""Incidents among which drills are looked for."""


async def plans(desk: Desk) -> Reply:
    """`plans`: a line each, and what is wrong with its file."""
    entries = desk.plans.entries
    async with desk.store.read() as reads:
        drills = await last_drills(reads)
    lines = [tn("{n} plan:", "{n} plans:", len(entries))]
    lines += [_line(desk.plans, entry, drills.get(entry.plan.id)) for entry in entries.values()]
    return Reply((*lines, *_homeless(desk.plans), *_services(desk, drills)), done=False)


async def last_drills(reads: Reads) -> dict[str, Incident]:
    """The last drill of each plan that was walked to its end."""
    found = [one for one in await reads.incidents(EVERYTHING, open_only=False, limit=MOST) if one.drill is not None]
    done = [one for one in reversed(found) if any(walk.done for walk in one.walks)]
    return {one.drill.plan: one for one in done if one.drill is not None}


def _services(desk: Desk, drills: Mapping[str, Incident]) -> Iterator[Text]:
    """Services of which no drill was walked to its end."""
    drilled = {one.service for one in drills.values()}
    missing = [name for name in desk.organisation.services.by_id if name not in drilled]
    if missing and drilled:
        yield t("Services without a drill: {names}.", names=", ".join(missing))


def _drilled(last: Incident | None) -> Text:
    if last is None or last.drill is None:
        return t("never drilled")
    at = When(last.drill.began_at, "date")
    if last.drill.signed_by:
        return t("last drill {at}, {ref}, signed by {who}", at=at, ref=last.ref, who=Who(last.drill.signed_by))
    return t("last drill {at}, {ref}, not signed", at=at, ref=last.ref)


def _line(found: Catalogue, entry: Entry, last: Incident | None) -> Text:
    plan = entry.plan
    said = t("{id}: {title} ({owner})", id=Code(plan.id), title=plan.title, owner=plan.owner or t("nobody's"))
    said = t("{said} — {drilled}", said=said, drilled=_drilled(last))
    if entry.stale:
        said = t("{said} — its file cannot be used: {wrong}", said=said, wrong=_wrong(found, plan.path))
    if entry.origin.refusal and _acts(entry):
        why = FROM_WHERE.get(entry.origin.refusal, FROM_WHERE["unknown"])
        said = t("{said} — none of its actions runs: {why}", said=said, why=why)
    return said


def _acts(entry: Entry) -> bool:
    return any(step.action for phase in entry.plan.phases for step in phase.steps)


def _wrong(found: Catalogue, file: str) -> Text:
    """`restart.md:12 P102 …` of the first error."""
    first = min((p for p in found.problems if p.file == file and p.level == ERROR), key=lambda p: p.line)
    where = Code(f"{Path(first.file).name}:{first.line}")
    return t("{where} {code} {said}", where=where, code=first.code, said=render(first.sentence, English()))


def _homeless(found: Catalogue) -> Iterator[Text]:
    """Files that never gave a plan."""
    known = {entry.plan.path for entry in found.entries.values()}
    bad = sorted({p.file for p in found.problems if p.level == ERROR} - known)
    for file in bad:
        yield t("No plan: {wrong}", wrong=_wrong(found, file))
