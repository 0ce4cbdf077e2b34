"""Who is called by name, and who is not: the one who has to act, unless that person has just acted."""

from dataclasses import replace
from typing import cast

import pytest

from bot.ports import Reads, Store, Tx
from bot.slack.surfaces import SURFACES
from tests.bot.slack.samples import INCIDENT, T0, VISITS, WALK, scene
from tests.bot.slack.stage import OneIncident

HERE = {"run": 1, "step": "2.1", "visit": 1}


@pytest.mark.parametrize(
    ("change", "done_at", "called"),
    [
        ({"started_at": T0 + 5 * 60_000_000}, T0, True),
        ({"started_at": T0}, T0, False),
        ({"started_at": T0, "person": "U1"}, T0, True),
        ({"started_at": T0 + 1, "state": "done", "done_by": "U2", "done_at": T0 + 2}, T0, False),
    ],
)
def test_a_step_calls_its_person_once(change: dict[str, object], done_at: int, called: bool) -> None:
    before = replace(VISITS[0], done_at=done_at)
    now = replace(VISITS[1], **change)  # type: ignore[arg-type]
    shown = scene(replace(INCIDENT, walks=(replace(WALK, visits=(before, now)),)))
    message = SURFACES["step"](shown, HERE)
    assert message is not None
    assert (f"<@{now.person}>" in message.blocks[0]["text"]["text"]) is called


def test_a_private_incident_has_no_announcement() -> None:
    assert SURFACES["announcement"](scene(replace(INCIDENT, private=True)), {}) is None


def test_the_stage_reads_as_the_store_does() -> None:
    """The store in memory has what the real one promises."""
    names = [name for name in vars(OneIncident) if not name.startswith("_") and name != "read"]
    ports = [cast(object, port) for port in (Reads, Tx, Store)]
    assert not [name for name in names if not any(hasattr(port, name) for port in ports)]
