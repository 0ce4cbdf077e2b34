"""Every kind of event has its sentence."""

from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.terms import Kind, Severity, Status
from bot.slack.views.lines import LINES, line
from bot.slack.views.lists import incidents, timeline
from bot.text import PlainShow, render
from tests.bot.slack.samples import APPROVAL, ATTEMPT, DIGEST, INCIDENT, NAMES, NOW, T0, event

WHOLE = replace(INCIDENT, approvals=(APPROVAL,), attempts=(ATTEMPT,))
VALUES: dict[str, Any] = {
    "Kind": Kind.DRILL,
    "Severity": Severity.SEV1,
    "Status": Status.MITIGATING,
    "str": "x",
    "int": 1,
    "bool": False,
    "Micros": NOW,
    "tuple[str, ...]": ("U1",),
}
NAMED = {"person": "U2", "by": "U3", "digest": DIGEST, "attempt": "a1", "milestone": "mitigated", "step": "2.1"}
NAMED["named"] = "\tsev2\torders\tOrders cannot be placed"


def _sample(cls: type[e.Payload]) -> e.Payload:
    given = {}
    for field in fields(cls):
        if field.name in NAMED:
            given[field.name] = NAMED[field.name]
        elif field.default is MISSING and field.default_factory is MISSING:
            kind = field.type if isinstance(field.type, str) else field.type.__name__
            given[field.name] = VALUES.get(kind, ("U1",))
        elif field.metadata.get("body"):
            given[field.name] = "words"
    return cls(**given)


def _all() -> str:
    shown = [f"{kind}: {render(line(event(_sample(cls)), WHOLE), PlainShow(NAMES))}" for kind, cls in e.KINDS.items()]
    return "\n".join(shown) + "\n"


def test_every_kind_of_event_has_a_sentence(golden: Callable[[str, str], None]) -> None:
    assert set(e.KINDS.values()) == set(LINES)
    golden("lines.txt", _all())


@pytest.mark.parametrize("kind", e.KINDS)
def test_a_sentence_needs_no_body(kind: str) -> None:
    cls = e.KINDS[kind]
    bare = replace(_sample(cls), **{f.name: "" for f in fields(cls) if f.metadata.get("body")})
    assert render(line(event(bare), replace(WHOLE, title="", walks=(), approvals=(), attempts=())), PlainShow())


def test_the_timeline_is_in_the_order_of_true_times() -> None:
    later = event(e.Noted("second"), 3, T0 + 60_000_000)
    earlier = event(e.Noted("first"), 4, T0, recorded=NOW)
    shown = [render(text, PlainShow(NAMES)) for text in timeline([later, earlier], WHOLE, 2)]
    assert shown == ["03:00:00 Ana noted: first (entered 2033-01-03 03:14 UTC)", "03:01:00 Ana noted: second"]
    newest = [render(text, PlainShow(NAMES)) for text in timeline([later, earlier], WHOLE, 1)]
    assert newest == ["1 earlier entry is in the post-mortem.", "03:01:00 Ana noted: second"]


def test_the_list_of_incidents() -> None:
    assert [render(text, PlainShow()) for text in incidents([INCIDENT], NOW)] == [
        "INC-42 · SEV1 · Investigating · 14\u00a0min · Orders cannot be placed. · #inc-42-orders-db-down"
    ]
    assert render(incidents([], NOW)[0], PlainShow()) == "No incident is open."


def test_a_question_that_was_replaced_names_the_new_one() -> None:
    said = line(event(e.ApprovalExpired(DIGEST, "ac6a" + DIGEST[4:])), WHOLE)
    assert "was replaced by the one with code ac6a. Nothing was run." in render(said, PlainShow(NAMES))
