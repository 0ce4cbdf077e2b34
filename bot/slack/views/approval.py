"""What the bot asks to be allowed to do: the exact command, what is checked afterwards, what cannot be undone, who may say yes."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.events import ActionEnded, ApprovalAsked, ApprovalDenied, PlanAttached
from bot.domain.need import WORDS
from bot.domain.state import Approval
from bot.domain.terms import SECOND
from bot.ports import Button, Json, Message
from bot.slack import blocks
from bot.slack.show import block_of_code
from bot.slack.views import words
from bot.slack.views.doing import leads_back, shown, way_back, what_of
from bot.slack.views.scene import Scene, joined
from bot.text import Code, Room, Span, Strong, Text, When, Who, t

UNBROKEN = 160
"""Longer commands get a block of their own instead of a span in the line."""
REVISION = 10
"""Characters of a commit or sha256 that name a text."""
PART, WHOLE = 1_000, 6_000
"""Characters of something long in one block, and of all such blocks together as Slack counts them."""


def approval(scene: Scene, digest: str) -> Message:
    """The card in the channel."""
    found = scene.incident.approval(digest)
    asked = scene.last(ApprovalAsked, digest=digest)
    assert found is not None, f"no approval {digest[:16]}"
    what = json.loads(asked.what) if asked and asked.what else {}
    told = blocks.section(scene.say(_titled(scene, found)))
    if found.state != "open":
        ended = _ended(scene, found)
        again = scene.buttons(*_again(found)) if found.state == "expired" else None
        return blocks.message([told, blocks.section(scene.say(ended)), again], scene.plain(what_of(found), ended))
    return blocks.message(
        [
            told,
            *_exactly(scene, what),
            *_undone(scene, what),
            *_tries(scene, what),
            *_evidence(scene),
            _who(scene, found, what.get("timeout")),
            _buttons(scene, found, readable(what)),
        ],
        scene.plain(t("Approval needed: {what}", what=what_of(found))),
    )


def direct(scene: Scene, digest: str) -> Message:
    """The same question as a direct message; it says which incident it is of and where people talk."""
    message = approval(scene, digest)
    first = t("{ref} · {head}", ref=Strong(scene.incident.ref), head=words.headline(scene.incident))
    where = [t("{room}", room=Room(scene.incident.channel, scene.incident.name))] if scene.incident.channel else []
    again = [t("(sent again)")] if scene.again else []
    intro = joined([first, *where, *again])
    found = scene.incident.approval(digest)
    asks = found is not None and found.state == "open"
    kept = [block for block in message.blocks if asks or block["type"] != "actions"]
    return blocks.message([blocks.context(scene.say(intro)), *kept], message.text)


def _titled(scene: Scene, found: Approval) -> Text:
    """`Restart the gateway: gw-3 (1 of 12 gateways)`: in the step's words where they name the action."""
    words_ = "" if found.undoes else _named(scene, found)
    said = t("↩ {what}", what=what_of(found)) if found.undoes else what_of(found)
    if words_:
        said = (
            t("{text}: {on}", text=Strong(words_), on=Code(found.target))
            if found.target
            else t("{text}", text=Strong(words_))
        )
    entry = scene.organisation.policy.automation.entry_of(found.target) if found.target else None
    if entry is None:
        return said
    return t("{said} (1 of {n} {name})", said=said, n=len(entry.hosts), name=entry.name)


def _named(scene: Scene, found: Approval) -> str:
    """The text of the step if it names the action."""
    step = scene.step(found.step)
    return step.text.strip().removesuffix(".") if step and found.action.lower() in step.text.lower() else ""


def _step(scene: Scene, found: Approval) -> Text:
    step = None if _named(scene, found) else scene.step(found.step)
    return (
        t("step {number} {text}", number=found.step, text=step.text) if step else t("step {number}", number=found.step)
    )


def _exactly(scene: Scene, what: Mapping[str, Any]) -> list[Json]:
    """What would run, how it is checked, how it is undone: to the last character, or it cannot be approved."""
    if not what:
        return [blocks.section(scene.say(t("What exactly would run is no longer kept: deny it and ask again.")))]
    if not readable(what):
        long = t(
            "What would run has {n} characters: too long to be read here, so it cannot be approved.",
            n=sum(len(text) for _, _, text in _parts(what)),
        )
        return [blocks.section(scene.say(long))]
    made: list[Json] = []
    inline: list[str] = []
    for line, lead, text in _parts(what):
        if len(text) <= UNBROKEN:
            inline.append(scene.say(line))
            continue
        made += [blocks.section(part) for part in ("\n".join([*inline, scene.say(lead)]), *_whole(text))]
        inline = []
    return [*made, blocks.section("\n".join(inline))] if inline else made


def _parts(what: Mapping[str, Any]) -> list[tuple[Text, Text, str]]:
    """All that one yes may set going: the sentence with it, the sentence before it where it has blocks of its own, and it."""
    command, verify, rollback = shown(what), what.get("verify"), what.get("rollback")
    parts = [(t("Runs: {command}", command=Code(command)), t("Runs:"), command)]
    if verify:
        check = shown(verify)
        parts.append((t("Then checks: {check}", check=Code(check)), t("Then checks:"), check))
    if isinstance(rollback, dict):
        covered = bool(what.get("with_rollback"))
        parts.append((way_back(rollback, covered), leads_back(covered), shown(rollback)))
    return parts


def _whole(text: str) -> list[str]:
    """Every character of something long, in blocks of code."""
    return [block_of_code(text[n : n + PART]) for n in range(0, len(text), PART)]


def readable(what: Mapping[str, Any]) -> bool:
    """Nobody may approve what nobody can read."""
    if not what:
        return False
    long = [part for _, _, text in _parts(what) if len(text) > UNBROKEN for part in _whole(text)]
    return sum(map(len, long)) <= WHOLE and all(len(part) <= blocks.SECTION for part in long)


def _undone(scene: Scene, what: Mapping[str, Any]) -> list[Json]:
    """Why there is no way back."""
    rollback = what.get("rollback")
    if not rollback or isinstance(rollback, dict):
        return []
    return [blocks.section(scene.say(t("Cannot be undone: “{reason}”", reason=str(rollback))))]


def _tries(scene: Scene, what: Mapping[str, Any]) -> list[Json]:
    """One yes is for all tries."""
    retries = what.get("retries", 0)
    return (
        [blocks.section(scene.say(t("If it fails, it is tried again, {n} times in all at most.", n=retries + 1)))]
        if retries
        else []
    )


def _evidence(scene: Scene) -> list[Json]:
    """What the last read-only actions of this incident found, a line each."""
    ended = {e.payload.attempt: e for e in scene.events if isinstance(e.payload, ActionEnded)}
    reads = [a for a in scene.incident.attempts if not a.changes and a.id in ended]
    shown_now = [(a, ended[a.id]) for a in reads[-2:]]
    parts = [
        t("{action} {at}: {out}", action=a.action, at=When(e.occurred_at), out=Code(_tail(e.payload)))
        for a, e in shown_now
    ]
    return [blocks.section(scene.say(t("Evidence: {parts}", parts=joined(parts, "; "))))] if parts else []


def _tail(ended: Any) -> str:
    lines = [line for line in str(ended.output).splitlines() if line.strip()]
    return (lines[-1][:120] if lines else "") or f"{ended.outcome} {ended.exit}"


def _who(scene: Scene, found: Approval, timeout: float | None) -> Json:
    """`Asked by Ben · needs 1 of: Ana, Li, Zhou · until 03:17 · takes at most 1 min · step 2.3 · code 7f3a`."""
    parts = [t("Asked by {who}", who=Who(found.starter)) if found.starter else t("Asked by the plan")]
    if found.given:
        parts.append(t("yes: {who}", who=words.people(found.given)))
    parts.append(t("needs {need} of: {may}", need=found.need, may=words.people(found.may, 8)))
    until = (
        t("its time stands still in the pause") if scene.incident.paused else t("until {at}", at=When(found.expires_at))
    )
    parts.append(until)
    if timeout:
        parts.append(t("takes at most {time}", time=Span(round(timeout * SECOND))))
    parts.append(_step(scene, found))
    parts.append(t("code {code}", code=Code(found.code)))
    told = joined(parts)
    why = WORDS.get(found.floor)
    more = [_revision(scene, found), *_in_hand(scene, found), *([why] if why else [])]
    return blocks.context(scene.say(told), *(scene.say(text) for text in more))


def _revision(scene: Scene, found: Approval) -> Text:
    """Which text of which plan: by its commit where there is one, else by its sha256."""
    walk, attached = scene.walk(found.run), scene.last(PlanAttached, run=found.run)
    commit = attached.commit if attached else ""
    return t("Plan {plan}, revision {revision}", plan=Strong(walk.name), revision=Code((commit or walk.sha)[:REVISION]))


def _in_hand(scene: Scene, found: Approval) -> list[Text]:
    """What other runs touched when it was asked, and how much there may be."""
    asked = scene.last(ApprovalAsked, digest=found.digest)
    if asked is None or not asked.at_once:
        return []
    return [t("In hand besides this one when asked: {n}; at most {most} at once", n=asked.beside, most=asked.at_once)]


def _buttons(scene: Scene, found: Approval, readable: bool) -> Json:
    bound = {"digest": found.digest}
    yes = [Button(t("Approve"), "approve", bound, "primary")] if readable else []
    return scene.buttons(*yes, Button(t("Deny"), "deny", bound, "danger"))


def _ended(scene: Scene, found: Approval) -> Text:
    at = When(found.ended_at or scene.now)
    if found.state == "given":
        return t("✓ Approved by {who} {at}", who=words.people(found.given), at=at)
    if any(attempt.overridden and attempt.digest == found.digest for attempt in scene.incident.attempts):
        return t("No longer asked: {who} overrode the approvals {at}.", who=Who(found.ended_by), at=at)
    if found.state == "overtaken":
        return t("No longer asked: {who} went on {at}. Nothing was run.", who=Who(found.ended_by), at=at)
    if found.state == "replaced":
        return t(
            "Replaced {at} by the question with code {code}. Nothing was run.", at=at, code=Code(found.replaced_by[:4])
        )
    if found.state == "expired":
        return t("Expired {at} unapproved. Nothing was run.", at=at)
    denied = scene.last(ApprovalDenied, digest=found.digest)
    said = t("✗ Denied by {who} {at}. Nothing was run.", who=Who(found.ended_by), at=at)
    return t("{said} Reason: {reason}", said=said, reason=denied.reason) if denied and denied.reason else said


def _again(found: Approval) -> tuple[Button, ...]:
    here = {"run": found.run, "step": found.step, "visit": found.visit}
    return (Button(t("Ask again"), "run", {"action": found.action}), Button(t("Done by hand"), "done", here))
