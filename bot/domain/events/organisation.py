"""What happens to the organisation and to no incident: its rules and plans change (stream `org`)."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event


@event("plan_changed")
@dataclass(frozen=True, slots=True)
class PlanChanged(Payload):
    """A plan came, changed or went. sha: of its text now, "" if it is gone; before: of the text before, "" if it is new.

    commit: that holds the text, "" if there is none; refusal: why no action of it runs, see runbooks/origin.py.
    """

    plan: str
    sha: str
    before: str = ""
    commit: str = ""
    refusal: str = ""


@event("plan_rejected")
@dataclass(frozen=True, slots=True)
class PlanRejected(Payload):
    """A file of the plans folder cannot be used; the last good text of its plan stays. file: its path inside that folder.

    code: of the first error; errors: how many there are; sha: of the bytes that were read; plan: that stays, "" if there is
    none; said, fix: the error in words; edit: the address where the line is edited, "" if nobody knows it.
    """

    file: str
    line: int
    code: str
    errors: int
    sha: str
    plan: str = ""
    said: str = body()
    fix: str = body()
    edit: str = body()


@event("policy_changed")
@dataclass(frozen=True, slots=True)
class PolicyChanged(Payload):
    """What people and automation may do is another. sha: of policy.yaml, "" without one."""

    sha: str
    before: str = ""


@event("config_rejected")
@dataclass(frozen=True, slots=True)
class ConfigRejected(Payload):
    """A file of the configuration folder cannot be used; what it said before holds. file: its name, without folders.

    line: of the first error; errors: how many there are; sha: of the bytes that were read; said: the error in words.
    """

    file: str
    line: int
    errors: int
    sha: str
    said: str = body()


@event("file_mended")
@dataclass(frozen=True, slots=True)
class FileMended(Payload):
    """A file that was rejected can be used again, or is gone. file: as PlanRejected or ConfigRejected named it."""

    file: str


@event("automation_set")
@dataclass(frozen=True, slots=True)
class AutomationSet(Payload):
    """A person has turned the switch of all automation. mode: off | dry-run | ask | auto; policy.yaml may hold it lower."""

    mode: str
    before: str = ""
    reason: str = body()


@event("drill_not_begun")
@dataclass(frozen=True, slots=True)
class DrillNotBegun(Payload):
    """A schedule's drill could not begin at its moment. service: "" where the schedule names none; said: why, in words."""

    plan: str
    service: str = ""
    said: str = body()


@event("standing_followed")
@dataclass(frozen=True, slots=True)
class StandingFollowed(Payload):
    """The actor is told of each new incident of a sort. what: `sev1` … `sev4` (and all that is worse), or the id of a service."""

    what: str


@event("standing_unfollowed")
@dataclass(frozen=True, slots=True)
class StandingUnfollowed(Payload):
    """The actor is not told of these by themselves any more. what: as it was followed."""

    what: str


@event("breaker_closed")
@dataclass(frozen=True, slots=True)
class BreakerClosed(Payload):
    """A person allows a plan's actions again."""

    plan: str
    reason: str = body()
