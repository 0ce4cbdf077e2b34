"""The local directory of people and groups: filled at start, by events, and every five minutes. Clicks are judged by it."""

from collections.abc import Iterable

from bot.domain.directory import Directory
from bot.domain.oncall import OnCall
from bot.domain.terms import MINUTE, Micros
from bot.errors import Refused
from bot.ports import Chat, Group, Person, Reads, Store
from bot.text import Who, t

FRESH: Micros = 15 * MINUTE
"""A Slack group that was read longer ago does not decide an approval."""


EVERY: Micros = 5 * MINUTE
"""The directory is read so often, by one of the replicas."""
LEASE: Micros = MINUTE
"""How long a replica is given to read it, before another one tries."""
_TURN = "directory"


async def fill(store: Store, chat: Chat) -> int:
    """Read all people and groups of the workspace into the directory; the number of people. ChatError, StoreAway."""
    people = await chat.people()
    groups = await chat.groups()
    async with store.begin() as tx:
        await tx.save([*people, *groups])
        await tx.set_turn(_TURN, tx.now + EVERY)
    return len(people)


async def fill_at_start(store: Store, chat: Chat, now: Micros) -> None:
    """Unless another replica has read it just now."""
    async with store.read() as reads:
        until = await reads.turn(_TURN)
    if until <= now + LEASE:
        await fill(store, chat)


async def fill_in_turn(store: Store, chat: Chat, now: Micros) -> None:
    """If it is due, and no other replica is at it."""
    async with store.begin() as tx:
        mine = await tx.take_turn(_TURN, now + LEASE)
    if mine:
        await fill(store, chat)


async def read(reads: Reads, newer_than: Micros = 0) -> Directory:
    """The directory as a decision needs it. newer_than: leave out groups that were read before (see FRESH)."""
    people = await reads.people()
    groups = await reads.groups()
    return directory_of(people.values(), [group for group in groups if group.seen_at >= newer_than])


def directory_of(people: Iterable[Person], groups: Iterable[Group]) -> Directory:
    """Only people who can act here; groups without all others."""
    known = {p.id: p for p in people}
    here = {id: p for id, p in known.items() if able(p)}
    members = {g.handle: tuple(m for m in g.members if m in here) for g in groups}
    return Directory(members, {p.name.lower(): p.id for p in here.values()}, frozenset(known.keys() - here.keys()))


async def refuse_absent(reads: Reads, person: str) -> None:
    """Nothing is given to somebody who could not act on it: strangers of a shared channel, bots, people who left. Refused."""
    known = await reads.person(person)
    if known is None or not able(known):
        who = Who(person)
        raise Refused(
            t("Not done: {who} cannot act here. Only people of this workspace can; name one.", who=who), "absent"
        )


def able(person: Person) -> bool:
    """The person can act here."""
    return not (person.bot or person.deleted or person.stranger)


def called(people: Iterable[Person], oncall: OnCall, name: str) -> tuple[str, ...]:
    """Ids of those who can act here and are called so: a user id, a name of oncall.yaml, a whole name, else a first name."""
    plain = name.removeprefix("@").strip()
    here = {person.id: person.name.lower() for person in people if able(person)}
    listed = oncall.people.get(plain)
    for one in (plain, listed.slack if listed else ""):
        if one in here:
            return (one,)
    whole = tuple(id for id, known in here.items() if known == plain.lower())
    return whole or tuple(id for id, known in here.items() if known.split()[:1] == [plain.lower()])
