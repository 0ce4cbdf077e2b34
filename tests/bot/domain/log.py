"""An incident's log for tests: says what happens, at which minute, and folds as the store would."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.events import AlertsChanged, Draft, Event, Opened, Payload
from bot.domain.incident import fold
from bot.domain.people import By
from bot.domain.state import Incident
from bot.domain.terms import HOUR, MINUTE, SECOND, Kind, Micros, Milestone, Severity, Source, Status

NIGHT: Micros = 1_795_000_000 * SECOND
ROLES = ("commander", "operations")


def minute(n: float) -> Micros:
    """A moment, n minutes after the night began."""
    return NIGHT + round(n * MINUTE)


@dataclass
class Log:
    """Events as they are stored, and the incident that they make."""

    events: list[Event] = field(default_factory=list)
    incident: Incident | None = None
    now: Micros = NIGHT
    source: Source = Source.BOT_COMMAND

    @property
    def state(self) -> Incident:
        assert self.incident is not None
        return self.incident

    def add(
        self, actor: str, payload: Payload, at: Micros | None = None, source: Source | None = None, input: str = ""
    ) -> Incident:
        """One event, now; `at` if it happened at another moment; of an input of its own."""
        seq = len(self.events) + 1
        occurred = self.now if at is None else at
        event = Event("inc:42", seq, occurred, self.now, actor, source or self.source, input or f"in-{seq}", payload)
        self.events.append(event)
        self.incident = fold(self.incident, event)
        return self.incident

    def decided(self, actor: str, drafts: Iterable[Draft]) -> Incident:
        """The drafts of a decision, all now and of one input."""
        input = f"in-{len(self.events) + 1}"
        for draft in drafts:
            self.add(draft.actor or actor, draft.payload, draft.at, draft.source, input)
        return self.state

    def after(self, minutes: float) -> "Log":
        """Time goes on."""
        self.now += round(minutes * MINUTE)
        return self

    def by(self, who: str, how: str = "command") -> By:
        return By(who, self.now, how)

    def mark(self, milestone: Milestone) -> Micros | None:
        return self.state.mark(milestone)


def alerted(
    kind: Kind = Kind.REAL, severity: Severity = Severity.SEV2, began: float = -1, required: tuple[str, ...] = ROLES
) -> Log:
    """An incident that an alert opened at minute 0; the alert began `began` minutes from there."""
    log = Log()
    opening = Opened(
        42, kind, severity, Status.INVESTIGATING, "orders", "alert", required=required, title="orders-db down"
    )
    log.add("alert:alertmanager", opening, source=Source.ALERT)
    log.add("alert:alertmanager", fired(1, began), source=Source.ALERT)
    return log


def declared(kind: Kind = Kind.REAL, required: tuple[str, ...] = ROLES, at: Micros | None = None) -> Log:
    """An incident that Ana declared at minute 0."""
    log = Log()
    opening = Opened(
        42, kind, Severity.SEV2, Status.INVESTIGATING, "orders", "command", required=required, title="slow"
    )
    log.add("UANA", opening, at=at)
    return log


def fired(n: int, began: float | None, cleared: int = 0, decision: str = "attach", truncated: int = 0) -> AlertsChanged:
    first = None if began is None else minute(began)
    return AlertsChanged(
        decision,
        "alertmanager",
        n,
        cleared,
        minute(0) + HOUR if first is None else first,
        first,
        1,
        truncated=truncated,
    )
