"""The screens of the product's design in both languages: held by golden files, and within Slack's rules of blocks."""

from collections.abc import Callable, Iterator

import pytest

from bot import locale
from bot.slack import blocks
from bot.workspace.blocks import checked_blocks, checked_view
from tests.bot.slack.screen import modal, screen
from tests.bot.slack.views.drawn import SCREENS
from tests.commands.ways import FORMS, VERBS
from tests.conftest import GOLDEN

PRODUCT = {
    "Card": ("card", "card-alone", "card-resolved"),
    "Announcement": ("announcement",),
    "Context": ("context",),
    "Invite": ("invite", "invite-taken", "invite-passed"),
    "Step": ("step", "step-late", "step-decision", "step-done"),
    "Approval": (
        "approval",
        "approval-given",
        "approval-expired",
        "approval-waits",
        "approval-over",
        "approval-replaced",
        "approval-ssh",
        "approval-ansible",
        "approval-k8s",
    ),
    "Refusal": ("refusal",),
    "Action": ("attempt-running", "attempt-ok"),
    "Unknown": ("attempt-unknown", "attempt-settled"),
    "Update": ("update", "update-corrected"),
    "Hand-over": ("handover", "handback"),
    "Joining": ("joining", "late"),
    "Nudge": ("nudge", "silent"),
    "Slack away": ("away-slack",),
    "All clear": ("allclear", "resolution"),
    "Questions": ("questions",),
}
"""Screen of the design → those that show it. The forms, that of an update among them, are all in forms.txt."""


@pytest.fixture(params=locale.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    locale.speak(request.param)
    yield str(request.param)
    locale.speak("en")


@pytest.fixture
def chinese() -> Iterator[None]:
    locale.speak("zh-CN")
    yield
    locale.speak("en")


def test_every_screen_of_the_design_is_held_in_both_languages(
    chinese: None, golden: Callable[[str, str], None]
) -> None:
    names = [name for shown in PRODUCT.values() for name in shown]
    assert not [name for name in names if not (GOLDEN / f"{name}.txt").exists()], "in English"
    golden("zh-CN.txt", "\n".join(f"=== {name}\n{screen(SCREENS[name]())}" for name in names))


def test_every_form_is_held_in_both_languages(language: str, golden: Callable[[str, str], None]) -> None:
    role = VERBS["role"].form(VERBS["role"].click({"ask": True}))
    assert role is not None
    forms = {**FORMS, "role": role}
    told = "\n".join(f"/tocsin {name}\n{modal(blocks.modal(forms[name]))}" for name in sorted(forms))
    golden("forms.txt" if language == "en" else f"forms-{language}.txt", told)


@pytest.mark.parametrize("name", SCREENS)
def test_slack_takes_every_screen_in_chinese(chinese: None, name: str) -> None:
    shown = SCREENS[name]()
    assert len(checked_blocks([dict(block) for block in shown.blocks], "message", total=True)) == len(shown.blocks)


def test_slack_takes_every_form(language: str) -> None:
    for form in FORMS.values():
        checked_view(dict(blocks.modal(form)), "modal")
