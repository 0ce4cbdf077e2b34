"""Roles and pages: given, taken, passed."""

from bot.domain import named, people, role_names, roles
from bot.domain.events import NobodyAnswers, PageAnswered, RoleLeft, RolePassed
from bot.domain.state import Incident
from bot.domain.terms import Source
from bot.errors import Refused
from bot.flows import directory
from bot.flows.calling import cannot
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import EVERYTHING, Button, Cause, Reads, Reply
from bot.text import Text, Who, t


async def give_role(desk: Desk, cause: Cause, number: int, role: str, person: str) -> Reply:
    """`role commander @ana`."""

    async def work(case: Case) -> Reply:
        await directory.refuse_absent(case.tx, person)
        also = await _of_the_plan(case)
        wanted = role_names.meant(case.incident, role, also)
        role_names.refuse_misspelt(case.incident, wanted, also)
        called = directory.called((await case.tx.people()).values(), desk.organisation.oncall, wanted)
        role_names.refuse_person(case.incident, wanted, called, also)
        await case.record(roles.assign(case.incident, case.by, wanted, person))
        if case.incident.holder(wanted) == person:
            return Reply((t("{who} is {role}.", who=Who(person), role=named.role(wanted)),))
        return Reply((t("I have asked {who} to be {role}.", who=Who(person), role=named.role(wanted)),))

    return await once(desk, cause, number, work)


async def held(desk: Desk, number: int) -> Reply:
    """`role` alone: who holds what, what is asked for and free, and a form to give one."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, EVERYTHING)
    wanted = dict.fromkeys((*incident.required, *incident.roles))
    lines = [_held(incident, role) for role in wanted if incident.holder(role) or role in incident.required]
    lines = lines or [t("Nobody holds a role yet.")]
    give = Button(t("Give a role …"), "role", {"i": number, "ask": True})
    return Reply(tuple(lines), (give,), done=False, shows=True)


def _held(incident: Incident, role: str) -> Text:
    who = incident.holder(role)
    return t("{role}: {who}", role=named.button(role), who=Who(who) if who else t("nobody"))


async def take(desk: Desk, cause: Cause, number: int, role: str, page: str = "") -> Reply:
    """`take`. page: the call that is answered, "" for the newest."""

    async def work(case: Case) -> Reply:
        also = await _of_the_plan(case)
        wanted = role_names.meant(case.incident, role, also)
        role_names.refuse_unknown(case.incident, wanted, also)
        await case.record(roles.take(case.incident, case.by, wanted, page))
        mine = case.incident.roles_of(cause.actor)
        if case.cause.source is Source.BUTTON and any(isinstance(e.payload, PageAnswered) for e in case.events):
            return Reply()  # the call itself says so now
        if not mine:
            return Reply((t("Thank you. You are expected in the channel."),))
        return Reply((t("You have it: {roles}.", roles=named.roles(mine)),), echo=True)

    return await once(desk, cause, number, work)


async def _of_the_plan(case: Case) -> tuple[str, ...]:
    """The roles that the plan names, which nobody may hold yet."""
    walk = case.incident.walk
    return tuple(role.name for role in (await case.desk.plan(case.tx, walk.sha)).roles) if walk else ()


async def hand_over(desk: Desk, cause: Cause, number: int, role: str, person: str) -> Reply:
    """`handoff @ben`."""

    async def work(case: Case) -> Reply:
        gone = await unable(case.tx, person)
        if gone is not None:
            raise Refused(gone, "unable")
        also = await _of_the_plan(case)
        wanted = role_names.meant(case.incident, role, also)
        role_names.refuse_unknown(case.incident, wanted, also, "handoff")
        asked = roles.hand_over(case.incident, case.by, person, wanted)
        await case.record(asked)
        it = named.role(wanted)
        said = t("I have asked {who}. Until they accept, you are {role}.", who=Who(person), role=it)
        again = t("{who} is asked already. Until they accept, you are {role}.", who=Who(person), role=it)
        return Reply((said if asked else again,))

    return await once(desk, cause, number, work)


async def unable(reads: Reads, person: str) -> Text | None:
    """Why somebody cannot be asked for anything here, None if they can."""
    known = await reads.person(person)
    if known is None or directory.able(known):
        return None
    return t("{who} cannot act here: a program, a guest from elsewhere, or an account that is closed.", who=Who(person))


async def leave(desk: Desk, cause: Cause, number: int, role: str) -> Reply:
    """`leave`."""

    async def work(case: Case) -> Reply:
        drafts = roles.leave(case.incident, case.by, role_names.meant(case.incident, role))
        await case.record(drafts)
        left = named.roles(tuple(e.payload.role for e in case.events if isinstance(e.payload, RoleLeft)))
        if not case.incident.commander:
            return Reply((t("You are no longer {roles}. Nobody commands now.", roles=left),), echo=True)
        who = Who(case.incident.commander)
        return Reply((t("You are no longer {roles}. {who} commands.", roles=left, who=who),), echo=True)

    return await once(desk, cause, number, work)


async def join(desk: Desk, cause: Cause, number: int, watch: bool) -> Reply:
    """`join`, and [Just watching]."""

    async def work(case: Case) -> Reply:
        drafts = people.watch(case.incident, case.by) if watch else people.join(case.incident, case.by)
        await case.record(drafts)
        mine = case.incident.roles_of(cause.actor)
        if mine:
            said = t("You are {roles} here. To lay it down, say `leave`.", roles=named.roles(mine))
        elif watch:
            said = t("You are watching; nobody counts on you. To help, say `take scribe`.")
        else:
            said = _who_leads(case)
        return Reply((said,), done=bool(drafts))

    return await once(desk, cause, number, work)


def _who_leads(case: Case) -> Text:
    commander = case.incident.commander
    if not commander:
        return t("You are here. Nobody commands: say `take commander`.")
    return t("You are here. {who} commands.", who=Who(commander))


def _without(incident: Incident, role: str) -> Text:
    """What becomes of a role that somebody does not want."""
    holder = incident.holder(role)
    if holder:
        return t("Understood. {who} stays {role}.", who=Who(holder), role=named.role(role))
    return t("Understood. Nobody is {role} now.", role=named.role(role))


async def decline(desk: Desk, cause: Cause, number: int, role: str) -> Reply:
    """`pass`."""

    async def work(case: Case) -> Reply:
        await case.record(roles.pass_(case.incident, case.by, role_names.meant(case.incident, role)))
        await cannot(case)
        if any(isinstance(event.payload, NobodyAnswers) for event in case.events):
            return Reply((t("Understood. I know nobody else to call, and say so in the channel."),))
        passed = next((event.payload for event in case.events if isinstance(event.payload, RolePassed)), None)
        if passed is not None:
            return Reply((_without(case.incident, passed.role),))
        return Reply((t("Understood; I ask somebody else."),))

    return await once(desk, cause, number, work)
