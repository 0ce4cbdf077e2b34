"""What people see of what Tocsin asks to do and does, held by golden files (`pytest --update-golden` writes them anew)."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.organisation import Organisation
from bot.domain.policy import Automation, Hosts, Policy
from bot.domain.terms import SECOND
from bot.ports import Message
from bot.slack.views import approval, attempt, unheeded
from tests.bot.slack.samples import APPROVAL, ASKED, ATTEMPT, DIGEST, DUMP, INCIDENT, NOW, T0, WHAT, event, scene
from tests.bot.slack.screen import screen

Golden = Callable[[str, str], None]
ASKING = replace(INCIDENT, approvals=(APPROVAL,), attempts=(DUMP,))
DUMPED = event(e.ActionEnded("a0", "exited", 0, output="pool-1\n14 threads blocked\n"), 9, T0 + 90 * SECOND)
GATEWAYS = Organisation(
    policy=Policy(automation=Automation(inventory=(Hosts("gateways", "production", ("gw-1", "gw-2", "gw-3")),)))
)


UNDOABLE = replace(ASKED, what=json.dumps({**WHAT, "rollback": {"executor": "run", "spec": {"argv": ["/bin/back"]}}}))


FAILED = "Job for order-gw failed\n```\nsee journalctl"


def _tried(output: str = FAILED, *then: e.Payload, **changes: object) -> Message:
    found = replace(INCIDENT, attempts=(replace(ATTEMPT, **changes),))  # type: ignore[arg-type]
    ended = event(e.ActionEnded("a1", "exited", 1, NOW, max(40, len(output) * 600), output))
    settled = event(e.ActionSettled("a1", "done"))
    return attempt.attempt(scene(found, event(UNDOABLE), ended, settled, *map(event, then)), "a1")


def _unknown(*then: e.Payload) -> Message:
    return _tried(FAILED, *then, state="unknown", ended_at=NOW + 10 * SECOND)


def _elsewhere(executor: str, **spec: object) -> Message:
    what = {**WHAT, "executor": executor, "spec": spec}
    asked = event(replace(ASKED, what=json.dumps(what)))
    return approval.approval(scene(ASKING, DUMPED, asked, organisation=GATEWAYS), DIGEST)


def _way_back(length: int) -> Message:
    """The harm is at the end of an URL that undoes."""
    url = f"http://gw-3/back?x={'y' * length}&and=everything"
    what = {**WHAT, "rollback": {"executor": "http", "spec": {"url": url}, "timeout": 5.0}, "with_rollback": True}
    attached = event(e.PlanAttached(1, "orders-failover", "a" * 64, "matched", commit="5e3f" * 10))
    return approval.approval(scene(ASKING, attached, event(replace(ASKED, what=json.dumps(what)))), DIGEST)


OPS = {"as": "ops, port 22"}
THERE = {"as": "/etc/tocsin/kubeconfig of 2033-01-02 09:00:00 UTC, 2048 bytes"}
SCREENS: dict[str, Callable[[], Message]] = {
    "approval": lambda: approval.approval(scene(ASKING, DUMPED, event(ASKED), organisation=GATEWAYS), DIGEST),
    "approval-rollback": lambda: approval.approval(
        scene(
            replace(ASKING, approvals=(replace(APPROVAL, given=("U3",), need=2, floor="env_differs"),)),
            event(UNDOABLE),
        ),
        DIGEST,
    ),
    "approval-other-words": lambda: approval.approval(
        scene(replace(ASKING, approvals=(replace(APPROVAL, action="bounce"),)), event(ASKED)), DIGEST
    ),
    "approval-dm": lambda: approval.direct(scene(ASKING, event(ASKED), again=True), DIGEST),
    "approval-long": lambda: approval.approval(
        scene(ASKING, event(replace(ASKED, what=json.dumps({"spec": {"argv": ["/bin/x", "`;" + "y" * 200]}})))), DIGEST
    ),
    "approval-too-long": lambda: approval.approval(
        scene(ASKING, event(replace(ASKED, what=json.dumps({"spec": {"argv": ["/bin/x", "&" * 5_000]}})))), DIGEST
    ),
    "approval-long-way-back": lambda: _way_back(3_500),
    "approval-too-long-way-back": lambda: _way_back(6_500),
    "approval-ssh": lambda: _elsewhere("ssh", host="gw-3", argv=["/usr/bin/systemctl", "restart", "order gw"], **OPS),
    "approval-ansible": lambda: _elsewhere(
        "ansible", playbook="/srv/plays/restart.yml", limit="gw-3", extra={"unit": "order gw"}, sha256="5e3f" * 16
    ),
    "approval-k8s": lambda: _elsewhere(
        "k8s",
        verb="scale",
        kind="deployment",
        namespace="orders",
        name="order-gw",
        replicas=3,
        **THERE,
    ),
    "approval-retries": lambda: approval.approval(
        scene(ASKING, event(replace(ASKED, what=json.dumps({**WHAT, "retries": 2})))), DIGEST
    ),
    "approval-given": lambda: approval.approval(
        scene(replace(ASKING, approvals=(replace(APPROVAL, state="given", given=("U1",), ended_at=NOW),))), DIGEST
    ),
    "approval-denied": lambda: approval.approval(
        scene(
            replace(ASKING, approvals=(replace(APPROVAL, state="denied", ended_by="U3", ended_at=NOW),)),
            event(e.ApprovalDenied(DIGEST, "a deploy is running")),
        ),
        DIGEST,
    ),
    "approval-expired": lambda: approval.approval(
        scene(replace(ASKING, approvals=(replace(APPROVAL, state="expired", ended_at=NOW),))), DIGEST
    ),
    "approval-replaced": lambda: approval.approval(
        scene(replace(ASKING, approvals=(replace(APPROVAL, state="replaced", replaced_by="ac6a", ended_at=NOW),))),
        DIGEST,
    ),
    "approval-waits": lambda: unheeded.waits(scene(ASKING), APPROVAL),
    "approval-over": lambda: unheeded.over(scene(ASKING), APPROVAL),
    "approval-over-undo": lambda: unheeded.over(scene(ASKING), replace(APPROVAL, undoes="a1")),
    "attempt-running": lambda: _tried(),
    "attempt-ended": lambda: _tried(state="exited", exit=0, ended_at=NOW + 10 * SECOND, check=True),
    "attempt-unchecked": lambda: _tried(state="exited", exit=3, ended_at=NOW + 10 * SECOND),
    "attempt-ok": lambda: _tried(state="ok", exit=0, ended_at=NOW + 10 * SECOND, verified=True),
    "attempt-failed": lambda: _tried(state="failed", exit=1, ended_at=NOW + 10 * SECOND),
    "attempt-undo": lambda: _tried(state="timed_out", ended_at=NOW),
    "attempt-undone": lambda: _tried(state="failed", ended_at=NOW, undone_at=NOW + 10 * SECOND),
    "attempt-undoing": lambda: _tried(undoes="a0"),
    "approval-undo": lambda: approval.approval(
        scene(
            replace(ASKING, approvals=(replace(APPROVAL, undoes="a1"),)),
            event(
                replace(ASKED, what=json.dumps({"executor": "run", "spec": {"argv": ["/bin/back"]}, "undoes": "a1"}))
            ),
        ),
        DIGEST,
    ),
    "approval-with-rollback": lambda: approval.approval(
        scene(ASKING, event(replace(UNDOABLE, what=json.dumps({**json.loads(UNDOABLE.what), "with_rollback": True})))),
        DIGEST,
    ),
    "attempt-again": lambda: _tried(retry=1),
    "attempt-twice": lambda: _tried(state="failed", ended_at=NOW, settled_by="bot"),
    "attempt-much": lambda: _tried(
        "\n".join([f"line {n:02} {'.' * 60}" for n in range(1, 31)] + ["y" * 400]), state="failed", exit=1, ended_at=NOW
    ),
    "attempt-torn": lambda: _tried(
        "\n".join([*(f"first {n:02}" for n in range(90)), "[…]", *(f"last {n:02}" for n in range(90))]), state="failed"
    ),
    "attempt-one-long-line": lambda: _tried("\n".join(["x" * 4_000, "[…]", "y" * 12_000]), state="failed", exit=1),
    "attempt-unknown": lambda: _unknown(e.ActionVerified("a1", False, 3, "order-gw: no pid\n")),
    "attempt-proved": lambda: _tried(state="ok", exit=None, ended_at=NOW + 10 * SECOND, verified=True),
    "attempt-unchecked-unknown": lambda: _unknown(),
    "attempt-silent": lambda: _unknown(e.ActionEnded("a1", "unknown", why="silent")),
    "attempt-settled": lambda: _tried(state="ok", ended_at=NOW, settled_by="U1"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))


def test_blocks(golden: Golden) -> None:
    message = SCREENS["approval"]()
    golden("approval.json", json.dumps(list(message.blocks), indent=1, ensure_ascii=False) + "\n")
