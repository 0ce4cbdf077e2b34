"""Back to normal? And, once it is: five lines of numbers."""

from collections.abc import Sequence

from bot.domain import named
from bot.domain.change import back_since
from bot.domain.moments import WORDS
from bot.domain.terms import Milestone
from bot.metrics.incident import Figure
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views.scene import Scene, joined
from bot.text import Strong, Text, When, Who, t


def allclear(scene: Scene, seq: int) -> Message:
    """The question that event `seq` asked; nothing is ever resolved without an answer. One that nobody answers now is folded."""
    question = scene.incident.question
    if question is None or question.seq != seq or question.over:
        said = t("– Back to normal? Not yet.")
        return blocks.message([blocks.section(scene.say(said))], scene.plain(said))
    if not scene.incident.status.open:
        recovered = scene.incident.mark(Milestone.RECOVERED) or question.since
        said = t("✓ Back to normal since {at}.", at=When(recovered, "secs"))
        return blocks.message([blocks.section(scene.say(said))], scene.plain(said))
    since = back_since(scene.incident) or question.since
    asked = t("Back to normal since {at}?", at=When(since, "secs"))
    buttons = [
        Button(t("Yes"), "resolve", {"at": since, "asked": seq}, "primary"),
        Button(t("Another time"), "resolve", {"ask": True, "asked": seq}),
    ]
    if question.again_at is None:
        buttons.append(Button(t("Not yet"), "snooze"))
    else:
        later = When(question.again_at)
        asked = t("{asked} {who}: not yet; asked again {later}.", asked=asked, who=Who(question.by), later=later)
    return blocks.message([blocks.section(scene.say(asked)), scene.buttons(*buttons)], scene.plain(asked))


def resolution(scene: Scene, figures: Sequence[Figure], undone: bool = False) -> Message:
    """What the incident's numbers are, and which are not known; folded once the end was taken back."""
    if undone:
        back = t("– {ref} was resolved by mistake, and that was taken back.", ref=Strong(scene.incident.ref))
        return blocks.message([blocks.section(scene.say(back))], scene.plain(back))
    first = t("{ref} is resolved: {title}", ref=Strong(scene.incident.ref), title=scene.title)
    lines = [_line(figure) for figure in figures]
    edited = _corrected(scene)
    badge = blocks.context(scene.say(edited)) if edited else None
    return blocks.message([blocks.section(scene.say(first, *lines)), badge], scene.plain(first))


def _corrected(scene: Scene) -> Text | None:
    """Which moments people have corrected, and what was recorded first."""
    known = ((milestone, scene.incident.marks.get(milestone)) for milestone in WORDS.values())
    said = [
        t(
            "{name} {at} (recorded {first})",
            name=named.REACHED[milestone],
            at=When(mark.at, "full"),
            first=When(mark.first, "full"),
        )
        for milestone, mark in known
        if mark is not None and mark.revision and mark.at != mark.first
    ]
    return t("Edited: {what}", what=joined(said)) if said else None


def _line(figure: Figure) -> Text:
    if figure.value is not None:
        return t("{title}: {value}", title=figure.title, value=figure.value)
    return t("{title}: not known ({missing})", title=figure.title, missing=figure.missing or t("no data"))
