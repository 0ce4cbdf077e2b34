"""The local directory of people and groups: filled at start, by events, and every five minutes. Clicks are judged by it."""

from collections.abc import Iterable

from bot.domain.directory import Directory
from bot.domain.terms import MINUTE, Micros
from bot.ports import Chat, Group, Person, Reads, Store

FRESH: Micros = 15 * MINUTE
"""A Slack group that was read longer ago does not decide an approval."""


async def fill(store: Store, chat: Chat) -> int:
    """Read all people and groups of the workspace into the directory; the number of people."""
    people = await chat.people()
    groups = await chat.groups()
    async with store.begin() as tx:
        await tx.save([*people, *groups])
    return len(people)


async def read(reads: Reads, newer_than: Micros = 0) -> Directory:
    """The directory as a decision needs it. newer_than: leave out groups that were read before (see FRESH)."""
    people = await reads.people()
    groups = await reads.groups()
    return directory_of(people.values(), [group for group in groups if group.seen_at >= newer_than])


def directory_of(people: Iterable[Person], groups: Iterable[Group]) -> Directory:
    """Only people who can act here; groups without all others."""
    here = {p.id: p for p in people if able(p)}
    members = {g.handle: tuple(m for m in g.members if m in here) for g in groups}
    return Directory(members, {p.name.lower(): p.id for p in here.values()})


def able(person: Person) -> bool:
    """The person can act here."""
    return not (person.bot or person.deleted or person.stranger)
