"""What the process that holds the line to another machine knows of an attempt: `far.json` in its folder. Standard library only.

`sent` before the first thing that could change anything there, `ended` once the other side has said how it ended, `refused` if it
said that nothing was done. Sent and no end: nobody knows what became of it.
"""

from pathlib import Path

from runbooks.papers import write_json

FILE = "far.json"


def sent(folder: str) -> None:
    """From here on nobody can say that nothing happened there."""
    write_json(Path(folder), FILE, {"state": "sent"})


def ended(folder: str, exit: int) -> None:
    """The other side has said how it ended."""
    write_json(Path(folder), FILE, {"state": "ended", "exit": exit})


def refused(folder: str) -> None:
    """The other side has said that it did nothing."""
    write_json(Path(folder), FILE, {"state": "refused"})


def summed(folder: str) -> None:
    """Everything there was done or has failed; only the exit code is missing."""
    write_json(Path(folder), FILE, {"state": "summed"})
