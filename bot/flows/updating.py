"""Updates: sent, asked about where others changed something while one was written, and set right. One transaction each."""

import json
from collections.abc import Callable, Sequence

from bot.domain import saying
from bot.domain.events import Event, UpdateSent
from bot.domain.terms import Micros
from bot.errors import BadInput, Refused
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.walk import CARRIED
from bot.ports import EVERYTHING, Button, Cause, Form, Reply
from bot.slack.views.lines import line
from bot.text import When, t

MOST = 5
"""Lines of what happened meanwhile."""


async def send(
    desk: Desk, cause: Cause, number: int, said: UpdateSent, wait: Micros | None = None, seen: int = 0
) -> Reply:
    """`update`. wait: until the next one; None = as the severity asks; seen: seq of the last event that its author could know
    of when the form was opened, 0 without a form."""

    async def work(case: Case) -> Reply:
        every = wait or saying.cadence(case.incident, case.every)
        due = case.now + every if every and case.incident.status.open else None
        drafts = saying.send_update(case.incident, case.by, said.broken, said.doing, due, said.plain)
        since = await case.tx.timeline(number, EVERYTHING, after=seen) if seen else ()
        if others := saying.meanwhile(since, case.by, seen):
            return _otherwise(case, others, said, wait)
        await case.record(drafts)
        if due is None:
            return Reply((t("The update is sent."),))
        return Reply((t("The update is sent. The next one is due {due}.", due=When(due)),))

    return await once(desk, cause, number, work)


def _otherwise(case: Case, others: Sequence[Event], said: UpdateSent, wait: Micros | None) -> Reply:
    """Ask before an update goes out that was written for how it stood before. What does not fit into a button stays in the form."""
    happened = [t("{at} {what}", at=When(e.recorded_at, "secs"), what=line(e, case.incident)) for e in others[-MOST:]]
    words = {"broken": said.broken, "doing": said.doing, "plain": said.plain}
    if len(json.dumps(words, ensure_ascii=False)) > CARRIED:
        last = t(
            "Not sent: something changed since you opened this form ({what}). Copy your words, and open it anew.",
            what=happened[-1],
        )
        raise BadInput(last, "update", field="doing")
    value = {"i": case.incident.number, **words, "next": wait, "seen": case.incident.seq}
    lines = (
        t("Not sent yet: something changed since you opened the form."),
        *happened,
        t("Your update: {words}", words=" / ".join(one for one in words.values() if one)),
    )
    return Reply(lines, (Button(t("Send it all the same"), "update", value, "primary"),), done=False)


async def update_form(desk: Desk, person: str, number: int, seq: int, form: Callable[[UpdateSent], Form]) -> Reply:
    """[Correct] on an update: the form with what it says now."""
    async with desk.store.read() as reads:
        found = saying.as_it_stands(await reads.timeline(number, await desk.viewer(reads, person), after=seq - 1), seq)
    if found is None:
        raise Refused(t("There is no such update."), "stale")
    return Reply(form=form(found), done=False)


async def correct_update(desk: Desk, cause: Cause, number: int, seq: int, said: UpdateSent) -> Reply:
    """The message is edited where it stands; the first words stay on the timeline."""

    async def work(case: Case) -> Reply:
        events = await case.tx.timeline(number, EVERYTHING, after=seq - 1)
        drafts = saying.correct_update(case.by, events, seq, said)
        await case.record(drafts)
        done = t("The update is corrected.")
        return Reply((done if drafts else t("It says exactly that."),), done=bool(drafts))

    return await once(desk, cause, number, work)
