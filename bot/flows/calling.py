"""People are called: when an incident opens, when nobody answers, when somebody wants one more, when a storm took a channel."""

from collections.abc import Collection, Sequence

from bot.domain import calling
from bot.domain.calling import ASKED, INCIDENT, Chain
from bot.domain.events import Draft, PageAnswered, PageSent
from bot.domain.ladder import Ladder
from bot.domain.organisation import Organisation
from bot.domain.people import arrive, refuse_if_over
from bot.domain.state import Incident
from bot.domain.terms import Kind
from bot.errors import BadInput, Refused, brief
from bot.flows import directory, duty
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import Cause, Effect, Reads, Reply
from bot.text import Code, Span, Strong, Text, Who, t
from storage.tx import SqlTx

MOST = 20
"""Services that are told at once."""


async def ladder(reads: Reads, organisation: Organisation, service: str) -> Ladder:
    """Whom to call for a service, without those who cannot be reached here."""
    return organisation.ladder(service, await directory.read(reads)).without(await _gone(reads))


async def _gone(reads: Reads) -> set[str]:
    return {person.id for person in (await reads.people()).values() if not directory.able(person)}


async def call_next(case: Case, chain: Chain, after: int | None = None) -> None:
    """Call the next level; after the last, all of them again; until somebody answers. In a test nobody is called. after: the level
    whose time is over."""
    if case.incident.kind is Kind.TEST:
        return
    found = await _here(case, chain)
    calls = calling.calls(case.incident, chain, found, case.desk.ids.new, case.now, after)
    if calls is None:
        return
    await case.record(calls)
    if not calls:
        due = case.now + calling.AGAIN
        name = f"again{case.incident.uncalled.index(chain.name)}"
        key, lane = f"{case.stream}:clock.page:{name}:{due}", f"{case.stream}:clock:page:{name}"
        args = {"service": chain.name, "about": chain.about}
        await case.tx.enqueue([Effect(key, "clock.page", lane, case.stream, args, not_before=due)])


async def _of(case: Case, chain: Chain) -> Ladder:
    """The ladder of a search: of a service, or of a team or person that somebody named."""
    organisation = case.desk.organisation
    if chain.about == INCIDENT or chain.name == case.incident.service or organisation.services.get(chain.name):
        return await ladder(case.tx, organisation, chain.name)
    found = organisation.ladder_of(chain.name, await directory.read(case.tx))
    return found.without(await _gone(case.tx))


async def one_more(case: Case, silent: Collection[str]) -> None:
    """Those who are here did not answer what was asked of them (silent): the next level is called, too. Where nobody is here yet,
    somebody is being called already."""
    found = (await _here(case, Chain(case.incident.service))).without(silent)
    if case.incident.answered and found.everybody:
        new_id = case.desk.ids.new
        await case.record(calling.asked(case.incident, case.incident.service, found, new_id, case.now, on=True))


async def _here(case: Case, chain: Chain) -> Ladder:
    """Without whom a drill leaves in peace."""
    spared = await duty.spared(case.desk, case.tx, case.incident, case.now)
    return (await _of(case, chain)).without(spared)


async def cannot(case: Case) -> None:
    """Somebody just said that they cannot: if nobody is left of their level, the next one is called at once."""
    for answered in [event.payload for event in case.events if isinstance(event.payload, PageAnswered)]:
        page = next((page for page in case.incident.pages if page.id == answered.page), None)
        if page is not None and page.about in (INCIDENT, ASKED) and calling.all_passed(case.incident, page):
            await call_next(case, Chain(page.service, page.about))


async def others(case: Case) -> Ladder:
    """Who is on call besides those who are here."""
    return (await _here(case, Chain(case.incident.service, ASKED))).without(case.incident.answered)


async def page(desk: Desk, cause: Cause, number: int, names: Sequence[str]) -> Reply:
    """`page @team|@person|service`."""

    async def work(case: Case) -> Reply:
        _refuse(case.incident)
        handles = {group.id: group.handle for group in await case.tx.groups()}
        called = [handles.get(name, name) for name in names]
        wanted = {name: await _of(case, Chain(name, ASKED)) for name in called}
        for name, found in wanted.items():
            if not found.everybody:
                raise BadInput(_unknown(desk, name), "page @ben")
        if not any(found.without({cause.actor}).everybody for found in wanted.values()):
            raise BadInput(t("You are here already. Call somebody else."), "page @ben")
        await case.record(arrive(case.incident, case.by))
        told: list[Text] = []
        for name, found in wanted.items():
            calls = calling.asked(case.incident, name, found, case.desk.ids.new, case.now)
            told.append(await _called(case, calls, found))
        return Reply(tuple(told), done=bool(case.events))

    return await once(desk, cause, number, work)


async def escalate(desk: Desk, cause: Cause, number: int) -> Reply:
    """`escalate`: the next level now, whether or not somebody is there already."""

    async def work(case: Case) -> Reply:
        _refuse(case.incident)
        service = case.incident.service
        found = await ladder(case.tx, desk.organisation, service)
        if not found.everybody:
            raise Refused(_unknown(desk, service), "nobody")
        await case.record(arrive(case.incident, case.by))
        calls = calling.asked(case.incident, service, found, case.desk.ids.new, case.now, on=True)
        return Reply((await _called(case, calls, found),), done=bool(case.events))

    return await once(desk, cause, number, work)


def _refuse(incident: Incident) -> None:
    """Nobody is called to what is over, or is a test."""
    refuse_if_over(incident)
    if incident.kind is Kind.TEST:
        raise Refused(t("This is a test: nobody is called. In a drill people are called as in earnest."), "test")


def _unknown(desk: Desk, name: str) -> Text:
    if not name:
        return t("Nobody is on call for this incident: oncall.yaml names no rota `default`. Name a person or a team.")
    known = ", ".join([*desk.organisation.services.by_id, *desk.organisation.oncall.schedules])
    if not known:
        return t("Nobody stands behind {name}: oncall.yaml names no team yet. Name a person.", name=Code(name))
    return t("Nobody stands behind {name}. Name a person, a team, or one of: {known}.", name=Code(name), known=known)


async def _called(case: Case, calls: tuple[Draft, ...], found: Ladder) -> Text:
    await case.record(calls)
    called = [draft.payload.person for draft in calls if isinstance(draft.payload, PageSent)]
    if not called:
        rings = [who for who in found.everybody if who not in case.incident.answered]
        if rings:
            return t("Called already, without an answer yet: {who}.", who=_names(rings))
        return t("Here already: {who}.", who=_names(found.everybody))
    last = t("If nobody answers, I go on, and after the last one again and again.")
    return t("I call {who}. {last}", who=_names(called), last=last)


def _names(people: Sequence[str]) -> Text:
    first, *others = people[:5]
    names: Text = t("{who}", who=Who(first))
    for person in others:
        names = t("{names}, {who}", names=names, who=Who(person))
    return names


async def on_call(desk: Desk, number: int | None, viewer: str, service: str) -> Reply:
    """`oncall`: of the service named, of the incident's, or of all."""
    async with desk.store.read() as reads:
        here = (
            await reads.incident(number, await desk.viewer(reads, viewer))
            if number is not None and not service
            else None
        )
        own = service or (here.service if here else "")
        names = [own] if own else [*desk.organisation.services.by_id, ""]
        known = service in desk.organisation.services.by_id
        found = [(name, await ladder(reads, desk.organisation, name)) for name in names[:MOST]]
    lines = [_rota(name, ladder) for name, ladder in found]
    if service and not known:
        lines.insert(0, brief(t("I know no service {name}; for it holds:", name=Code(service))))
    return Reply(tuple(lines), done=False)


def _rota(name: str, found: Ladder) -> Text:
    """`orders: Ana, after 2 min Ben; then all of them every 10 min`."""
    of: Text = t("{name}", name=Strong(name)) if name else t("any other service")
    if not found.levels:
        return t("{of}: nobody. oncall.yaml names no rota `default`.", of=of)
    said, called = t("{of}", of=of), set[str]()
    wait = 0
    for number, level in enumerate(found.levels):
        now = calling.of_level(level, called)
        if not now:
            continue
        called |= set(now)
        who = _names(now)
        said = (
            t("{said}, after {wait} {who}", said=said, wait=Span(wait), who=who)
            if number
            else t("{of}: {who}", of=of, who=who)
        )
        wait = level.wait
    return t("{said}; then all of them every {every}", said=said, every=Span(found.repeat))


async def refused(
    tx: SqlTx, organisation: Organisation, incident: Incident, services: Sequence[str]
) -> tuple[Draft, ...]:
    """The storm took their channel: who is on call for these services is called, once for each."""
    rung = {page.service for page in incident.pages}
    drafts: tuple[Draft, ...] = ()
    for service in services:
        if service not in rung:
            found = await ladder(tx, organisation, service)
            drafts += calling.calls(incident, Chain(service), found, tx.ids.new, tx.now) or ()
    return drafts
