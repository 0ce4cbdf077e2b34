"""What people told of an incident: reports, impact, causes, work for later. Codes and moments; the words stand in the events.

Each entry keeps the `seq` of its event, so that one that is taken back is gone as if it had never been said.
"""

from dataclasses import dataclass, replace

from bot.domain.terms import Micros

SEEN_BY = ("customer", "business", "colleague", "partner")
"""Who reports what they see, as codes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody outside monitoring saw it. by: a code of SEEN_BY; at: when they said so; person: who recorded it."""

    seq: int
    by: str
    at: Micros
    channel: str = ""
    ts: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What stood still for the business. function: "" if none was named; percent: how much of it, None if nobody said, 0 for
    "nothing was affected"; end None: it goes on, or nobody said when it ended."""

    seq: int
    function: str
    percent: int | None
    start: Micros | None
    end: Micros | None = None

    @property
    def nothing(self) -> bool:
        return self.percent == 0 and not self.function


@dataclass(frozen=True, slots=True)
class Cause:
    """One of what made it happen, or last. code: of bot.domain.questions.CAUSES."""

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Followup:
    """Something to do afterwards; its words stand in event `seq`. owner, due, channel, ts: as in FollowupMade."""

    seq: int
    owner: str = ""
    due: str = ""
    channel: str = ""
    ts: str = ""
    number: int = 0

    @property
    def ref(self) -> str:
        """`F-17`, "" for the oldest, which have no number."""
        return f"F-{self.number}" if self.number else ""


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who gets the updates by direct message. zone: theirs, for the night."""

    person: str
    zone: str


@dataclass(frozen=True, slots=True)
class Told:
    """As it was said, the oldest first. followers: who wants to be told of updates; unfollowed: who
    does not any more."""

    seen: tuple[Seen, ...] = ()
    impacts: tuple[Impact, ...] = ()
    followers: tuple[Follower, ...] = ()
    unfollowed: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    followups: tuple[Followup, ...] = ()

    @property
    def impact(self) -> tuple[Impact, ...] | None:
        """What was affected: () = nothing was, None = nobody has said.

        "Nothing" and something each take back the other; the same function from the same moment is a correction.
        """
        if not self.impacts:
            return None
        found: dict[tuple[str, Micros | None], Impact] = {}
        for said in self.impacts:
            if said.nothing:
                found = {}
            else:
                found[said.function, said.start] = said
        return tuple(found.values())

    def without(self, seqs: tuple[int, ...]) -> "Told":
        """The same without what these events said."""
        return replace(
            self,
            seen=tuple(one for one in self.seen if one.seq not in seqs),
            impacts=tuple(one for one in self.impacts if one.seq not in seqs),
            causes=tuple(one for one in self.causes if one.seq not in seqs),
            followups=tuple(one for one in self.followups if one.seq not in seqs),
        )
