"""The words of an incident: kinds, severities, statuses, roles, milestones, sources."""

from enum import StrEnum
from typing import TypeAlias

Micros: TypeAlias = int
"""A moment or a length of time in microseconds; moments count from 1970-01-01T00:00Z."""

SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR


class Kind(StrEnum):
    """What an incident is; only `real` counts in production numbers."""

    REAL = "real"
    DRILL = "drill"
    TEST = "test"
    BACKFILL = "backfill"


class Severity(StrEnum):
    """How bad: sev1 is worst."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"

    @property
    def rank(self) -> int:
        """1 for sev1 … 4 for sev4."""
        return _RANKS[self]

    def worse_than(self, other: "Severity") -> bool:
        return _RANKS[self] < _RANKS[other]


_RANKS = {severity: int(severity.value[3]) for severity in Severity}


class Status(StrEnum):
    """Where the response stands."""

    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    REVIEW = "review"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"
    CANCELLED = "cancelled"
    FALSE_POSITIVE = "false_positive"

    @property
    def open(self) -> bool:
        """People are still responding."""
        return self in _OPEN

    @property
    def counts(self) -> bool:
        """The incident belongs to the population of the numbers."""
        return self not in _NOT_COUNTED


_OPEN = frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MITIGATING, Status.MONITORING})
_NOT_COUNTED = frozenset({Status.DECLINED, Status.MERGED, Status.CANCELLED, Status.FALSE_POSITIVE})

COMMANDER = "commander"
DEPUTY, MANAGER = "deputy", "manager"
ROLES = (
    COMMANDER,
    "deputy",
    "scribe",
    "operations",
    "communications",
    "business liaison",
    "regulator reporter",
    "vendor liaison",
)
"""The standing roles; an incident may have others, named by a plan or a person, in lower case."""


class Milestone(StrEnum):
    """The moments that the numbers are made of."""

    STARTED = "started"
    FIRST_SIGNAL = "first_signal"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    COMMANDER = "commander"
    FIRST_RESPONDER = "first_responder"
    QUORUM = "quorum"
    PLAN_STARTED = "plan_started"
    DIAGNOSED = "diagnosed"
    FIX_STARTED = "fix_started"
    MITIGATED = "mitigated"
    RECOVERED = "recovered"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Source(StrEnum):
    """Where a fact came from."""

    ALERT = "alert"
    PROBE = "probe"
    BOT_COMMAND = "bot_command"
    BUTTON = "button"
    SLACK_EVENT = "slack_event"
    AUTOMATION = "automation"
    IMPORT = "import"
    MANUAL_BACKFILL = "manual_backfill"
    DERIVED = "derived"


BOT = "bot"
"""The actor and viewer that is Tocsin itself."""

ORG = "org"
"""The stream of what belongs to no incident: policy, configuration, refusals outside an incident."""


def stream_of(number: int) -> str:
    """The stream of an incident: `inc:42`."""
    return f"inc:{number}"


def number_of(stream: str) -> int:
    """The incident's number of a stream `inc:42`."""
    return int(stream.removeprefix("inc:"))
