"""Back to normal? And, once it is: five lines of numbers."""

from collections.abc import Sequence

from bot.domain.terms import Micros, Milestone
from bot.metrics.incident import Figure
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views.scene import Scene
from bot.text import Strong, Text, When, t


def allclear(scene: Scene, since: Micros) -> Message:
    """The question; nothing is ever resolved without an answer to it."""
    asked = t("Back to normal since {at}?", at=When(since, "secs"))
    buttons = (
        Button(t("Yes"), "resolve", {"at": since}, "primary"),
        Button(t("Another time"), "resolve", {"ask": True}),
        Button(t("Not yet"), "snooze"),
    )
    if not scene.incident.status.open:
        said = t("✓ Back to normal since {at}.", at=When(scene.incident.mark(Milestone.RECOVERED) or since, "secs"))
        return blocks.message([blocks.section(scene.say(said))], scene.plain(said))
    return blocks.message([blocks.section(scene.say(asked)), scene.buttons(*buttons)], scene.plain(asked))


def resolution(scene: Scene, figures: Sequence[Figure]) -> Message:
    """What the incident's numbers are, and which are not known."""
    first = t("{ref} is resolved: {title}", ref=Strong(scene.incident.ref), title=scene.title)
    lines = [_line(figure) for figure in figures]
    said = [first, *lines]
    return blocks.message([blocks.section(scene.say(*said))], scene.plain(first))


def _line(figure: Figure) -> Text:
    if figure.value is not None:
        return t("{title}: {value}", title=figure.title, value=figure.value)
    return t("{title}: not known ({missing})", title=figure.title, missing=figure.missing or t("no data"))
