"""The Home tab, in both languages, and within Slack's rules of blocks."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot import locale
from bot.domain.mine import waiting
from bot.domain.state import Attempt, Incident, Interval, Offer, Page
from bot.domain.terms import DAY, HOUR, MINUTE, Kind, Severity, Status
from bot.domain.told import Followup, Impact, Told
from bot.ports import Json
from bot.slack.show import Mrkdwn
from bot.slack.views.home import Look, Todo, home, mark
from bot.workspace.blocks import checked_view
from tests.bot.slack.samples import APPROVAL, INCIDENT, NAMES, NOW, T0, VISITS, WALK, scene
from tests.bot.slack.screen import drawn

Golden = Callable[[str, str], None]
UNKNOWN = Attempt("a9", 1, "2.3", 1, "restart", 1, True, NOW, state="unknown")
TICKED = replace(VISITS[1], state="unconfirmed", done_by="U2", confirm="commander")
BUSY = replace(
    INCIDENT,
    approvals=(APPROVAL,),
    attempts=(UNKNOWN,),
    walks=(replace(WALK, visits=(VISITS[0], TICKED)),),
    told=Told(impacts=(Impact(6, "trading", 40, T0, None),)),
    updates=(T0,),
    answered=("U1",),
    next_update_at=NOW - MINUTE,
)
SMALL = replace(
    INCIDENT,
    number=43,
    title="Reports are slow <!channel>",
    severity=Severity.SEV3,
    channel="C43",
    roles={},
    walks=(),
    next_update_at=NOW + HOUR,
    offers=(Offer("commander", "U1", NOW, "asked", NOW + MINUTE),),
    pages=(Page("p1", "U1", "incident", 1, "", NOW),),
)
OVER = replace(SMALL, number=41, status=Status.RESOLVED, statuses=(Interval("resolved", NOW - DAY),))


def look(person: str = "U1", *incidents: Incident, detailed: bool = False, ended: tuple[Incident, ...] = ()) -> Look:
    scenes = [scene(one) for one in incidents]
    return Look(person, NOW, scenes, ended, Mrkdwn(NAMES), detailed, ("sev2", "orders") if detailed else ())


def screen(view: Json) -> str:
    assert len(checked_view(dict(view), "home")["blocks"]) == len(view["blocks"])
    return "\n".join(line for block in view["blocks"] for line in drawn(block)) + "\n"


TODO = (
    Todo(Followup(9, "U1", "2033-01-02", number=17), "alert on the lag of the *standby*", "INC-42"),
    Todo(Followup(9, "U1", "2033-01-17", number=18), "", "INC-41"),
    *(Todo(Followup(n, "U1", number=n), "rehearse the failover", "INC-41") for n in range(19, 24)),
)
SEEN = {
    "home": replace(look("U1", SMALL, BUSY, ended=(OVER,)), todo=TODO),
    "home-drill": look("U1", replace(SMALL, kind=Kind.DRILL), ended=(replace(OVER, kind=Kind.DRILL),)),
    "home-quiet": look("U4"),
    "home-step": look("U2", INCIDENT),
    "home-paused": look("U2", replace(INCIDENT, pauses=(Interval("", NOW, by="U1"),))),
    "home-manager": look("U3", SMALL, BUSY, detailed=True),
}


@pytest.fixture
def chinese() -> Iterator[None]:
    locale.speak("zh-CN")
    yield
    locale.speak("en")


@pytest.mark.parametrize("name", SEEN)
def test_home(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", screen(home(SEEN[name])))


def test_home_in_chinese(golden: Golden, chinese: None) -> None:
    golden("zh-CN-home.txt", "\n".join(f"=== {name}\n{screen(home(one))}" for name, one in SEEN.items()))


def test_as_much_as_there_may_be_fits() -> None:
    many = [replace(BUSY, number=n) for n in range(60)]
    seen = screen(home(look("U1", *many, detailed=True, ended=(OVER,) * 60)))
    assert len(home(replace(look("U1", *many), todo=TODO * 9))["blocks"]) <= 100
    assert "… and 45 more." in seen


def test_only_when_it_was_drawn_differs() -> None:
    first = home(SEEN["home"])
    assert mark(first) == mark(home(replace(SEEN["home"], now=NOW + 1)))
    assert mark(first) != mark(home(SEEN["home-step"]))


@pytest.mark.parametrize(
    ("person", "incident", "expected"),
    [
        ("U1", BUSY, ["approval", "unknown", "update", "confirm"]),
        ("U2", BUSY, []),
        ("U3", BUSY, ["approval"]),
        ("U2", INCIDENT, ["step"]),
        ("U1", INCIDENT, ["update"]),
        ("U1", replace(INCIDENT, next_update_at=NOW + HOUR), []),
        ("U1", SMALL, ["call", "role"]),
        ("U1", replace(SMALL, status=Status.RESOLVED), []),
        ("U3", replace(BUSY, approvals=(replace(APPROVAL, given=("U3",)),)), []),
        ("U3", replace(BUSY, approvals=(replace(APPROVAL, state="expired"),)), []),
        ("U2", replace(INCIDENT, walks=(replace(WALK, ended_at=NOW),)), []),
    ],
)
def test_what_waits_for_whom(person: str, incident: Incident, expected: list[str]) -> None:
    assert [one.what for one in waiting(incident, person, NOW)] == expected


def test_questions_of_several_incidents_are_one_list_the_oldest_first() -> None:
    old = replace(APPROVAL, digest="b" * 64, asked_at=APPROVAL.asked_at - MINUTE)
    newer, older = replace(BUSY, number=50), replace(BUSY, number=49, severity=Severity.SEV3, approvals=(old,))
    seen = screen(home(look("U3", newer, older)))
    assert 0 < seen.index("*INC-49*: approval") < seen.index("*INC-50*: approval")
