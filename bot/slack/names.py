"""How people are called, as the local directory has it."""

from collections.abc import Mapping

from bot.ports import Clock, Reads

FRESH = 60.0
"""Seconds after which the directory is read again."""


class Names:
    """Id → name of all people and groups, kept for a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: Mapping[str, str] = {}
        self._read_at = float("-inf")

    async def read(self, reads: Reads) -> Mapping[str, str]:
        if self._clock.monotonic() - self._read_at > FRESH:
            self.last = await names_of(reads)
            self._read_at = self._clock.monotonic()
        return self.last


async def names_of(reads: Reads) -> Mapping[str, str]:
    """Id → name of people, → handle of groups."""
    groups = {group.id: group.handle for group in await reads.groups()}
    return groups | {person.id: person.name for person in (await reads.people()).values()}
