"""Messages to one person, held by golden files; also what they become once they are answered."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.organisation import Organisation
from bot.domain.state import Interval, Offer, Page
from bot.ports import Message
from bot.slack.views import approval, card, people, roles, step
from bot.slack.views.wake import wake
from tests.bot.slack.samples import APPROVAL, DIGEST, INCIDENT, NOW, PLAN, T0, event, scene, visited
from tests.bot.slack.screen import screen
from tests.bot.slack.views.test_screens import ASKING, STORM


def _offered(answer: str, role: str = "commander", person: str = "U3") -> Message:
    """What stands where Li was offered a role; Ana commands."""
    past = Offer(role, person, T0, "handoff", seq=4, answer=answer, ended=9)
    return people.offered(scene(replace(INCIDENT, past_offers=(past,))), role, person)


def _handed_back(answer: str, role: str = "commander") -> Message:
    """What Ana reads after Li was asked to take it from her."""
    past = Offer(role, "U3", T0, "handoff", seq=4, answer=answer, ended=9)
    return roles.handback(scene(replace(INCIDENT, past_offers=(past,))), role, "U3")


def _joining(**changes: object) -> Message:
    """Ana is alone, and Li comes."""
    carried = {"commander": (Interval("U1", T0, why="alone"),), "operations": (Interval("U1", T0, why="alone"),)}
    here = replace(INCIDENT, roles=carried, required=("commander", "operations"), answered=("U1",))
    message = roles.joining(scene(replace(here, **changes)), "U3")  # type: ignore[arg-type]
    assert message is not None
    return message


def _calls(*answers: str) -> tuple[Page, ...]:
    """Of Li, Ben, … for `orders`."""
    who = zip(("U3", "U2"), answers, strict=True)
    return tuple(Page(one, one, "asked", 1, "commander", NOW, answer, service="orders") for one, answer in who)


SILENT = replace(
    INCIDENT,
    roles={},
    people={},
    unanswered=("orders",),
    pages=(
        Page("p1", "U1", "incident", 1, "", T0, service="orders"),
        Page("p2", "U2", "incident", 2, "", NOW, service="orders"),
    ),
)


ONE_SILENT = replace(SILENT, roles=INCIDENT.roles, people=INCIDENT.people, answered=("U1",), pages=_calls("pass", ""))
NOBODY_CAN = replace(SILENT, pages=_calls("pass", "pass"))


def _unconfirmed(always: bool) -> Message:
    """Ben is alone, ticked a step, and somebody else must confirm it."""
    here = visited(state="unconfirmed", done_by="U2", done_at=NOW)
    its = PLAN.phases[1].steps
    act = replace(PLAN.phases[1], steps=(replace(its[0], confirm_always=always), *its[1:]))
    plan = replace(PLAN, phases=(PLAN.phases[0], act))
    return step.step(scene(replace(here, answered=("U2",)), plan=plan), 1, "2.1", 1)


def _told(**changes: object) -> Message:
    """What stands where an approval was asked for, once that is over."""
    found = replace(ASKING, approvals=(replace(APPROVAL, ended_at=NOW, **changes),))  # type: ignore[arg-type]
    return approval.direct(scene(found, event(e.ApprovalDenied(DIGEST, "a deploy is running"))), DIGEST)


SCREENS: dict[str, Callable[[], Message]] = {
    "invite": lambda: people.invite(scene(), "incident", "", "orders"),
    "invite-storm": lambda: people.invite(scene(STORM), "incident", "", "orders"),
    "invite-role": lambda: people.invite(scene(again=True), "standby", "communications", ""),
    "invite-asked": lambda: people.invite(scene(), "asked", "", "dba", "U1"),
    "invite-asked-on": lambda: people.invite(scene(), "asked", "", "dba", "bot"),
    "invite-over": lambda: people.answered(scene(), "over", "U2"),
    "step-alone": lambda: _unconfirmed(False),
    "step-alone-never": lambda: _unconfirmed(True),
    "card-unanswered": lambda: card.card(scene(SILENT)),
    "announcement-unanswered": lambda: card.announcement(scene(SILENT)),
    "invite-taken": lambda: people.answered(scene(), "take"),
    "invite-passed": lambda: people.answered(scene(), "pass"),
    "handover": lambda: roles.handover(scene(ASKING, event(e.Noted("lag is 3 s"))), "commander"),
    "handover-role": lambda: roles.handover(scene(replace(INCIDENT, next_update_at=None)), "database"),
    "handback": lambda: _handed_back("late"),
    "handback-passed": lambda: _handed_back("pass", "database"),
    "silent": lambda: roles.silent(scene(), T0, "offer"),
    "silent-call": lambda: roles.silent(scene(), T0, "call"),
    "silent-nobody": lambda: roles.silent(scene(), T0, "nobody"),
    "invite-instead": lambda: people.invite(scene(replace(INCIDENT, silent=True)), "asked", "commander", "orders"),
    "invite-ended": lambda: people.answered(scene(), "ended"),
    "card-one-unanswered": lambda: card.card(scene(ONE_SILENT)),
    "announcement-one-unanswered": lambda: card.announcement(scene(ONE_SILENT)),
    "announcement-nobody-can": lambda: card.announcement(scene(NOBODY_CAN)),
    "offer-silent": lambda: people.invite(scene(), "silent", "commander", ""),
    "duties": lambda: roles.duties(scene(), "commander"),
    "duties-plan": lambda: roles.duties(scene(), "database"),
    "duties-own": lambda: roles.duties(scene(organisation=Organisation(duties={"scribe": "Tell <all>."})), "scribe"),
    "joining": lambda: _joining(),
    "joining-watching": lambda: _joining(watching=("U3",)),
    "joining-taken": lambda: _joining(roles={**INCIDENT.roles, "scribe": (Interval("U3", T0),)}),
    "joining-over": lambda: _joining(answered=("U1", "U2", "U3")),
    "page": lambda: people.page(scene(replace(INCIDENT, people={})), "commander"),
    "nudge": lambda: people.nudge(scene(), NOW),
    "assigned": lambda: people.assigned(scene(), 1, "2.1", 1, "asked"),
    "helping": lambda: people.helping(scene(), 1, "2.1", 1, "UANA", "UBEN"),
    "offer-taken": lambda: _offered("take"),
    "offer-passed": lambda: _offered("pass"),
    "offer-over": lambda: _offered("over"),
    "offer-late": lambda: _offered("late", "vendor liaison"),
    "approval-dm-denied": lambda: _told(state="denied", ended_by="U3"),
    "approval-dm-given": lambda: _told(state="given", given=("U1",)),
    "approval-dm-expired": lambda: _told(state="expired"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))


LINK = "https://tocsin.example.com/have/42-c1-" + "x" * 22
RINGS = replace(
    INCIDENT, pages=(Page("p1", "U1", "incident", 1, "", T0),), offers=(Offer("scribe", "U3", T0, "asked", seq=7),)
)


@pytest.mark.parametrize(
    ("about", "ref", "link", "said"),
    [
        ("call", "p1", LINK, f"SEV1 Orders cannot be placed, INC-42, 03:58. I have it: {LINK}"),
        ("call", "p1", "", "SEV1 Orders cannot be placed, INC-42, 03:58. Answer in Slack."),
        ("role", "7", LINK, f"Be scribe? SEV1 Orders cannot be placed, INC-42, 03:58. I have it: {LINK}"),
        (
            "approval",
            DIGEST,
            "",
            "Approve restart on gw-3 by 04:17? SEV1 Orders cannot be placed, INC-42, 03:58. Answer in Slack.",
        ),
    ],
)
def test_what_a_notifier_says(about: str, ref: str, link: str, said: str) -> None:
    here = replace(RINGS, approvals=(APPROVAL,))
    assert wake(scene(here), about, ref, "U3", link, "Europe/Berlin") == said


def test_what_a_notifier_says_when_nobody_said_yes() -> None:
    waiting = visited(step="2.3", state="open")
    here = replace(waiting, approvals=(replace(APPROVAL, state="expired", ended_at=NOW),))
    said = wake(scene(here), "expired", DIGEST, "U1")
    assert said.startswith("Nobody approved restart on gw-3. SEV1 Orders cannot be placed, INC-42, ")


def test_a_long_title_gives_way_and_a_repeat_is_marked() -> None:
    long = wake(scene(replace(RINGS, title="x" * 400), again=True), "call", "p1", "U1", LINK)
    assert (len(long), long.startswith("(again) SEV1 xxx"), long.endswith(LINK)) == (160, True, True)


def test_what_is_over_and_said_again_is_marked() -> None:
    """The first time may not have come, and there is nothing left to answer."""
    past = Offer("scribe", "U3", T0, "handoff", seq=4, answer="over", ended=9)
    again = people.offered(scene(replace(INCIDENT, past_offers=(past,)), again=True), "scribe", "U3")
    assert "(sent again)" in screen(again)
