import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import aim, gate_words, gates, reach
from bot.domain.gate_words import sentence
from bot.domain.gates import Gathered, Refusal, shut, sooner
from bot.domain.plan import Limits
from bot.domain.policy import Mode
from bot.domain.terms import HOUR, MINUTE
from bot.flows import by_rule
from bot.text import Code, PlainShow, When, render
from tests.bot.domain.log import NIGHT

LIMITS = Limits(
    cooldown=30 * MINUTE, count=3, per=6 * HOUR, lock_key="${host}", max_targets=1, max_percent=10, of="web"
)
OPEN = Gathered(NIGHT, Mode.ASK, True, "restart", target="gw-3", limits=LIMITS, reach=12, approved="given")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"mode": Mode.OFF}, "off"),
        ({"mode": Mode.OFF, "changes": False}, "off"),
        ({"mode": Mode.DRY_RUN}, "dry_run"),
        ({"mode": Mode.DRY_RUN, "changes": False}, ""),
        ({"mode": Mode.AUTO}, ""),
        ({"flaw": "restart.md:12 P433"}, "plan"),
        ({"flaw": "restart.md:12 P433", "changes": False}, "plan"),
        ({"origin": "dirty"}, "origin"),
        ({"origin": "unpushed", "changes": False}, "origin"),
        ({"refused": Refusal("program", {"program": "/bin/x"})}, "program"),
        ({"target": ""}, "no_target"),
        ({"target": "", "changes": False}, ""),
        ({"breaker_open": True}, "breaker"),
        ({"same_target": (NIGHT - 12 * MINUTE,)}, "cooldown"),
        ({"same_target": (NIGHT - 12 * MINUTE,), "override": True}, ""),
        ({"same_target": (NIGHT - 30 * MINUTE,)}, ""),
        ({"all_runs": tuple(NIGHT - n * HOUR for n in (1, 2, 3))}, "rate"),
        ({"all_runs": tuple(NIGHT - n * HOUR for n in (1, 2, 3)), "override": True}, "rate"),
        ({"all_runs": tuple(NIGHT - n * HOUR for n in (1, 2, 6))}, ""),
        ({"all_runs": tuple(NIGHT - n * HOUR for n in (1, 2, 3)), "back": True}, ""),
        ({"same_target": (NIGHT - 12 * MINUTE,), "back": True}, ""),
        ({"breaker_open": True, "back": True}, ""),
        ({"lock_holder": "INC-7", "back": True}, "lock"),
        ({"mode": Mode.OFF, "back": True}, "off"),
        ({"busy": {"gw-1": "INC-1"}}, "blast"),
        ({"busy": {"gw-3": "INC-1"}}, ""),
        ({"lock_holder": "INC-7"}, "lock"),
        ({"lock_holder": "INC-7", "lock_unsure": True}, "lock_unsure"),
        ({"approved": None}, ""),
        ({"approved": "open"}, "unapproved"),
        ({"approved": "expired"}, "expired"),
        ({"approved": "changed"}, "changed"),
    ],
)
def test_each_gate(change: dict[str, object], code: str) -> None:
    found = shut(replace(OPEN, **change))  # type: ignore[arg-type]
    assert (found.code if found else "") == code


SHUT = (
    ("plan", {"flaw": "restart.md:12 P433"}),
    ("program", {"refused": Refusal("program")}),
    ("no_target", {"target": ""}),
    ("breaker", {"breaker_open": True}),
    ("cooldown", {"same_target": (NIGHT - MINUTE,)}),
    ("rate", {"all_runs": (NIGHT - MINUTE,) * 3}),
    ("blast", {"busy": {"gw-1": "INC-1"}}),
    ("lock", {"lock_holder": "INC-7"}),
    ("dry_run", {"mode": Mode.DRY_RUN}),
    ("unapproved", {"approved": "open"}),
)
"""Every gate behind the switch, in the order in which they are asked, and what shuts it."""


def test_the_first_shut_gate_speaks() -> None:
    """All are shut; one after the other is opened, and the next one says why."""
    said = []
    for first in range(len(SHUT) + 1):
        worst = replace(OPEN, **{name: value for _, change in SHUT[first:] for name, value in change.items()})  # type: ignore[arg-type]
        found = shut(worst)
        said.append(found.code if found else "")
    assert said == [*(code for code, _ in SHUT), ""]
    off = replace(OPEN, **{name: value for _, change in SHUT for name, value in change.items()} | {"mode": Mode.OFF})  # type: ignore[arg-type]
    assert shut(off) == Refusal("off")


def test_the_switch_and_the_text_speak_before_the_values() -> None:
    """They are asked without any: what was not aimed at anything is told why it is off, and not why it has no target."""
    bare = replace(OPEN, target="", limits=None)
    said = [sooner(replace(bare, **worse)) for worse in ({}, {"mode": Mode.OFF}, {"flaw": "x"}, {"origin": "dirty"})]
    assert [one.code if one else "" for one in said] == ["", "off", "plan", "origin"]


def test_says_when_it_can_be_done() -> None:
    found = shut(replace(OPEN, same_target=(NIGHT - 12 * MINUTE, NIGHT - HOUR)))
    assert found is not None
    told = sentence(found.code, found.params)
    assert told.msgid.startswith(
        "Not run: it was done on {target} {ago} ago (pause is {pause}). You can: wait until {until}"
    )
    assert told.params["target"] == Code("gw-3")
    assert told.params["until"] == When(NIGHT + 18 * MINUTE)


def test_a_private_incident_is_not_named() -> None:
    for busy, where in (("INC-7", "gw-1 (INC-7)"), (gates.PRIVATE, "gw-1")):
        found = shut(replace(OPEN, busy={"gw-1": busy}))
        assert found is not None
        assert found.params["where"] == where
    for code in ("lock", "lock_unsure"):
        told = sentence(code, {"holder": gates.PRIVATE, "target": "gw-1"})
        assert gates.PRIVATE not in render(told, PlainShow())


def test_the_rate_says_when_the_next_is_free() -> None:
    found = shut(replace(OPEN, all_runs=tuple(NIGHT - n * HOUR for n in (1, 2, 3, 4))))
    assert found is not None
    assert int(found.params["until"]) == NIGHT + 3 * HOUR


def test_every_code_has_its_words() -> None:
    source = "".join(Path(str(room.__file__)).read_text("utf-8") for room in (gates, by_rule))
    elsewhere = re.findall(r'"(\w+)", {', "".join(Path(str(room.__file__)).read_text("utf-8") for room in (aim, reach)))
    used = {*re.findall(r'Refusal\(\s*"(\w+)"', source), *elsewhere} | {
        "unapproved",
        "drill",
        "experiment",
        "experiment_over",
        "nobody",
        "expired",
        "changed",
        "param",
        "empty",
        "more",
        "over",
    }
    assert used == gate_words.CODES
    for code in gate_words.CODES:
        told = sentence(code, {})
        assert told.msgid.startswith("Not run: ")
        assert "You can: " in told.msgid
        assert set(re.findall(r"{(\w+)}", told.msgid)) == set(told.params)
    assert "do it by hand" in sentence("something new", {}).msgid
