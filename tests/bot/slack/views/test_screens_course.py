"""Screens of an incident that is watched, paused, folded into another, archived; and the lines that say so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.state import Incident, Interval, Mark
from bot.domain.terms import HOUR, Kind, Micros, Milestone, Source, Status
from bot.metrics.incident import Figure
from bot.ports import Message
from bot.slack.views import card, end, questions, summary
from bot.slack.views.lines import line
from bot.text import PlainShow, render, t
from tests.bot.slack.samples import INCIDENT, NAMES, NOW, event, scene
from tests.bot.slack.screen import screen

Golden = Callable[[str, str], None]
UNTIL: Micros = NOW + 5 * HOUR
OVER = replace(INCIDENT, status=Status.RESOLVED, marks={})
EDITED = Mark(NOW - HOUR, Source.BOT_COMMAND, "U1", NOW, revision=1, first=NOW - 2 * HOUR, how="mark")
BEGAN = Mark(NOW - HOUR, Source.BUTTON, "U1", NOW, how="answer")
GIVEN = {"noticed": "monitoring", "standby": "by_hand", "impact": "none", "causes": "EXT.vendor"}
ANSWERED = replace(OVER, marks={Milestone.STARTED: BEGAN}, answers=GIVEN)
CARDS: dict[str, Incident] = {
    "card-triage": replace(INCIDENT, status=Status.TRIAGE),
    "card-paused": replace(INCIDENT, pauses=(Interval("", NOW, by="U1"),)),
    "card-paused-late": replace(
        INCIDENT,
        pauses=(Interval("", NOW, by="U1"),),
        walks=tuple(replace(one, visits=tuple(replace(v, overdue=True) for v in one.visits)) for one in INCIDENT.walks),
    ),
    "card-watched": replace(INCIDENT, watched_until=UNTIL, watched_by="U2"),
    "card-merged": replace(INCIDENT, status=Status.MERGED, merged_into=7),
    "card-declined": replace(INCIDENT, status=Status.FALSE_POSITIVE),
    "card-archived": replace(INCIDENT, status=Status.CLOSED, archived=True),
}
SCREENS: dict[str, Callable[[], Message]] = {
    **{name: lambda incident=incident: card.card(scene(incident)) for name, incident in CARDS.items()},  # type: ignore[misc]
    "questions": lambda: questions.five(scene(OVER)),
    "questions-half": lambda: questions.five(
        scene(replace(OVER, answers={"noticed": "customer", "causes": "CHG.config"}))
    ),
    "questions-answered": lambda: questions.five(scene(ANSWERED)),
    "resolution-edited": lambda: end.resolution(
        scene(replace(OVER, marks={**OVER.marks, "mitigated": EDITED})), (Figure(t("Mitigated after"), t("2 min")),)
    ),
    "resolution-undone": lambda: end.resolution(scene(), (), undone=True),
}
STARTED = (Milestone.STARTED.value, NOW, Source.BOT_COMMAND.value, "U1", NOW, 1, NOW, "mark")
SAID: tuple[e.Payload, ...] = (
    e.Watched(UNTIL),
    e.Watched(None),
    e.Paused("the vendor calls back."),
    e.Resumed(),
    e.Archived("C42"),
    e.Undone((4, 5), Status.INVESTIGATING, gone=("resolved",)),
    e.Undone((4, 5), kind=Kind.REAL),
    e.Undone((4,)),
    e.Merged(7, Status.INVESTIGATING),
    e.TookIn(7, 3, 4, 2, marks=(STARTED,), title="Gateway *hangs*"),
    e.TookIn(7),
    e.LetOut(7),
    e.SplitOff(7, Status.MONITORING),
    e.MadePrivate("C41"),
)


@pytest.mark.parametrize("name", SCREENS)
def test_screens(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))


def test_lines(golden: Golden) -> None:
    said = [render(line(event(payload), INCIDENT), PlainShow(NAMES)) for payload in SAID]
    golden("lines-course.txt", "\n".join(said) + "\n")


def test_what_was_folded_into_a_private_one_does_not_say_which() -> None:
    hidden = replace(INCIDENT, status=Status.MERGED, merged_into=7, merged_hidden=True)
    shown = screen(card.card(scene(hidden))) + "".join(
        render(one, PlainShow(NAMES)) for one in summary.summary(hidden, (), NOW)
    )
    assert "INC-7" not in shown
