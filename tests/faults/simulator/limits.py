"""What a plan sets is never passed: pause, rate and blast radius, counted anew from what ran in all incidents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.plan import Limits, Plan
from bot.domain.run_state import Attempt
from bot.domain.state import Incident
from bot.domain.terms import Micros


@dataclass(frozen=True)
class Ran:
    """One try that changed something, in the plan `plan`."""

    plan: str
    attempt: Attempt
    limits: Limits

    @property
    def over(self) -> Micros | None:
        """When nothing of it was under way any more, None if it never was known. What was checked ended with its check."""
        return self.attempt.verified_at if self.attempt.check else self.attempt.ended_at

    def __str__(self) -> str:
        return f"{self.attempt.action} {self.attempt.id} on {self.attempt.target}"


def passed(incidents: Sequence[Incident], plans: Mapping[str, Plan]) -> Iterator[str]:
    """Sentences; none if all held. plans: by id."""
    ran = sorted(_ran(incidents, plans), key=lambda one: one.attempt.started_at)
    for place, one in enumerate(ran):
        yield from _pause(one, ran[:place])
        yield from _rate(one, ran[:place])
        yield from _blast(one, ran[:place])


def _ran(incidents: Sequence[Incident], plans: Mapping[str, Plan]) -> Iterator[Ran]:
    """What never began did not run, nor did what people say was not done. The way back has no limits: it must never wait."""
    for incident in incidents:
        names = {walk.run: walk.plan for walk in incident.walks}
        for attempt in incident.attempts:
            plan = plans[names[attempt.run]]
            real = attempt.changes and not attempt.undoes and not attempt.unbegun
            if real and not (attempt.settled_by and attempt.state != "ok") and plan.settings.limits is not None:
                yield Ran(plan.id, attempt, plan.settings.limits)


def _pause(one: Ran, before: Sequence[Ran]) -> Iterator[str]:
    """The tries of one run are no pause to each other."""
    what = (one.plan, one.attempt.action, one.attempt.target)
    same = [other for other in before if (other.plan, other.attempt.action, other.attempt.target) == what]
    if same and not one.attempt.retry and one.attempt.started_at - same[-1].attempt.started_at < one.limits.cooldown:
        yield f"{one} ran within the pause after {same[-1]}"


def _rate(one: Ran, before: Sequence[Ran]) -> Iterator[str]:
    since = one.attempt.started_at - one.limits.per
    lately = [other for other in before if other.plan == one.plan and other.attempt.started_at > since]
    if len(lately) >= one.limits.count:
        yield f"{one} was number {len(lately) + 1} of {one.plan}, which allows {one.limits.count}"


def _blast(one: Ran, before: Sequence[Ran]) -> Iterator[str]:
    busy = {other.attempt.target for other in before if other.over is None or other.over > one.attempt.started_at}
    touched = busy | {one.attempt.target}
    if len(touched) > one.limits.max_targets:
        yield f"{one} ran while {sorted(touched)} were in hand"
