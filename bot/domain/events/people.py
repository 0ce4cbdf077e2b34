"""People: roles, signs of life, pages."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event
from bot.domain.terms import Micros


@event("role_offered")
@dataclass(frozen=True, slots=True)
class RoleOffered(Payload):
    """A person is asked to take a role. why: opened | asked | handoff | standby; due_at: when the standby is asked."""

    role: str
    person: str
    why: str
    due_at: Micros | None = None


@event("role_taken")
@dataclass(frozen=True, slots=True)
class RoleTaken(Payload):
    """A person holds a role from now on; who held it before does not."""

    role: str
    person: str
    before: str = ""
    why: str = "asked"  # asked | offered | alone | standby


@event("role_passed")
@dataclass(frozen=True, slots=True)
class RolePassed(Payload):
    """A person declines the role offered."""

    role: str
    person: str


@event("role_unanswered")
@dataclass(frozen=True, slots=True)
class RoleUnanswered(Payload):
    """The time of all whom the plan names for a role is over, and nobody has taken it. asked: they, in their order."""

    role: str
    asked: tuple[str, ...]


@event("role_left")
@dataclass(frozen=True, slots=True)
class RoleLeft(Payload):
    role: str
    person: str


@event("responder_joined")
@dataclass(frozen=True, slots=True)
class ResponderJoined(Payload):
    """First sign of a person in this incident. how: message | button | command | reaction."""

    person: str
    how: str


@event("watching")
@dataclass(frozen=True, slots=True)
class Watching(Payload):
    """A person is here and is not to be counted on."""

    person: str


@event("heard")
@dataclass(frozen=True, slots=True)
class Heard(Payload):
    """The commander wrote something: a sign of life, where only commands would show one."""


@event("commander_silent")
@dataclass(frozen=True, slots=True)
class CommanderSilent(Payload):
    """Nothing was heard of the commander since a moment; they are asked whether they are there. then: what follows if not:
    offer (somebody else may take command) | call (who is on call) | nobody."""

    person: str
    since: Micros
    then: str = "offer"


@event("page_sent")
@dataclass(frozen=True, slots=True)
class PageSent(Payload):
    """A person is called. page: its id; about: incident (nobody is there yet) | asked (somebody wants one more) | role; level:
    1 for the first; base: levels up to this one belong to an earlier call.

    service: for which they are on call, or the team or person that was asked for; due_at: when others are called, if nobody
    answers (with the first of a level).
    """

    page: str
    person: str
    about: str
    level: int = 1
    role: str = ""
    service: str = ""
    due_at: Micros | None = None
    base: int = 0


@event("nobody_called")
@dataclass(frozen=True, slots=True)
class NobodyCalled(Payload):
    """Somebody should be called for a service ("" = of none), and nobody is known. names: under which people were looked for.

    due_at: when somebody is looked for again.
    """

    service: str
    due_at: Micros
    names: str = body()


@event("nobody_answers")
@dataclass(frozen=True, slots=True)
class NobodyAnswers(Payload):
    """All who can be called for a service, team or person were called, and none has answered. every: they are called again so
    often, 0 for not at all; no: all of them, if each has said that they cannot."""

    service: str
    every: Micros
    no: tuple[str, ...] = ()


@event("person_woken")
@dataclass(frozen=True, slots=True)
class PersonWoken(Payload):
    """What waits for a person goes by their own notifier, too. about: call | role | approval | update; ref: id of the call, seq
    of the offer, digest, moment of the promise; why: unanswered (in Slack) | again (called before, and did not answer) | away
    (Slack is) | unsent (Slack has not taken our message) | missed (an update of a sev1) | dnd (in do-not-disturb)."""

    person: str
    about: str
    ref: str
    why: str


@event("page_answered")
@dataclass(frozen=True, slots=True)
class PageAnswered(Payload):
    """answer: take | pass."""

    page: str
    person: str
    answer: str
