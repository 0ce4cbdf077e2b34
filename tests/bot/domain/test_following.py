"""Who follows a service, or what is so bad: who is told of which incident."""

from dataclasses import replace

import pytest

from bot.domain.events import Event, Payload, StandingFollowed, StandingUnfollowed
from bot.domain.following import concerns, newly_concerned, standing
from bot.domain.state import Incident
from bot.domain.terms import Kind, Severity, Source, Status
from bot.domain.told import Follower, Told
from tests.bot.domain.log import alerted

INCIDENT = replace(alerted().state, severity=Severity.SEV2, service="orders")


def said(seq: int, who: str, payload: Payload) -> Event:
    return Event("org", seq, seq, seq, who, Source.BOT_COMMAND, f"in-{seq}", payload)


def test_what_is_followed_is_what_was_said_last() -> None:
    events = [
        said(1, "U1", StandingFollowed("orders")),
        said(2, "U1", StandingFollowed("sev2")),
        said(3, "U2", StandingFollowed("sev1")),
        said(4, "U2", StandingUnfollowed("sev1")),
        said(5, "U1", StandingFollowed("orders")),
        said(6, "U3", StandingUnfollowed("orders")),
    ]
    assert standing(events) == {"U1": ("sev2", "orders")}


@pytest.mark.parametrize(
    ("what", "yes"), [("sev1", False), ("sev2", True), ("sev3", True), ("orders", True), ("order", False), ("", False)]
)
def test_a_severity_means_all_that_is_worse(what: str, yes: bool) -> None:
    assert concerns(INCIDENT, what) is yes


@pytest.mark.parametrize(
    ("incident", "who"),
    [
        (INCIDENT, {"U1": "sev3"}),
        (replace(INCIDENT, severity=Severity.SEV4), {}),
        (replace(INCIDENT, private=True), {}),
        (replace(INCIDENT, kind=Kind.DRILL), {}),
        (replace(INCIDENT, status=Status.RESOLVED), {}),
        (replace(INCIDENT, told=Told(followers=(Follower("U1", "UTC"),))), {}),
        (replace(INCIDENT, told=Told(unfollowed=("U1",))), {}),
    ],
)
def test_who_is_told(incident: Incident, who: dict[str, str]) -> None:
    assert newly_concerned(incident, {"U1": ("sev3", "gateway"), "U2": ("gateway",)}) == who
