"""One step of the plan: who, by when, what is needed; a decision; folded to one line when it is done."""

from bot.domain import named
from bot.domain.gate_words import sentence
from bot.domain.people import alone
from bot.domain.plan import Step
from bot.domain.run_state import SETTLED
from bot.domain.state import Visit
from bot.domain.terms import BOT
from bot.ports import Button, Json, Message
from bot.slack import blocks
from bot.slack.show import block_of_code
from bot.slack.views.scene import Scene, joined
from bot.text import Code, Span, Strong, Text, When, Who, t

COPY, DRAFT, FOLDED = 2_900, 1_500, 80


def step(scene: Scene, run: int, number: str, visit: int) -> Message:
    """A step or a decision of a walk, as it stands now."""
    at = scene.visit(run, number, visit)
    plan = scene.step(number) if scene.incident.walk is scene.walk(run) else None
    if at.state in SETTLED:
        folded = _folded(scene, at, plan)
        return blocks.message([blocks.section(scene.say(folded))], scene.plain(folded))
    what, about = t("{number} {text}", number=Strong(number), text=_text(plan)), _about(scene, at, plan)
    return blocks.message(
        [
            blocks.section(scene.say(what, about)),
            *[blocks.section(blocks.cut(block_of_code(copy), COPY)) for copy in (plan.copy if plan else ())],
            _state(scene, at, plan),
            _buttons(scene, run, at, plan),
        ],
        scene.plain(what, about),
    )


def _text(plan: Step | None) -> str:
    return "" if plan is None else plan.question or plan.text


def _about(scene: Scene, at: Visit, plan: Step | None) -> Text:
    """`Ben · by 03:06 · needs: a link or text`. In a pause nobody is late."""
    parts = [
        t("{who}", who=Who(at.person)) if at.person else t("{role}: nobody", role=named.role(at.role or "commander"))
    ]
    if at.state == "waiting" and plan and plan.action:
        return joined([*parts, t("waiting for the approval of {action}", action=Code(plan.action.id))])
    if at.due_at is not None and not scene.incident.paused:
        parts.append(t("late since {at}", at=When(at.due_at)) if at.overdue else t("by {at}", at=When(at.due_at)))
    if plan and plan.evidence:
        parts.append(t("needs: a link or text"))
    if plan and plan.confirmed_by:
        parts.append(t("confirmed by {role}", role=named.role(plan.confirmed_by)))
    if at.meanwhile:
        parts.append(t("meanwhile: the plan goes on"))
    return joined(parts)


def _folded(scene: Scene, at: Visit, plan: Step | None) -> Text:
    """`✓ 2.3 Promote the standby — Ben 03:04 (4 min, target 3 min)`."""
    when = When(at.done_at or scene.now)
    what = t("{number} {text}", number=Strong(at.step), text=_short(_text(plan))) if plan else _number(at)
    if at.state == "left":
        return t("– {what} — left: the plan went on elsewhere", what=what)
    if at.state == "skipped":
        if at.ticked_by:
            what = t("{what} — ticked by {who}, not confirmed", what=what, who=Who(at.ticked_by))
        return t("– {what} — skipped by {who} {at}", what=what, who=Who(at.done_by), at=when)
    took = Span((at.done_at or scene.now) - at.started_at)
    length = t("{took}", took=took)
    if plan and plan.within:
        length = t("{took}, target {target}", took=took, target=Span(plan.within))
    if at.answer:
        what = t("{what} {answer}", what=what, answer=Strong(at.answer))
    parts = [t("✓ {what} — {who} {at} ({length})", what=what, who=Who(at.done_by or BOT), at=when, length=length)]
    if at.confirmed_by:
        alone = t("nobody else was there") if at.alone else t("confirmed by {who}", who=Who(at.confirmed_by))
        parts.append(alone)
    return joined(parts)


def _number(at: Visit) -> Text:
    return t("{number}", number=Strong(at.step))


def _short(text: str) -> str:
    """The text of a step in a folded line: cut at a word."""
    short = text.strip().removesuffix(".")
    return short if len(short) <= FOLDED else short[:FOLDED].rsplit(" ", 1)[0].rstrip(" ,:;") + " …"


def _state(scene: Scene, at: Visit, plan: Step | None) -> Json | None:
    """What the step waits for, in small words."""
    action = plan.action.id if plan and plan.action else ""
    said = {
        "unconfirmed": t(
            "Ticked by {who} {at}. Somebody else has to confirm it.",
            who=Who(at.done_by or BOT),
            at=When(at.done_at or scene.now),
        ),
        "running": t("{action} is running.", action=Code(action)),
        "unknown": t("Nobody knows yet whether {action} was done.", action=Code(action)),
    }.get(at.state)
    if said is None and at.refused:
        said = sentence(at.refused, at.refused_with)
    if said is None and action and at.state != "waiting" and scene.incident.status.open:
        said = t("Tocsin can do this: {action}.", action=Code(action))
    return blocks.context(scene.say(said)) if said else None


def _buttons(scene: Scene, run: int, at: Visit, plan: Step | None) -> Json | None:
    here: dict[str, object] = {"run": run, "step": at.step, "visit": at.visit}
    if not scene.incident.status.open:
        return None
    if at.state == "unconfirmed":
        return scene.buttons(*_confirm(scene, here, plan), Button(t("Help"), "assist", here))
    if at.state in ("waiting", "running", "unknown"):
        return None
    return scene.buttons(
        *forward(here, plan),
        Button(t("Skip"), "skip", here),
        Button(t("Not mine"), "assign", {**here, "why": "not_mine"}),
        Button(t("Help"), "assist", here),
    )


def _confirm(scene: Scene, here: Json, plan: Step | None) -> list[Button]:
    """Who is alone calls somebody or says why it cannot wait, unless the plan allows no exception."""
    made = [Button(t("Confirm"), "confirm", here, "primary")]
    if not alone(scene.incident):
        return made
    made.append(Button(t("Call somebody"), "escalate"))
    if plan is None or not plan.confirm_always:
        made.append(Button(t("Alone, because …"), "confirm", {**here, "alone": True}))
    return made


def forward(here: Json, plan: Step | None) -> list[Button]:
    """What brings the step forward: the answers, the action, or the tick."""
    needs = {**here, "needs": True} if plan and plan.evidence else here
    if plan is None:
        return [Button(t("Done"), "done", needs, "primary")]
    made = []
    if plan.update_text:
        made.append(Button(t("Update"), "update", {"draft": plan.update_text[:DRAFT]}))
    if plan.action:
        made.append(Button(t("Run {action}", action=plan.action.id), "run", {"action": plan.action.id}, "primary"))
    if plan.answers:
        return made + [Button(t("{label}", label=a.label), "answer", {**here, "choice": a.label}) for a in plan.answers]
    done = t("Done by hand") if plan.action else t("Done")
    return [*made, Button(done, "done", needs, "" if plan.action else "primary")]
