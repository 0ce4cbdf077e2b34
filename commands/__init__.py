"""The verbs of `/tocsin`, one file each: found by folder, checked at start, printed by `tocsin check`.

A module of this package holds one object named `command` that meets `Command`. A click, a form and a slash command build the
same Args and call the same `run`: a button has `action_id = "verb:<name>"` and the JSON {incident, …} as its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.domain.terms import Micros, Source
from bot.ports import Json
from bot.ports.reply import Form, Reply

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Ask:
    """One input of a person. input: its id (Slack's trigger_id, event_id, or the API call's), which dedupes.

    who: the person; channel: where it was said ("" = nowhere); incident: the one whose channel (or button) it is; zone: of the
    sender; at: when it reached us; card: the visit, digest … that a button carries.
    """

    input: str
    who: str
    source: Source
    at: Micros
    channel: str = ""
    incident: int | None = None
    zone: str = "UTC"


class Command(Protocol[A]):
    """A verb. permission: declare | command | respond | read; group: start | who | state | plan | say | read."""

    name: str
    group: str
    usage: str
    example: str
    permission: str

    def parse(self, words: str) -> A:
        """Args from what stands behind the verb. BadInput with an example if they cannot be understood."""
        ...

    def click(self, value: Json) -> A:
        """Args from a button's value."""
        ...

    def fill(self, answers: Mapping[str, str], value: Json) -> A:
        """Args from a form's answers."""
        ...

    def form(self, args: A) -> Form | None:
        """The form to show instead of running, if something is missing."""
        ...

    async def run(self, desk: Any, ask: Ask, args: A) -> Reply:
        """Do it: one call of a flow, one transaction."""
        ...
