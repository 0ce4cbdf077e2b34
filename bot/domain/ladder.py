"""Whom to call for something, one level after the other, and after the last one all of them: never nobody, if anybody is known."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.terms import MINUTE, Micros

WAIT: Micros = 2 * MINUTE
"""Who is called and does not answer for so long: the next one is called as well, where oncall.yaml names no levels."""
REPEAT: Micros = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Level:
    """people: those behind its name, the first to be called first; whole: all of them at once (a group), else one (a rota)."""

    people: tuple[str, ...]
    wait: Micros = WAIT
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """levels: in their order; names: under which people were looked for; repeat: how often all are called after the last level;
    last: who is called then, too."""

    levels: tuple[Level, ...] = ()
    names: tuple[str, ...] = ()
    repeat: Micros = REPEAT
    last: tuple[str, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who can be called, each once."""
        return tuple(dict.fromkeys(person for level in self.levels for person in level.people))

    @property
    def first(self) -> tuple[str, ...]:
        """Who is on call: those of the first level."""
        return self.levels[0].people if self.levels else ()

    def without(self, gone: Collection[str]) -> "Ladder":
        """The same without some people; a level of which nobody is left is none."""
        left = (replace(one, people=tuple(p for p in one.people if p not in gone)) for one in self.levels)
        last = tuple(person for person in self.last if person not in gone)
        return replace(self, levels=tuple(one for one in left if one.people), last=last)


def one_after_the_other(people: tuple[str, ...]) -> tuple[Level, ...]:
    """The people of a rota without levels of its own: each in turn."""
    return tuple(Level(people) for _ in people)
