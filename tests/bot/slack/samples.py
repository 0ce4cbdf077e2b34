"""One incident, one plan and one approval that the tests of the screens share."""

import json
from dataclasses import replace

from bot.domain import events as e
from bot.domain.organisation import Organisation
from bot.domain.plan import Action, Answer, Check, Does, Phase, Plan, Step
from bot.domain.state import AlertCounts, Approval, Attempt, Incident, Interval, Mark, Visit, Walk
from bot.domain.terms import MINUTE, SECOND, Kind, Micros, Milestone, Severity, Source, Status
from bot.slack.views.scene import Scene

T0: Micros = 1_988_334_000_000_000
"""Monday 2033-01-03, 03:00 UTC."""
NOW = T0 + 14 * MINUTE
NAMES = {"U1": "Ana", "U2": "Ben", "U3": "Li", "U4": "Zhou"}
DIGEST = "7f3a" + "0" * 60

RESTART = Action(
    "restart",
    Does("run", {"argv": ["/usr/bin/systemctl", "restart", "order gw"]}),
    changes=True,
    timeout=60 * SECOND,
    verify=Check(Does("http", {"url": "http://gw-3:8080/healthz"}), 20 * SECOND),
)
PLAN = Plan(
    "orders-failover",
    "Fail over the orders database",
    "Use this when the orders primary is unreachable.",
    "team-database",
    (
        Phase(
            "look",
            "Look",
            (
                Step("1.1", "Read the primary's log", 10, role="database", within=3 * MINUTE),
                Step("1.2", "Tell the traders", 11, meanwhile=True, update_text="Orders are down."),
            ),
            9,
        ),
        Phase(
            "act",
            "Act",
            (
                Step(
                    "2.1",
                    "Promote the standby, and paste the promotion time.",
                    20,
                    role="database",
                    within=3 * MINUTE,
                    evidence=True,
                    confirmed_by="commander",
                    copy=("pg_ctl promote -D /data  # `now`",),
                ),
                Step(
                    "2.2",
                    "Decide",
                    24,
                    question="Is the standby current?",
                    answers=(Answer("Yes", "continue"), Answer("No", "stop")),
                ),
                Step("2.3", "Restart the gateway", 30, action=RESTART),
            ),
            19,
        ),
    ),
    "a" * 64,
    reviewed="2032-11-01",
)

WHAT = {
    "executor": "run",
    "spec": {"argv": ["/usr/bin/systemctl", "restart", "order gw"]},
    "timeout": 60.0,
    "verify": {"executor": "http", "spec": {"url": "http://gw-3:8080/healthz", "expect": 200}, "timeout": 20.0},
    "rollback": "A restart cannot be taken back.",
}
ASKED = e.ApprovalAsked(
    run=1,
    step="2.3",
    visit=1,
    action="restart",
    digest=DIGEST,
    need=1,
    may=("U1", "U3", "U4"),
    expires_at=NOW + 3 * MINUTE,
    starter="U2",
    target="gw-3",
    beside=1,
    at_once=3,
    what=json.dumps(WHAT),
)
APPROVAL = Approval(
    DIGEST, 1, "2.3", 1, "restart", 1, ("U1", "U3", "U4"), NOW, NOW + 3 * MINUTE, starter="U2", target="gw-3"
)
DUMP = Attempt("a0", 1, "1.1", 1, "thread-dump", 1, False, T0, target="gw-3", state="exited", exit=0)
"""A read-only action before it: the evidence."""
ATTEMPT = Attempt(
    "a1", 1, "2.3", 1, "restart", 1, True, NOW, digest=DIGEST, approvers=("U1",), target="gw-3", state="running"
)
VISITS = (
    Visit("1.1", 1, T0, "database", "U2", T0 + 3 * MINUTE, state="done", done_at=T0 + 4 * MINUTE, done_by="U2"),
    Visit("2.1", 1, T0 + 4 * MINUTE, "database", "U2", T0 + 7 * MINUTE),
)
WALK = Walk(1, "orders-failover", "a" * 64, "matched", 2, T0, VISITS, title=PLAN.title)
INCIDENT = Incident(
    42,
    Kind.REAL,
    Severity.SEV1,
    Status.INVESTIGATING,
    "orders",
    T0,
    "alert",
    seq=17,
    title="Orders cannot be placed.",
    name="inc-42-orders-db-down",
    channel="C42",
    roles={"commander": (Interval("U1", T0),), "database": (Interval("U2", T0),)},
    marks={Milestone.STARTED: Mark(T0 - 2 * MINUTE, Source.ALERT, "alert:alertmanager", T0)},
    people={"U1": T0},
    alerts=AlertCounts(28, 31, 4, ("orders", "gw", "db", "web"), T0 - 2 * MINUTE, NOW - 20 * SECOND),
    next_update_at=T0 + 15 * MINUTE,
    walks=(WALK,),
)


def event(
    payload: e.Payload, seq: int = 17, at: Micros = NOW, actor: str = "U1", recorded: Micros | None = None
) -> e.Event:
    """A stored event of the incident."""
    return e.Event("inc:42", seq, at, recorded or at, actor, Source.BUTTON, f"in-{seq}", payload)


def scene(incident: Incident = INCIDENT, *events: e.Event, **rest: object) -> Scene:
    """The incident as the views see it."""
    given = Scene(incident, NOW, NAMES, Organisation(bridge="https://meet.example.com/orders"), PLAN, events)
    return replace(given, **rest)  # type: ignore[arg-type]


def visited(**changes: object) -> Incident:
    """The incident with its current step changed."""
    now = replace(VISITS[1], **changes)  # type: ignore[arg-type]
    return replace(INCIDENT, walks=(replace(WALK, visits=(VISITS[0], now)),))
