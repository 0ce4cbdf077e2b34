"""One try at an action, edited in place: running, ended, checked, or nobody knows."""

import json
from collections.abc import Sequence
from itertools import accumulate

from bot.domain.events import ActionEnded, ActionSettled, ActionVerified, ApprovalAsked
from bot.domain.state import Attempt
from bot.domain.terms import BOT
from bot.domain.undoing import done, may_be_undone, under_way
from bot.domain.walk_back import never_began
from bot.ports import CUT, Button, Json, Message
from bot.slack import blocks
from bot.slack.show import block_of_code
from bot.slack.views import words
from bot.slack.views.doing import cut_off, way_back, what_of
from bot.slack.views.lines_evidence import size
from bot.slack.views.scene import Scene
from bot.text import Code, Span, Text, When, Who, t, tn

WRONG = ("failed", "timed_out", "stopped")
SHOWING = (*WRONG, "unknown")
BEGINNING, END, LINE = 400, 800, 300
"""Characters of output shown: of its beginning, of its end, which matters most, and of one line."""


def attempt(scene: Scene, attempt_id: str) -> Message:
    """The attempt as it stands now."""
    found = scene.incident.attempt(attempt_id)
    assert found is not None, f"no attempt {attempt_id}"
    ended = scene.last(ActionEnded, attempt=attempt_id)
    said = _said(scene, found, ended)
    return blocks.message(
        [blocks.section(scene.say(said)), _output(scene, found, ended), *_undo(scene, found), _buttons(scene, found)],
        scene.plain(said),
    )


def _tried(found: Attempt) -> Text:
    return t("{what} (try {n})", what=what_of(found), n=found.retry + 1) if found.retry else what_of(found)


def _by(found: Attempt) -> Text:
    who = words.people(found.approvers)
    if found.overridden:
        return t(" On the word of {who}, without its approvals.", who=who)
    return t(" Approved by {who}.", who=who) if found.approvers else t("")


def _said(scene: Scene, found: Attempt, ended: ActionEnded | None) -> Text:
    what = _tried(found)
    at = When(found.ended_at or scene.now, "secs")
    if found.settled_by:
        return _settled(scene, found)
    if found.state == "running":
        by = _by(found)
        what = t("↩ {what}", what=what) if found.undoes else what
        if found.stop_by:
            return t("{what} is running; {who} asked it to end.", what=what, who=Who(found.stop_by))
        return t("{what} is running since {at}.{by}", what=what, at=When(found.started_at, "secs"), by=by)
    if found.state == "unknown":
        return _unknown(scene, found, ended)
    told = {
        "timed_out": t("✗ {what} took too long and was ended {at}.", what=what, at=at),
        "stopped": t("✗ {what} was stopped {at}.", what=what, at=at),
        "never_started": t("{what} was not started.", what=what),
        "ok": t(
            "✓ {what}: done {at} ({took}){proof}.",
            what=what,
            at=at,
            took=_took(scene, found),
            proof=_proof(found),
        ),
        "failed": t("✗ {what} failed {at}{why}.", what=what, at=at, why=_why(found)),
    }
    return told.get(found.state) or _exited(scene, found)


def _exited(scene: Scene, found: Attempt) -> Text:
    """It ended by itself; what that means is said by the check, where there is one."""
    what, at, took = what_of(found), When(found.ended_at or scene.now, "secs"), _took(scene, found)
    if found.check:
        return t("{what} ended {at} ({took}). Checking …", what=what, at=at, took=took)
    exit = "?" if found.exit is None else found.exit
    said = t("{what} ended {at} ({took}) with {exit}, not checked.", what=what, at=at, took=took, exit=exit)
    return t("✓ {said}", said=said) if found.well else t("✗ {said}", said=said)


def _took(scene: Scene, found: Attempt) -> Span:
    return Span((found.ended_at or scene.now) - found.started_at)


def _proof(found: Attempt) -> Text:
    """The check decides; what it says against the end of the program itself is said."""
    if not found.verified:
        return t(", not checked")
    if found.well:
        return t(", the check is good")
    if found.against:
        return t(", although it ended with {exit}: the check is good", exit=str(found.exit))
    return t(", proved by the check: nobody saw its end, and it may still go on")


def _why(found: Attempt) -> Text:
    if found.verified is False:
        return t(": the check afterwards is not good")
    return t(" with exit {exit}", exit=found.exit) if found.exit is not None else t("")


def _unknown(scene: Scene, found: Attempt, ended: ActionEnded | None) -> Text:
    """`I do not know whether order-gw was restarted on gw-3: …`."""
    what, at = what_of(found), When(found.ended_at or scene.now, "secs")
    if ended is not None and ended.why == "silent":
        return t(
            "I do not know what became of {what}: the Tocsin that runs it has not been heard of for a minute (noticed {at})."
            " It may go on there. Look before it is run again: nothing was checked.",
            what=what,
            at=at,
        )
    check = scene.last(ActionVerified, attempt=found.id)
    if check is None:
        return t(
            "I do not know whether {what} was done: it was cut off while it ran (noticed {at}). Nothing was checked.",
            what=what,
            at=at,
        )
    said = check.output.strip().splitlines()[-1] if check.output.strip() else ""
    return t(
        "I do not know whether {what} was done: it was cut off while it ran (noticed {at}). The check says: {answer}.",
        what=what,
        at=at,
        answer=t("{said}", said=Code(said[:120])) if said else t("the opposite"),
    )


def _settled(scene: Scene, found: Attempt) -> Text:
    who, what = Who(found.settled_by), what_of(found)
    if found.settled_by == BOT:
        return cut_off(what, found)
    settled = scene.last(ActionSettled, attempt=found.id)
    told = {
        "done": t("✓ {what}: {who} says it was done.", what=what, who=who),
        "not": t("✗ {what}: {who} says it was not done.", what=what, who=who),
    }
    by_hand = t("{what}: {who} does it by hand.", what=what, who=who)
    return told.get(settled.outcome, by_hand) if settled else by_hand


def _output(scene: Scene, found: Attempt, ended: ActionEnded | None) -> Json | None:
    """The output, where something is to be read from it: a failure, what the check alone speaks for, or what was looked for."""
    against = found.state == "ok" and not found.settled_by and not found.well
    silent = found.changes and found.state not in SHOWING and not against
    if ended is None or not ended.output.strip() or silent:
        return None
    return blocks.section(block_of_code(_short(scene, ended.output.replace("\r\n", "\n").strip(), ended.size)))


def _undo(scene: Scene, found: Attempt) -> list[Json]:
    """When it was undone; or the way back from what went wrong, once nobody is on it. The question that named it is folded."""
    if found.undone_at is not None:
        return [blocks.section(scene.say(t("↩ Undone {at}.", at=When(found.undone_at, "secs"))))]
    asked = scene.last(ApprovalAsked, digest=found.digest) if found.state in WRONG else None
    rollback = json.loads(asked.what).get("rollback") if asked and asked.what else None
    return [blocks.section(scene.say(way_back(rollback, covered=False)))] if isinstance(rollback, dict) else []


def _short(scene: Scene, output: str, bytes_: int) -> str:
    """Its beginning and its end, in whole lines. How many lines it had is not known if its middle was not kept."""
    lines = [line if len(line) <= LINE else line[: LINE - 1] + "…" for line in output.split("\n")]
    if CUT in lines and len(output) > BEGINNING + END:
        middle = lines.index(CUT)
        gap = scene.plain(t("… {size} in all, middle left out …", size=size(bytes_)))
        first, last = _fitting(lines[:middle], BEGINNING), _fitting(lines[:middle:-1], END)[::-1]
        return "\n".join([*first, gap, *last])
    if sum(len(line) + 1 for line in lines) <= BEGINNING + END:
        return "\n".join(lines)
    first = _fitting(lines, BEGINNING)
    last = _fitting(lines[: len(first) - 1 : -1], END)[::-1]
    left = len(lines) - len(first) - len(last)
    gap = scene.plain(tn("… {n} line left out …", "… {n} lines left out …", left))
    return "\n".join([*first, gap, *last])


def _fitting(lines: Sequence[str], most: int) -> list[str]:
    """As many of the first lines as `most` characters hold."""
    sizes = accumulate(len(line) + 1 for line in lines)
    return [line for line, size in zip(lines, sizes, strict=True) if size <= most]


def _buttons(scene: Scene, found: Attempt) -> Json | None:
    if found.state == "running" and found.changes and not found.stop_by:
        return scene.buttons(Button(t("Stop"), "stop", {"attempt": found.id}, "danger"))
    if found.state in WRONG and _undoable(scene, found):
        return scene.buttons(Button(t("Undo it"), "rollback", {"attempt": found.id}))
    if _left(scene, found):
        return scene.buttons(Button(t("Ask again"), "ask", {"step": found.step}))
    if found.state != "unknown" or found.settled_by:
        return None
    labels = {
        "done": t("It was done"),
        "not": t("It was not"),
        "again": t("Run again: new approval"),
        "by_hand": t("By hand"),
    }
    return scene.buttons(
        *[Button(label, "outcome", {"attempt": found.id, "outcome": outcome}) for outcome, label in labels.items()]
    )


def _left(scene: Scene, found: Attempt) -> bool:
    """The plan went on without it, and nobody has asked for it again."""
    here = scene.incident.walking
    last = here.visit(found.step) if here is not None and here.run == found.run else None
    if here is None or last is None or (last.visit, last.state) != (found.visit, "left"):
        return False
    return not found.undoes and never_began(scene.incident, here, last)


def _undoable(scene: Scene, found: Attempt) -> bool:
    """It can be undone, and nobody is on it."""
    here = scene.incident.walk
    if here is None or here.run != found.run or scene.plan is None or not scene.incident.status.open:
        return False
    free = found in done(scene.incident, found.run) and not under_way(scene.incident, found.id)
    return free and may_be_undone(scene.plan, found)
