"""What people write in an incident's channel, kept word by word where tocsin.yaml wants it: rows, and never events."""

from dataclasses import dataclass

from bot.domain.organisation import Organisation
from bot.domain.saying import Post
from bot.domain.state import Incident
from bot.domain.terms import Micros, stream_of
from bot.text import t

KEPT = t("What people write here is kept with the incident.")
"""Stands in the purpose of a channel of which a transcript is kept; before it stands there, nothing is kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it stands in Slack. thread: ts of its thread's first message, "" for that one itself and outside of threads;
    at: when it was written; changed: when it was edited or deleted last (µs UTC), 0 = never; gone: it was deleted, text is "".
    """

    channel: str
    ts: str
    number: int
    thread: str
    at: Micros
    by: str
    text: str
    changed: Micros = 0
    gone: bool = False


def wanted(organisation: Organisation, incident: Incident) -> bool:
    """Whether tocsin.yaml wants the words of an incident's channel."""
    setting = organisation.transcript
    return setting.keep and (setting.private or not incident.private)


def purpose_key(number: int) -> str:
    """Key of the row that says what the purpose of an incident's channel says of the transcript, "" if nothing."""
    return f"{stream_of(number)}:purpose"


def line(number: int, post: Post, changed: Micros = 0, gone: bool = False) -> Line:
    """The line of a message. One without words has the names of its files, as long as those are there."""
    words = post.text.strip() or ", ".join(file.name for file in post.files if not file.gone)
    text = "" if gone else words.replace("\0", "")  # no text of PostgreSQL holds a NUL
    return Line(post.channel, post.ts, number, post.thread, post.at, post.by, text, changed, gone)
