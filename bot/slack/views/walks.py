"""The plans that were walked in an incident, with what became of each."""

from collections.abc import Mapping

from bot.domain.run_state import Visit, Walk
from bot.domain.state import Incident
from bot.domain.walk_turn import in_progress
from bot.slack.views.scene import joined
from bot.text import Text, Who, t

_OUTCOMES = {"replaced": t("replaced"), "limit": t("ended, since it went in a circle")}

STEPS: Mapping[str, Text] = {
    "open": t("open"),
    "unconfirmed": t("not confirmed"),
    "waiting": t("waits for an approval"),
    "running": t("is running"),
    "unknown": t("nobody knows"),
    "done": t("done"),
    "skipped": t("skipped"),
    "left": t("left"),
}
"""State of a visit → what became of the step."""


def became(visit: Visit) -> Text:
    """What became of a step."""
    return unconfirmed(visit, STEPS["skipped"]) if visit.ticked_by else STEPS[visit.state]


def unconfirmed(visit: Visit, skipped: Text) -> Text:
    """It was done, and left out while it waited for a second person."""
    return t("ticked by {who}, not confirmed, {skipped}", who=Who(visit.ticked_by), skipped=skipped)


def outcome(walk: Walk) -> Text:
    """`done`, `left at step 2.3`, `under way` …"""
    if walk.ended_at is None:
        return t("under way")
    if walk.done:
        return t("done")
    if walk.left_at is not None:
        return t("left at step {step}", step=walk.left_at.step)
    return _OUTCOMES.get(walk.outcome, t("ended"))


def earlier(incident: Incident) -> Text | None:
    """Plans in which something was done before the one that is walked now, or was last."""
    found = [walk for walk in incident.walks[:-1] if in_progress(walk)]
    if not found:
        return None
    names = joined([t("{plan} ({outcome})", plan=walk.name, outcome=outcome(walk)) for walk in found], ", ")
    return t("Before it: {plans}", plans=names)
