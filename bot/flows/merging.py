"""Two incidents become one, and two again: one transaction, in the order of the locks (alert groups, then both incidents)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.domain import merging, named
from bot.domain.state import Incident
from bot.errors import Refused, StoreAway
from bot.flows.case import ALREADY, Case, surely
from bot.flows.consequences import consequences
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import EVERYTHING, Button, Cause, GroupKey, Reply, Tx
from bot.slack.views import lists
from bot.slack.views.scene import joined
from bot.text import Text, t

TRIES = 3
"""How often it is begun anew, because alerts came into the incident at that moment."""
Pair = Callable[[Case, Case, list[GroupKey]], Awaitable[Reply]]


async def propose(desk: Desk, cause: Cause, number: int, others: Sequence[int], said_in: int) -> Reply:
    """`merge INC-7`: all are shown, and what will be; nothing is done yet. said_in: the incident in which it was said: who was let
    in there sees it."""
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, cause.actor)
        here, *found = [
            await incident_for(reads, one, EVERYTHING if one == said_in else viewer) for one in (number, *others)
        ]
    if len(found) > 1:
        return _several(desk, here, [one for one in found if one.status.open])
    [there] = found
    merging.check(here, there)
    head = t("Fold {other} into {into}? Its alerts come here, and its people; it counts no more.", **_refs(here, there))
    sure = {"i": number, "others": [there.number], "sure": True}
    buttons = [Button(t("Fold {other} in", other=there.ref), "merge", sure, "primary")]
    if here.private is there.private:
        turned = {"i": there.number, "others": [number], "sure": True}
        buttons.append(Button(t("Fold {into} into {other}", **_refs(here, there)), "merge", turned))
    return Reply((head, *lists.incidents([here, there], desk.clock.now())), tuple(buttons), done=False)


def _several(desk: Desk, here: Incident, found: Sequence[Incident]) -> Reply:
    """Several at once; those that are over meanwhile are left as they are."""
    if not found:
        raise Refused(t("None of them is open any more."), "over")
    for there in found:
        merging.check(here, there)
    head = t("Fold these into {into}? Their alerts come here, and their people; they count no more.", into=here.ref)
    sure = {"i": here.number, "others": [there.number for there in found], "sure": True}
    button = Button(t("Fold {n} in", n=len(found)), "merge", sure, "primary")
    return Reply((head, *lists.incidents(found, desk.clock.now())), (button,), done=False)


def _refs(here: Incident, there: Incident) -> dict[str, str]:
    return {"into": here.ref, "other": there.ref}


async def merge(desk: Desk, cause: Cause, number: int, others: Sequence[int]) -> Reply:
    """`others` are folded into INC-`number`, by whoever may see them: one transaction each, so that none waits for all."""
    causes = {other: replace(cause, input=f"{cause.input}:{other}") if len(others) > 1 else cause for other in others}
    replies = [await _merge(desk, causes[other], number, other) for other in others]
    done = [f"INC-{other}" for other, reply in zip(others, replies, strict=True) if reply.done]
    if len(done) < 2:
        return Reply(tuple(line for reply in replies for line in reply.lines), done=bool(done))
    into, parted = f"INC-{number}", joined(done, ", ")
    return Reply((t("{others} go on in {into}. `split` parts them again.", others=parted, into=into),))


async def _merge(desk: Desk, cause: Cause, number: int, other: int) -> Reply:
    async with desk.store.read() as reads:
        await incident_for(reads, other, await desk.viewer(reads, cause.actor))

    async def work(into: Case, child: Case, groups: list[GroupKey]) -> Reply:
        here, there = merging.merge(into.incident, child.incident, [merging.mark_of(*group) for group in groups])
        if not here:
            return Reply((t("{other} is folded in already.", other=child.incident.ref),), done=False)
        await into.tx.move_groups(groups, number)
        await into.record(here)
        await child.record(there)
        return Reply(
            (t("{other} goes on in {into}. `split` parts them again.", **_refs(into.incident, child.incident)),)
        )

    return await _both(desk, cause, number, other, work)


async def split(desk: Desk, cause: Cause, number: int) -> Reply:
    """`split`: this incident goes on by itself again; in one that took others in: which of them?"""
    async with desk.store.read() as reads:
        here = await incident_for(reads, number, EVERYTHING)
        if not here.merged_into:
            return _which(here)
        there = await reads.incident(here.merged_into, await desk.viewer(reads, cause.actor))
        if there is None:
            sentence = t("{ref} is folded into {into}. Only who sees that one can part them.", **_gone(here))
            raise Refused(sentence, "hidden")
        merging.refuse_further(here, there)

    async def work(parent: Case, child: Case, theirs: list[GroupKey]) -> Reply:
        told = await parent.tx.timeline(here.merged_into, EVERYTHING)
        events = await parent.tx.timeline(number, EVERYTHING)
        moved = merging.moved(events)
        groups = [group for group in theirs if merging.mark_of(*group) in moved]
        firing, total = await parent.tx.alerts_in(groups)
        await parent.tx.move_groups(groups, number)
        left = await parent.tx.services_in(parent.incident.number)
        out, off = merging.split(parent.incident, child.incident, told, events, (firing, total), left)
        await parent.record(out)
        await child.record(off)
        return Reply((t("{ref} goes on by itself again.", ref=child.incident.ref),))

    return await _both(desk, cause, here.merged_into, number, work, of_first=True)


def _gone(here: Incident) -> dict[str, str | Text]:
    return {"ref": here.ref, "into": named.gone_into(here)}


def _which(here: Incident) -> Reply:
    if not here.took_in:
        raise Refused(t("Nothing is folded into {ref}, and it is not folded into anything.", ref=here.ref), "alone")
    buttons = [Button(t("INC-{n}", n=number), "split", {"i": number}) for number in here.took_in]
    return Reply((t("Which one goes on by itself again?"),), tuple(buttons), done=False)


async def _both(desk: Desk, cause: Cause, first: int, second: int, work: Pair, of_first: bool = False) -> Reply:
    """Both incidents locked, and the groups of one of them (of_first: the first)."""
    for _ in range(TRIES):
        reply = await surely(desk.clock, lambda: _once(desk, cause, first, second, work, of_first))
        if reply is not _AGAIN:
            return reply
    raise StoreAway("alerts come in faster than they can be moved")


_AGAIN = Reply(done=False)


class _Moved(Exception):
    """Groups came or went before the incidents were locked."""


async def _once(desk: Desk, cause: Cause, first: int, second: int, work: Pair, of_first: bool) -> Reply:
    try:
        async with desk.store.begin() as tx:
            if await tx.answered(cause.input) is not None:
                return ALREADY
            whose = first if of_first else second
            groups = await tx.groups_of(whose)
            cases = await _locked(desk, tx, cause, sorted((first, second)))
            if await tx.groups_of(whose) != groups:
                raise _Moved
            reply = await work(cases[first], cases[second], groups)
            made = [
                effect
                for number in sorted(cases)
                for effect in consequences(cases[number].incident, cases[number].events)
            ]
            await tx.enqueue(made)
            await tx.answer(cause.input, cases[first].stream, {})
            return reply
    except _Moved:
        return _AGAIN


async def _locked(desk: Desk, tx: Tx, cause: Cause, numbers: Sequence[int]) -> dict[int, Case]:
    return {number: Case(desk, tx, await tx.lock(number), cause) for number in numbers}
