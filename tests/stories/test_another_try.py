"""What is looked at again before a further try and before an undoing, and what a drill leaves alone: asked of the flows themselves,
each in a transaction that is taken back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.events import ActionRefused, ActionStarted, ApprovalAsked, BreakerOpened
from bot.domain.policy import FloorRule, Mode
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Source
from bot.flows import counted, outcomes, rollback
from bot.flows.case import Case
from bot.ports import Cause
from tests.stories.story import Story
from tests.stories.test_restart import asked
from tests.stories.test_undone import written

Change = Callable[[Incident], Incident]


class TakenBack(Exception):
    pass


async def tried(story: Story, act: Callable[[Case], Awaitable[object]], change: Change = lambda i: i) -> list[str]:
    """What happens of itself: the refusals by their codes, the rest by their kinds."""
    said: list[str] = []
    try:
        async with story.running.store.begin() as tx:
            case = Case(story.running.desk, tx, change(await tx.lock(1)), Cause("test", BOT, Source.AUTOMATION))
            await act(case)
            for payload in [event.payload for event in case.events]:
                if isinstance(payload, ActionRefused):
                    said.append(payload.code)
                elif isinstance(payload, ActionStarted | ApprovalAsked | BreakerOpened):
                    said.append(type(payload).__name__)
            raise TakenBack
    except TakenBack:
        return said


async def drained(story: Story) -> None:
    """The first of two actions was approved and is done; its yes covered its way back, too."""
    written(story)
    await story.start()
    await asked(story)
    await story.ben.click("Approve")
    assert story.machine.restarts == ["drain-gw-1"]


def never_began(incident: Incident) -> Incident:
    """As if the approved try had not been begun before the bot died."""
    stands = there(incident)
    attempts = tuple(replace(a, state="never_started") if a.action == "drain" else a for a in incident.attempts)
    return replace(stands, attempts=attempts)


def there(incident: Incident) -> Incident:
    """As if the plan still stood at the step that was done."""
    [drain] = [a for a in incident.attempts if a.action == "drain"]
    walk = incident.walks[-1]
    place = [v.step for v in walk.visits].index(drain.step)
    visits = (*walk.visits[:place], replace(walk.visits[place], state="open"))
    return replace(incident, walks=(*incident.walks[:-1], replace(walk, visits=visits)))


def expired(incident: Incident) -> Incident:
    """Its yes is too old by now."""
    return replace(never_began(incident), approvals=tuple(replace(a, expires_at=0) for a in incident.approvals))


def stopped(incident: Incident) -> Incident:
    began = never_began(incident)
    return replace(began, attempts=tuple(replace(a, stop_by="U0ANA") for a in began.attempts))


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_what_holds_no_more_is_not_done(unbegun: Story) -> None:
    story = unbegun
    await drained(story)
    [drain] = [a for a in (await story.incident()).attempts if a.action == "drain"]

    async def once_more(case: Case) -> None:
        await outcomes.ended(case, {"attempt": drain.id})

    async def otherwise(case: Case) -> None:
        """What was stored for the try is not what was approved."""
        row = await case.tx.attempt(drain.id)
        assert row is not None
        await case.tx.save([replace(row, order={**row.order, "values": {"host": "gw-2"}})])
        await once_more(case)

    async def undone(case: Case) -> None:
        await rollback.begin(case, drain)

    async def failed_often(case: Case) -> None:
        plan = await case.desk.plan(case.tx, case.incident.walks[-1].sha)
        for _ in range(case.desk.organisation.policy.automation.breaker.failures):
            await counted.failed(case, plan)

    assert await tried(story, once_more, never_began) == ["ActionStarted"], "else the others say nothing"
    assert await tried(story, once_more, expired) == [], "the yes expired"
    assert await tried(story, once_more, stopped) == [], "somebody wanted it to end"
    assert await tried(story, otherwise, never_began) == ["changed"], "the digest"

    assert await tried(story, failed_often) == ["BreakerOpened"]
    assert await tried(story, failed_often, lambda i: replace(i, kind=Kind.DRILL)) == [], "drills lock nothing"

    assert await tried(story, undone) == [], "the plan has gone on, and people with it"
    assert await tried(story, undone, there) == ["ActionStarted"]
    organisation = story.running.desk.organisation
    off = replace(organisation.policy.automation, mode=Mode.OFF)
    story.running.desk.organisation = replace(organisation, policy=replace(organisation.policy, automation=off))
    assert await tried(story, undone, there) == ["off"], "the gates before an undoing"


def by_override(incident: Incident) -> Incident:
    began = never_began(incident)
    return replace(began, attempts=tuple(replace(a, overridden=True) for a in began.attempts))


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", [FloorRule((), 1, ("managers",)), FloorRule((), 2, ("managers", "owners"))])
async def test_whose_yes_is_enough_no_more_begins_nothing_once_more(unbegun: Story, rule: FloorRule) -> None:
    """policy.yaml asks for other people by now, or for more. What ran on one person's word may try again as it was begun."""
    story = unbegun
    await drained(story)
    [drain] = [a for a in (await story.incident()).attempts if a.action == "drain"]
    whole = story.running.desk.organisation
    strict = replace(whole.policy.automation, floor=(rule,))

    async def once_more(case: Case) -> None:
        await outcomes.ended(case, {"attempt": drain.id})

    assert await tried(story, once_more, never_began) == ["ActionStarted"]
    story.running.desk.organisation = replace(whole, policy=replace(whole.policy, automation=strict))
    assert await tried(story, once_more, never_began) == ["more"]
    assert await tried(story, once_more, by_override) == ["ActionStarted"]


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_what_was_never_asked_for_is_asked_for_once_it_is_open_again(unbegun: Story) -> None:
    """It ended in the moment between the step's beginning and the question."""
    story = unbegun
    await story.start()
    await asked(story)

    def unasked(incident: Incident) -> Incident:
        walk = incident.walks[-1]
        visits = (*walk.visits[:-1], replace(walk.visits[-1], state="open"))
        return replace(incident, approvals=(), walks=(*incident.walks[:-1], replace(walk, visits=visits)))

    def refused(incident: Incident) -> Incident:
        before = unasked(incident)
        walk = before.walks[-1]
        visits = (*walk.visits[:-1], replace(walk.visits[-1], refused="off"))
        return replace(before, walks=(*before.walks[:-1], replace(walk, visits=visits)))

    assert await tried(story, outcomes.again, unasked) == ["ApprovalAsked"]
    assert await tried(story, outcomes.again, refused) == [], "people know why"
    assert await tried(story, outcomes.again) == [], "it waits already"
