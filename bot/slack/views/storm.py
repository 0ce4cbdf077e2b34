"""A storm: one incident for many alerts, which names the worst of them and counts the others."""

from bot.domain.joined import Joined
from bot.ports import Message
from bot.slack import blocks
from bot.slack.views import words
from bot.slack.views.scene import Scene
from bot.text import Strong, Text, t


def storm(scene: Scene) -> Message:
    """What joined, edited in place; and that nobody took it for one fault."""
    named, more = scene.incident.alerts.named, scene.incident.alerts.total - len(scene.incident.alerts.named)
    said = [
        t("Too many new channels at once, so alerts are gathered here ({n} so far):", n=scene.incident.alerts.total),
        *(t("• {severity} {alert}", severity=words.severity(j.severity), alert=storm_alert(j)) for j in named),
    ]
    if more > 0:
        said.append(t("and {n} more", n=more))
    walk = scene.incident.walk
    assert walk is not None, "the context is shown once a plan is there"
    title = Strong(walk.name)
    plan = t("Plan: {title}. A storm is no single fault, so no alert chose one; `plan` begins another.", title=title)
    return blocks.message([blocks.section(scene.say(*said)), blocks.context(scene.say(plan))], scene.plain(said[0]))


def storm_alert(joined: Joined) -> Text:
    """`orders: Orders cannot be placed`."""
    if not joined.service:
        return t("{title}", title=joined.title)
    return t("{service}: {title}", service=joined.service, title=joined.title)
