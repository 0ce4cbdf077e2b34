"""What people read about the plans: all of them, each with its state."""

from collections.abc import Iterator

from bot.domain.gate_words import FROM_WHERE
from bot.flows import drilled
from bot.flows.desk import Desk
from bot.flows.drilled import Drilled
from bot.ports import Reply
from bot.text import Code, English, Text, render, t, tn
from runbooks.catalogue import Catalogue, Entry
from runbooks.problem import ERROR


async def plans(desk: Desk) -> Reply:
    """`plans`: a line each, and what is wrong with its file."""
    entries = desk.plans.entries
    async with desk.store.read() as reads:
        known = await drilled.read(reads)
    lines = [tn("{n} plan:", "{n} plans:", len(entries))]
    lines += [_line(desk.plans, entry, drilled.last(known.of_plan(entry.plan.id))) for entry in entries.values()]
    return Reply((*lines, *_homeless(desk.plans), *_services(desk, known)), done=False)


def _services(desk: Desk, known: Drilled) -> Iterator[Text]:
    """Services of which no drill was walked to its end."""
    missing = [name for name in desk.organisation.services.by_id if not known.of_service(name)]
    if missing and known.drills:
        yield t("Services without a drill: {names}.", names=", ".join(missing))


def _line(found: Catalogue, entry: Entry, last: Text) -> Text:
    plan = entry.plan
    said = t("{id}: {title} ({owner})", id=Code(plan.id), title=plan.title, owner=plan.owner or t("nobody's"))
    said = t("{said} — {drilled}", said=said, drilled=last)
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
    where = Code(f"{found.name(first.file)}:{first.line}")
    return t("{where} {code} {said}", where=where, code=first.code, said=render(first.sentence, English()))


def _homeless(found: Catalogue) -> Iterator[Text]:
    """Files that never gave a plan."""
    known = {entry.plan.path for entry in found.entries.values()}
    bad = sorted({p.file for p in found.problems if p.level == ERROR} - known)
    for file in bad:
        yield t("No plan: {wrong}", wrong=_wrong(found, file))
