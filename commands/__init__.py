"""The verbs of `/tocsin`, one file each: found by folder, checked at start, printed by `tocsin check`.

A module of this package holds one object named `command` that meets `Command`. A click, a form and a slash command build the
same Args and call the same `run`: a button has `action_id = "verb:<name>"` and the JSON {incident, …} as its value.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from bot.domain import phrase
from bot.domain.state import Incident
from bot.domain.terms import Micros, Source
from bot.errors import BadInput
from bot.ports import Cause, Json
from bot.ports.reply import Form, Reply
from bot.text import Code, Text, t

A = TypeVar("A")
_COURTESY = frozenset({"please", "pls", "now", "it", "this", "that", "the", "incident", "thanks", "请"})
"""What people say beside a verb that takes no words."""
_NAME_ANOTHER = frozenset({"decline", "merge"})
"""Verbs whose words may end with another incident than the one that they are about."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One input of a person. input: its id (Slack's trigger_id, event_id, or the API call's), which dedupes.

    who: the person; channel: where it was said ("" = nowhere); incident: the one whose channel (or button, or INC-42) it is;
    zone: of the sender; at: when it reached us; words: what was typed behind the verb; said: the moment of `--at`, if any;
    hidden: whether the channel is private, None where nobody says so; carried: of a shortcut, what must not get lost when the
    person is asked in which incident.
    """

    input: str
    who: str
    source: Source
    at: Micros
    channel: str = ""
    incident: int | None = None
    zone: str = "UTC"
    words: str = ""
    said: Micros | None = None
    hidden: bool | None = None
    carried: Json = field(default_factory=dict)

    @property
    def cause(self) -> Cause:
        """The envelope of the events that this input leads to."""
        return Cause(self.input, self.who, self.source)

    @property
    def cause_then(self) -> Cause:
        """The same, for what happened as a whole at the moment of `--at`."""
        return Cause(self.input, self.who, self.source, self.said)

    @property
    def number(self) -> int:
        """The incident's number; `commands.registry.perform` sees to it that verbs of an incident have one."""
        assert self.incident is not None
        return self.incident


class Command(Protocol[A]):
    """A verb. permission: of policy.yaml, `bot.domain.policy.PERMISSIONS`; group: start | who | state | plan | say | read.

    about: what it does, in a phrase that begins with a small letter and ends without a full stop.
    where: `incident` (it needs one: outside, the open ones are offered) or `anywhere`; loads: its form is opened empty at
    once, and filled in when it is ready.
    outside: whether it needs no incident with these args;
    stands: the args with what their form must remember of the incident as it is when it opens; Refused where it would be for
    nothing;
    dated: whether it takes `--at 14:02`; the moment is `Ask.said`, and no longer in the words.
    """

    name: str
    group: str
    usage: str
    example: str
    about: Text
    permission: str
    where: str
    loads: bool
    dated: bool
    outside: Callable[[A], bool]
    stands: Callable[[A, Incident], A]

    def parse(self, words: str) -> A:
        """Args from what stands behind the verb (and INC-42). BadInput with an example if it cannot be understood."""
        ...

    def click(self, value: Json) -> A:
        """Args from a button's value."""
        ...

    def fill(self, answers: Mapping[str, str], value: Json) -> A:
        """Args from a form's answers and the value that the form carried."""
        ...

    def form(self, args: A) -> Form | None:
        """The form to show instead of running, if something is missing."""
        ...

    async def run(self, desk: Any, ask: Ask, args: A) -> Reply:
        """Do it: one call of a flow, one transaction."""
        ...


def _no_form(args: Any) -> None:
    return None


def _never(args: Any) -> bool:
    return False


def _as_said(args: A, incident: Incident) -> A:
    return args


def _no_answers(answers: Mapping[str, str], value: Json) -> Any:
    raise AssertionError("a verb without a form was sent one")


def alone(verb: str, args: A) -> Callable[[str], A]:
    """What reads a verb that takes no words. BadInput for any: whoever typed them meant something else than the bare verb."""

    def parse(words: str) -> A:
        number = words.strip().lstrip("#")
        refuse_words(verb, words, f"{verb} INC-{number}" if number.isdecimal() and number.isascii() else verb)
        return args

    return parse


def refuse_words(verb: str, words: str, example: str) -> None:
    """BadInput for any words but those of courtesy. example: what to type instead."""
    if not all(word in _COURTESY for word in words.lower().strip(" .!。").split()):
        raise BadInput(t("{verb} takes no words; nothing was done.", verb=Code(verb)), example)


def behind(line: str, words: str) -> str:
    """The free words behind `line`. BadInput where they are nothing but an incident's number: it would be done in this one."""
    number, rest = phrase.incident(words.strip())
    if number is None or rest:
        return words.strip()
    sentence = t(
        "Nothing was done. If {ref} is the incident you mean, begin with it; a reason has more words than that.",
        ref=f"INC-{number}",
    )
    raise BadInput(sentence, f"INC-{number} {line}")


def refuse_behind(verb: str, words: str) -> None:
    """BadInput where, outside an incident's channel, one is named behind the words: it may be part of what is said."""
    rest, _, last = words.strip().rpartition(" ")
    number, more = phrase.incident(last)
    if number is not None and not more and verb not in _NAME_ANOTHER:
        ref = f"INC-{number}"
        said = t("Nothing was done. If {ref} is the incident you mean, begin with it.", ref=ref)
        raise BadInput(said, f"{ref} {verb} {rest}".strip())


@dataclass(frozen=True)
class Verb(Generic[A]):
    """A Command made of functions."""

    name: str
    group: str
    usage: str
    example: str
    permission: str
    parse: Callable[[str], A]
    click: Callable[[Json], A]
    run: Callable[[Any, Ask, A], Awaitable[Reply]]
    about: Text
    form: Callable[[A], Form | None] = _no_form
    fill: Callable[[Mapping[str, str], Json], A] = _no_answers
    where: str = "incident"
    loads: bool = False
    dated: bool = False
    outside: Callable[[A], bool] = _never
    stands: Callable[[A, Incident], A] = _as_said
