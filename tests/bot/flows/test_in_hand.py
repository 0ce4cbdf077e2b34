"""Places: how many there are is what the plan says."""

from dataclasses import replace
from typing import cast

import pytest

from bot.domain.gates import PRIVATE
from bot.domain.terms import Kind
from bot.flows import in_hand
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.ports import AttemptRow, Cause
from storage.store import SqlStore
from tests.bot.domain.log import declared
from tests.runbooks.pages import acting, read


@pytest.mark.parametrize(("most", "held"), [(1, ["", PRIVATE, PRIVATE]), (2, ["", "", PRIVATE]), (3, ["", "", ""])])
async def test_a_place_for_so_many_as_the_plan_says(store: SqlStore, most: int, held: list[str]) -> None:
    plan = read(acting()).plan
    assert plan is not None
    assert plan.settings.limits is not None
    limits = replace(plan.settings.limits, lock_max=most)
    plan = replace(plan, settings=replace(plan.settings, limits=limits))
    found = []
    async with store.begin() as tx:
        case = Case(cast(Desk, None), tx, declared().state, cast(Cause, None))
        for attempt in ("a1", "a2", "a3"):
            found.append((await in_hand.holder(case, plan, "gw-1", ""))[0])
            await tx.take_lock("gw-1", attempt, most)
            await tx.save([AttemptRow(attempt, "inc:7", "here", "starting", {})])
    assert found == held


@pytest.mark.parametrize(("kind", "key"), [(Kind.REAL, "drill:gw-1"), (Kind.DRILL, "gw-1")])
async def test_a_drill_and_the_real_thing_hold_nothing_of_each_other(store: SqlStore, kind: Kind, key: str) -> None:
    """The same place and the same machine, each apart."""
    plan = read(acting()).plan
    assert plan is not None
    incident = replace(declared().state, kind=kind)
    async with store.begin() as tx:
        case = Case(cast(Desk, None), tx, incident, cast(Cause, None))
        reach = {"limits": {"reach": {"target": "gw-1"}}}
        for attempt, there in (("a1", key), ("a2", in_hand.apart(case, "gw-1"))):
            await tx.take_lock(there, attempt, 1)
            await tx.save([AttemptRow(attempt, "inc:7", "here", "starting", reach)])
            assert (await in_hand.holder(case, plan, in_hand.apart(case, "gw-1"), "gw-1"))[0] == (
                attempt == "a2"
            ) * PRIVATE
            assert list(await in_hand.busy(case)) == (["gw-1"] if attempt == "a2" else [])
