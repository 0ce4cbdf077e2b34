"""The transcript as people read it: a line for each message, by its own time."""

from collections.abc import Mapping, Sequence

from bot.domain.reading import posted
from bot.domain.transcript import Line
from bot.text import Text, When, Who, t


def transcript(lines: Sequence[Line]) -> tuple[Text, ...]:
    """What was kept of what people wrote; answers name the time of their thread's first message."""
    return tuple(_line(line) for line in lines) or (t("Of what people wrote in its channel nothing is kept."),)


def _line(line: Line) -> Text:
    at = When(line.at, "stamp")
    said = t("{at} {by}: {text}", at=at, by=Who(line.by), text=line.text or "…")
    if line.thread:
        root = When(posted(line.thread), "stamp")
        said = t("{at} {by} (answers {root}): {text}", at=at, by=Who(line.by), root=root, text=line.text or "…")
    mark: Mapping[bool, Text] = {
        True: t("{said} (deleted {at})", said=said, at=When(line.changed, "stamp")),
        False: t("{said} (edited {at})", said=said, at=When(line.changed, "stamp")),
    }
    return mark[line.gone] if line.changed else said
