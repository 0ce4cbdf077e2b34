"""Who is called: `oncall.yaml` as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.directory import Directory, is_person
from bot.domain.ladder import REPEAT, WAIT
from bot.domain.terms import Micros


@dataclass(frozen=True, slots=True)
class Callee:
    """A person who can be called. notify: references (`env:…`, `file:…`) to addresses, the first to be tried first."""

    name: str
    slack: str
    zone: str = ""
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rota. people: ids in the order in which they are called (kind static); group: a Slack user group (kind usergroup)."""

    id: str
    people: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Call `call` (a rota, group or person), then wait so long for an answer."""

    call: str
    wait: Micros = WAIT


@dataclass(frozen=True, slots=True)
class OnCall:
    """oncall.yaml. people by name; repeat: how often the last level is called again; nobody: who is told that nobody answers."""

    people: Mapping[str, Callee] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    escalations: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    repeat: Micros = REPEAT
    nobody: str = ""

    def roster(self, name: str, directory: Directory) -> tuple[str, ...]:
        """Ids of the people behind a name (with or without @), the first to be called first; () if nobody is known.

        Looked up as a rota, then as a Slack user group (who is on call first), then as a person: a name of oncall.yaml, a
        user id, or a name of the directory.
        """
        plain = name.removeprefix("@").strip()
        schedule = self.schedules.get(plain)
        if schedule is not None:
            return schedule.people or self._first_on_call(directory.members(schedule.group))
        if plain in directory.groups:
            return self._first_on_call(directory.groups[plain])
        return self._person(plain, directory)

    def callee(self, person: str) -> Callee | None:
        """How a person (by id) can be called."""
        return next((callee for callee in self.people.values() if callee.slack == person), None)

    def zone(self, person: str, slack: str) -> str:
        """The time zone of a person: as oncall.yaml says, else as Slack does."""
        callee = self.callee(person)
        return (callee.zone if callee else "") or slack

    def _first_on_call(self, members: tuple[str, ...]) -> tuple[str, ...]:
        on_call = [person for schedule in self.schedules.values() for person in schedule.people[:1]]
        return tuple(sorted(members, key=lambda person: person not in on_call))

    def _person(self, name: str, directory: Directory) -> tuple[str, ...]:
        if name in self.people:
            return (self.people[name].slack,)
        if is_person(name):
            return (name,)
        found = directory.names.get(name.lower())
        return (found,) if found else ()
