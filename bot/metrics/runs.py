"""What the bot did: the funnel from asked to lasting, for takeovers and for self-healing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.facts import Facts, Run

TAKEOVER = "takeover"
SELF_HEAL = "self_heal"


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far runs came. Retries of one action in one visit of a step are one run, judged by the last of them.

    asked: questions to people; started, verified (its check passed), lasted (and it was not needed again): runs;
    failed, unverified, unknown, running: the other ends.
    """

    asked: int = 0
    denied: int = 0
    expired: int = 0
    started: int = 0
    verified: int = 0
    lasted: int = 0
    unverified: int = 0
    failed: int = 0
    unknown: int = 0
    running: int = 0


def funnel(incidents: Iterable[Facts], kind: str) -> Funnel:
    """The funnel of one kind of action over some incidents."""
    known = list(incidents)
    asked = Counter(one.state for facts in known for one in facts.asked if one.kind == kind)
    runs = [run for facts in known for run in last_tries(facts, kind)]
    ended = Counter(run.outcome for run in runs)
    return Funnel(
        asked=asked.total(),
        denied=asked["denied"],
        expired=asked["expired"],
        started=len(runs),
        verified=ended["succeeded"],
        lasted=sum(run.outcome == "succeeded" and run.lasted for run in runs),
        unverified=ended["unverified"],
        failed=ended["failed"],
        unknown=ended["unknown"],
        running=ended["running"],
    )


def last_tries(facts: Facts, kind: str) -> Iterator[Run]:
    """The runs of one kind, each with its last try."""
    last = {(run.place, run.action): run for run in facts.runs if run.kind == kind}
    yield from last.values()


def took_over(facts: Facts) -> Iterator[bool | None]:
    """Each takeover that was tried: verified and lasting, or not."""
    return _judged(facts, TAKEOVER)


def healed(facts: Facts) -> Iterator[bool | None]:
    """Each self-healing that was started: verified and lasting, or not."""
    return _judged(facts, SELF_HEAL)


def _judged(facts: Facts, kind: str) -> Iterator[bool | None]:
    """What runs is left out; what nobody verified or knows is the third class."""
    for run in last_tries(facts, kind):
        if run.outcome in ("unknown", "unverified"):
            yield None
        elif run.outcome != "running":
            yield run.outcome == "succeeded" and run.lasted
