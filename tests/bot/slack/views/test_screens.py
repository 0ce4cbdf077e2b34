"""Every screen as people see it, held by golden files (`pytest --update-golden` writes them anew)."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.joined import Joined
from bot.domain.state import AlertCounts, Incident, Interval, Mark, Offer, Question, Walk
from bot.domain.terms import MINUTE, SECOND, Kind, Severity, Source, Status
from bot.metrics.incident import Figure
from bot.ports import Message
from bot.slack.views import card, end, say, step
from bot.text import Span, t
from tests.bot.slack.samples import (
    APPROVAL,
    ATTEMPT,
    DUMP,
    INCIDENT,
    NOW,
    T0,
    event,
    scene,
    visited,
)
from tests.bot.slack.screen import screen

Golden = Callable[[str, str], None]
ASKING = replace(INCIDENT, approvals=(APPROVAL,), attempts=(DUMP,))

STORM = replace(
    INCIDENT,
    storm=True,
    title="Alert storm",
    service="",
    alerts=AlertCounts(
        28,
        31,
        named=(
            Joined(True, Severity.SEV2, "orders", "Orders <!channel> *fail*"),
            Joined(False, Severity.SEV3, "", "Disk full"),
        ),
    ),
)


def _quiet(**changes: object) -> Incident:
    """All alerts are over, and people were asked."""
    since = NOW - 100 * SECOND
    alerts = replace(INCIDENT.alerts, firing=0, clear_since=since, fired_at=T0)
    question = replace(Question(5, since), **changes)  # type: ignore[arg-type]
    return replace(INCIDENT, alerts=alerts, question=question)


def _stopped() -> Walk:
    """The plan, ended by an answer."""
    walk = visited(step="2.2", state="done", answer="No", to="stop").walks[0]
    return replace(walk, outcome="stopped", ended_at=NOW)


PROMISED = replace(INCIDENT, update_seq=17, next_update_at=NOW + 20 * MINUTE)
SCREENS: dict[str, Callable[[], Message]] = {
    "card": lambda: card.card(scene()),
    "card-asking": lambda: card.card(scene(ASKING)),
    "card-not-healed": lambda: card.card(
        scene(
            replace(
                INCIDENT,
                attempts=(replace(ATTEMPT, state="ok", verified=True, verified_at=T0, lapsed_at=NOW - 20 * SECOND),),
                locked={"restart": NOW},
            )
        )
    ),
    "card-alone": lambda: card.card(
        scene(
            replace(
                INCIDENT,
                roles={},
                walks=(),
                severity=Severity.SEV3,
                severity_given=False,
                offers=(Offer("commander", "U3", T0, "opened"),),
            ),
            plan=None,
        )
    ),
    "card-drill": lambda: card.card(scene(replace(INCIDENT, kind=Kind.DRILL))),
    "card-resolved": lambda: card.card(
        scene(
            replace(
                INCIDENT,
                status=Status.RESOLVED,
                alerts=replace(INCIDENT.alerts, firing=0, clear_since=NOW),
                walks=(replace(INCIDENT.walks[0], ended_at=NOW, outcome="finished"),),
            )
        )
    ),
    "announcement": lambda: card.announcement(scene()),
    "announcement-resolved": lambda: card.announcement(
        scene(replace(INCIDENT, status=Status.RESOLVED, statuses=(Interval("resolved", NOW),)))
    ),
    "card-uncalled": lambda: card.card(scene(replace(INCIDENT, roles={}, uncalled=("orders",)))),
    "context": lambda: say.context(scene()),
    "storm": lambda: say.context(scene(STORM)),
    "step": lambda: step.step(scene(), 1, "2.1", 1),
    "step-over": lambda: step.step(scene(replace(INCIDENT, status=Status.RESOLVED)), 1, "2.1", 1),
    "step-late": lambda: step.step(scene(visited(overdue=True, person="")), 1, "2.1", 1),
    "step-paused": lambda: step.step(
        scene(replace(visited(overdue=True), pauses=(Interval("", NOW, by="U1"),))), 1, "2.1", 1
    ),
    "step-unconfirmed": lambda: step.step(scene(visited(state="unconfirmed", done_by="U2", done_at=NOW)), 1, "2.1", 1),
    "step-done": lambda: step.step(scene(), 1, "1.1", 1),
    "step-skipped": lambda: step.step(scene(visited(state="skipped", done_by="U2", done_at=NOW)), 1, "2.1", 1),
    "step-decision": lambda: step.step(scene(visited(step="2.2", due_at=None)), 1, "2.2", 1),
    "step-decided": lambda: step.step(
        scene(visited(step="2.2", state="done", answer="Yes", done_by="U2", done_at=NOW)), 1, "2.2", 1
    ),
    "step-action": lambda: step.step(scene(visited(step="2.3")), 1, "2.3", 1),
    "step-waiting": lambda: step.step(scene(visited(step="2.3", state="waiting")), 1, "2.3", 1),
    "step-running": lambda: step.step(scene(visited(step="2.3", state="running")), 1, "2.3", 1),
    "allclear": lambda: end.allclear(scene(_quiet()), 5),
    "allclear-later": lambda: end.allclear(scene(_quiet(by="U2", again_at=NOW + 30 * MINUTE)), 5),
    "allclear-over": lambda: end.allclear(scene(_quiet(over=6)), 5),
    "allclear-before": lambda: end.allclear(scene(_quiet(before=3)), 3),
    "allclear-recovered": lambda: end.allclear(
        scene(replace(_quiet(), marks={"recovered": Mark(NOW - 5 * MINUTE, Source.BUTTON, "U1", NOW, how="step")})), 5
    ),
    "allclear-resolved": lambda: end.allclear(scene(replace(_quiet(), status=Status.RESOLVED)), 5),
    "resolution": lambda: end.resolution(
        scene(),
        [
            Figure(t("Found after"), t("{span}", span=Span(2 * MINUTE))),
            Figure(t("Known after"), None, t("nobody said when the cause was known")),
        ],
    ),
    "line": lambda: say.one_line(scene(), event(e.RoleTaken("communications", "U3"))),
    "update": lambda: say.update(
        scene(PROMISED), event(e.UpdateSent(NOW + 20 * MINUTE, "Orders\n> cannot be *placed*", "We fail over."))
    ),
    "update-short": lambda: say.update(scene(PROMISED), event(e.UpdateSent(NOW + 20 * MINUTE, "", "We fail over."))),
    "plan-ended": lambda: say.one_line(scene(replace(INCIDENT, walks=(_stopped(),))), event(e.PlanEnded(1, "stopped"))),
    "refusal": lambda: say.refused(
        scene(),
        event(
            e.ActionRefused(
                1,
                "2.3",
                1,
                "restart",
                "cooldown",
                {
                    "target": "gw-3",
                    "ago": str(12 * MINUTE),
                    "pause": str(30 * MINUTE),
                    "until": str(NOW + 18 * MINUTE),
                },
            )
        ),
    ),
    "late-lines": lambda: say.lines(scene(INCIDENT, event(e.Acknowledged(), 3), event(e.Noted("so"), 4)), [3, 4]),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))


@pytest.mark.parametrize("name", ["card", "step"])
def test_blocks(name: str, golden: Golden) -> None:
    message = SCREENS[name]()
    golden(f"{name}.json", json.dumps(list(message.blocks), indent=1, ensure_ascii=False) + "\n")


def test_a_topic_neither_mentions_nor_links() -> None:
    forged = card.topic(scene(replace(INCIDENT, title="Forged <!channel> <https://evil.example|Approve>")))
    assert "‹!channel› ‹https://evil.example|Approve›" in forged
    assert not {"<", ">"} & set(forged)


def test_topic() -> None:
    assert card.topic(scene()) == "INC-42 · SEV1 · Investigating · Ana commands · Orders cannot be placed"
    drill = card.topic(scene(replace(INCIDENT, kind=Kind.DRILL, title="x" * 300)))
    assert drill.startswith("DRILL · INC-42")
    assert len(drill) == card.TOPIC
