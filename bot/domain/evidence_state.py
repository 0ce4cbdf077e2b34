"""A file that was shared in an incident's channel, as it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """file: Slack's id; seq: of the event that has its name; ts: of its message; by: who shared it; size: bytes; sha: of the copy,
    "" while there is none; left: why there will be none, "" otherwise; gone: deleted in Slack."""

    file: str
    seq: int
    ts: str
    by: str
    size: int
    sha: str = ""
    left: str = ""
    gone: bool = False
