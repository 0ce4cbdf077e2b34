"""The measures, by the question that they answer. Evidence and reasons: docs/metrics.md."""

from collections.abc import Iterator

from bot.domain.facts import Facts
from bot.domain.terms import Milestone as M
from bot.metrics.measures import Duration, Share
from bot.metrics.runs import healed, took_over
from bot.text import t

FOUND = Duration(
    M.STARTED,
    M.DETECTED,
    t("Found, from its beginning"),
    t("From the beginning of the impact to the moment when Tocsin first knew of it, by whatever way."),
    t("Alerts on what users feel; shorter evaluation and grouping times."),
    seen_beginning=True,
    target="detect",
)
NOTICED = Duration(
    M.FIRST_SIGNAL,
    M.DETECTED,
    t("Found, from the first signal"),
    t("From the first sign in monitoring to the moment when Tocsin first knew of it."),
    t("Shorter grouping and sending times of the alert source."),
)
ACKNOWLEDGED = Duration(
    M.DETECTED,
    M.ACKNOWLEDGED,
    t("Acknowledged, from its detection"),
    t("From the moment when Tocsin first knew of it to the first person who said that they have seen it."),
    t("Who is called, how it rings, and how soon the next one is called."),
    coordination=True,
    target="acknowledge",
)
TOGETHER = Duration(
    M.DECLARED,
    M.QUORUM,
    t("Together, from the declaration"),
    t(
        "From the declaration until every role that the severity asks for is held by somebody who has shown a sign of life."
    ),
    t("On-call lists per role, standbys, and drills."),
    coordination=True,
    target="together",
)
KNOWN = Duration(
    M.DETECTED,
    M.DIAGNOSED,
    t("Cause known, from its detection"),
    t("From the moment when Tocsin first knew of it until the cause was known well enough to choose what to do."),
    t("Plans with a first look, dashboards, recent changes in sight."),
)
MITIGATED = Duration(
    M.STARTED,
    M.MITIGATED,
    t("Mitigated, from its beginning"),
    t("From the beginning of the impact until it stopped, by whatever way around."),
    t("Ways around that are ready and rehearsed: standby, rollback, switches."),
)
BACK = Duration(
    M.STARTED,
    M.RECOVERED,
    t("Back, from its beginning"),
    t(
        "From the beginning of the impact until the service was verified to be normal. After a reopening, the last time."
    ),
    t("All of the above; tested recovery."),
    target="recover",
)
BACK_FROM_FOUND = Duration(
    M.DETECTED,
    M.RECOVERED,
    t("Back, from its detection"),
    t("From the moment when Tocsin first knew of it until the service was verified to be normal."),
    t("Diagnosis and recovery: plans, standby, people."),
)
DURATIONS = (FOUND, NOTICED, ACKNOWLEDGED, TOGETHER, KNOWN, MITIGATED, BACK, BACK_FROM_FOUND)


def found_by_monitoring(facts: Facts) -> Iterator[bool | None]:
    """One case: monitoring told us before people did."""
    yield None if facts.found == "unknown" else facts.found == "monitoring"


def reopened(facts: Facts) -> Iterator[bool | None]:
    """One case, however often it was reopened; open incidents that never ended are none."""
    if facts.reopened or facts.at(M.RESOLVED) is not None:
        yield bool(facts.reopened)


BY_MONITORING = Share(
    "p.detected_by_monitoring",
    t("Found by monitoring"),
    t("Incidents of which monitoring told us before any person, of all whose finder is known."),
    t("Alerts for what people reported first."),
    found_by_monitoring,
)
TAKEOVER_SUCCESS = Share(
    "p.takeover_success",
    t("Standby took over"),
    t("Takeovers that were verified and, as far as is known, lasted 30 minutes, of all that were tried."),
    t("Drills with real traffic; checks that see what users see."),
    took_over,
)
SELF_HEAL_SUCCESS = Share(
    "p.self_heal_success",
    t("Healed by itself"),
    t("Self-healing runs that were verified and, as far as is known, lasted 30 minutes, of all that were started."),
    t("Better preconditions and checks; the cause behind what has to be healed again."),
    healed,
)
REOPENED = Share(
    "p.reopened",
    t("Reopened"),
    t("Incidents that were opened again after they were resolved, of all that were ever resolved; each once."),
    t("Verify before resolving; watch for a while."),
    reopened,
)
SHARES = (BY_MONITORING, TAKEOVER_SUCCESS, SELF_HEAL_SUCCESS, REOPENED)
