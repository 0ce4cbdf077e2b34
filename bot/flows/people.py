"""Roles and pages: given, taken, passed."""

from bot.domain import roles
from bot.domain.events import PageAnswered
from bot.domain.terms import Source
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import Cause, Reply
from bot.text import Who, t


async def give_role(desk: Desk, cause: Cause, number: int, role: str, person: str) -> Reply:
    """`role commander @ana`."""

    async def work(case: Case) -> Reply:
        roles.refuse_misspelt(case.incident, role, await _of_the_plan(case))
        await case.record(roles.assign(case.incident, case.by, role, person))
        if case.incident.holder(role) == person:
            return Reply((t("{who} is {role}.", who=Who(person), role=role),))
        return Reply((t("I have asked {who} to be {role}.", who=Who(person), role=role),))

    return await once(desk, cause, number, work)


async def take(desk: Desk, cause: Cause, number: int, role: str) -> Reply:
    """`take`."""

    async def work(case: Case) -> Reply:
        roles.refuse_unknown(case.incident, role, await _of_the_plan(case))
        await case.record(roles.take(case.incident, case.by, role))
        mine = case.incident.roles_of(cause.actor)
        if case.cause.source is Source.BUTTON and any(isinstance(e.payload, PageAnswered) for e in case.events):
            return Reply()  # the call itself says so now
        if not mine:
            return Reply((t("Thank you. You are expected in the channel."),))
        return Reply((t("You have it: {roles}.", roles=", ".join(mine)),), echo=True)

    return await once(desk, cause, number, work)


async def _of_the_plan(case: Case) -> tuple[str, ...]:
    """The roles that the plan names, which nobody may hold yet."""
    walk = case.incident.walk
    return tuple(role.name for role in (await case.desk.plan(case.tx, walk.sha)).roles) if walk else ()


async def decline(desk: Desk, cause: Cause, number: int, role: str) -> Reply:
    """`pass`."""

    async def work(case: Case) -> Reply:
        await case.record(roles.pass_(case.incident, case.by, role))
        return Reply((t("Understood; I ask somebody else."),))

    return await once(desk, cause, number, work)
