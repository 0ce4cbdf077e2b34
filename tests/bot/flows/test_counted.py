"""What an action is trusted for: the block as it was when it proved itself."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.domain.asking import canonical
from bot.domain.plan import Action, Check, Does, Param, Plan, Settings
from bot.domain.terms import SECOND
from bot.flows.counted import approved, block
from tests.bot.slack.samples import APPROVAL, ATTEMPT, DIGEST, INCIDENT

CHECK = Check(Does("http", {"url": "http://web-1/"}), 5 * SECOND)
ACTION = Action(
    "restart",
    Does("run", {"argv": ["/bin/x", "${how}"]}),
    True,
    SECOND,
    verify=CHECK,
    rollback=Does("run", {"argv": ["/bin/y"]}),
)
HOW = Param("how", "choice", "ask.how", default="gentle", rest={"choices": ["gentle", "force"]})
SPARE = Param("spare", "bool", "ask.spare")


def plan(how: Param = HOW, spare: Param = SPARE) -> Plan:
    return Plan("a", "", "", "", (), "", settings=Settings({"how": how, "spare": spare}))


PLAN = plan()
CHANGES: dict[str, Any] = {
    "id": "again",
    "does": Does("run", {"argv": ["/bin/z"]}),
    "changes": False,
    "timeout": 2 * SECOND,
    "idempotent": True,
    "retries": 2,
    "verify": replace(CHECK, attempts=2),
    "rollback": Does("run", {"argv": ["/bin/other"]}),
    "rollback_timeout": SECOND,
    "on_failure": "rollback",
    "answer": {"0": "Yes"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_decides_what_happens_earns_its_own_trust(name: str) -> None:
    assert canonical(block(PLAN, replace(ACTION, **{name: CHANGES[name]}))) != canonical(block(PLAN, ACTION))


@pytest.mark.parametrize(
    "change",
    [
        {"default": "force"},
        {"source": "label.how"},
        {"rest": {"choices": ["gentle"]}},
        {"type": "string"},
        {"required": False},
    ],
)
def test_the_parameters_that_it_uses_belong_to_it(change: dict[str, Any]) -> None:
    assert canonical(block(plan(replace(HOW, **change)), ACTION)) != canonical(block(PLAN, ACTION))
    assert block(plan(spare=replace(SPARE, default=True)), ACTION) == block(PLAN, ACTION), (
        "what it does not use is not its own"
    )


@pytest.mark.parametrize(
    ("digest", "state", "counts"),
    [(DIGEST, "given", True), ("", "given", False), (DIGEST, "open", False), ("f", "given", False)],
)
def test_only_what_people_approved_earns_trust(digest: str, state: str, counts: bool) -> None:
    """What ran by itself has no digest; an override goes past a question that is open, or that nobody asked."""
    incident = replace(INCIDENT, approvals=(replace(APPROVAL, state=state),))
    assert approved(incident, replace(ATTEMPT, digest=digest)) is counts


def test_words_and_places_do_not_count() -> None:
    words: dict[str, Any] = {"line": 7, "kind": "self_heal", "rollback_reason": "It is gone."}
    assert block(plan(replace(HOW, line=7)), replace(ACTION, **words)) == block(PLAN, ACTION)
    assert {field.name for field in fields(Action)} == CHANGES.keys() | words.keys()
