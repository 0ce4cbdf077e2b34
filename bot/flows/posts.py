"""What people write, mark, change and delete in an incident's channel: one transaction each."""

from collections.abc import Callable, Sequence

from bot.domain import evidence, people, saying, silence
from bot.domain.events import Draft
from bot.domain.saying import Post
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import Cause, Reply


async def pinned(desk: Desk, cause: Cause, number: int, post: Post) -> Reply:
    """📌 on a message: it is on the timeline, at its own time, and of its files a copy is kept."""

    async def work(case: Case) -> Reply:
        p = post
        await case.record(saying.pin(case.incident, case.by, p.channel, p.ts, p.by, p.at, p.words))
        await case.record(evidence.share(case.incident, case.by, p.channel, p.ts, p.by, p.files))
        return Reply()

    return await once(desk, cause, number, work)


async def unpinned(desk: Desk, cause: Cause, number: int, channel: str, ts: str) -> Reply:
    """📌 taken away."""
    return await _decided(desk, cause, number, lambda case: saying.unpin(case.incident, case.by, channel, ts))


async def edited(desk: Desk, cause: Cause, number: int, post: Post) -> Reply:
    """A message was changed: if it is on the timeline, it stands there as it is now."""
    p = post
    return await _decided(
        desk, cause, number, lambda case: saying.repin(case.incident, p.channel, p.ts, p.by, p.at, p.words)
    )


async def deleted(desk: Desk, cause: Cause, number: int, files: Sequence[str], ts: str) -> Reply:
    """Files were deleted in Slack, with the message `ts` or by themselves ("")."""
    return await _decided(desk, cause, number, lambda case: evidence.delete(case.incident, files, ts))


async def said(desk: Desk, cause: Cause, number: int, post: Post) -> Reply:
    """Somebody wrote in the channel: a sign of life; of what they share a copy is kept."""

    async def work(case: Case) -> Reply:
        if case.incident.status.open:
            await case.record(people.join(case.incident, case.by))
            await case.record(silence.spoke(case.incident, case.by))
        p = post
        await case.record(evidence.share(case.incident, case.by, p.channel, p.ts, p.by, p.files))
        return Reply()

    return await once(desk, cause, number, work)


async def alive(desk: Desk, cause: Cause, number: int) -> Reply:
    """The commander asked for something that changes nothing: a sign of life all the same."""
    return await _decided(desk, cause, number, lambda case: silence.spoke(case.incident, case.by))


async def _decided(desk: Desk, cause: Cause, number: int, decide: Callable[[Case], Sequence[Draft]]) -> Reply:
    async def work(case: Case) -> Reply:
        await case.record(decide(case))
        return Reply()

    return await once(desk, cause, number, work)
