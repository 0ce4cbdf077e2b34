"""Messages to one person, held by golden files; also what they become once they are answered."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.state import Offer
from bot.ports import Message
from bot.slack.views import approval, people
from tests.bot.slack.samples import APPROVAL, DIGEST, INCIDENT, NOW, T0, event, scene
from tests.bot.slack.screen import screen
from tests.bot.slack.views.test_screens import ASKING, STORM


def _offered(answer: str, role: str = "commander", person: str = "U3") -> Message:
    """What stands where Li was offered a role; Ana commands."""
    past = Offer(role, person, T0, "handoff", seq=4, answer=answer, ended=9)
    return people.offered(scene(replace(INCIDENT, past_offers=(past,))), role, person)


def _told(**changes: object) -> Message:
    """What stands where an approval was asked for, once that is over."""
    found = replace(ASKING, approvals=(replace(APPROVAL, ended_at=NOW, **changes),))  # type: ignore[arg-type]
    return approval.direct(scene(found, event(e.ApprovalDenied(DIGEST, "a deploy is running"))), DIGEST)


SCREENS: dict[str, Callable[[], Message]] = {
    "invite": lambda: people.invite(scene(), "incident", "", "orders"),
    "invite-storm": lambda: people.invite(scene(STORM), "incident", "", "orders"),
    "invite-role": lambda: people.invite(scene(again=True), "standby", "communications", ""),
    "invite-taken": lambda: people.answered(scene(), "take"),
    "invite-passed": lambda: people.answered(scene(), "pass"),
    "handover": lambda: people.invite(scene(ASKING), "handoff", "commander", ""),
    "page": lambda: people.page(scene(replace(INCIDENT, people={})), "commander"),
    "nudge": lambda: people.nudge(scene(), NOW),
    "assigned": lambda: people.assigned(scene(), 1, "2.1", 1, "asked"),
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


def test_a_page_for_a_notifier_is_short() -> None:
    assert people.page_words(scene()) == "SEV1 Orders cannot be placed, INC-42, 02:58. I have it:"
    assert len(people.page_words(scene(replace(INCIDENT, title="x" * 400)))) == people.PAGE
