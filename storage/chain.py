"""The chain of an audit: every event's hash covers the one before it.

    body_hash = sha256(salt ‖ body)                 "" for an event without words
    hash      = sha256(prev ‖ canonical JSON of the row)      the row without prev and hash

Canonical JSON has sorted keys and no spaces, in UTF-8. `data` and `body` are TEXT exactly as hashed, so that words can be deleted
(the salt with them) while the chain still verifies, and both databases hold the same bytes.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from storage.sql import Params

HASHED = (
    "stream",
    "seq",
    "version",
    "kind",
    "occurred_at",
    "recorded_at",
    "actor",
    "source",
    "input",
    "data",
    "body_hash",
)
PINNING = ("plan_attached", "drill_began", "approval_asked", "approval_given")
"""Kinds of the events that name the texts by which people decided."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def body_hash(salt: str, body: str) -> str:
    return sha256((salt + body).encode()).hexdigest()


def row_hash(prev: str, row: Params) -> str:
    """The hash of a row (its columns `HASHED`) that follows the one with hash `prev` ("" for the first)."""
    return hash_of(prev, {name: row[name] for name in HASHED})


def hash_of(prev: str, hashed: Params) -> str:
    """The same of a row that has nothing but these columns."""
    return sha256(prev.encode() + orjson.dumps(hashed, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not verify. why: order | prev | hash | body | head | gone (an incident without a trace)."""

    stream: str
    seq: int
    why: str


@dataclass(slots=True)
class Chain:
    """A stream as far as it was verified: `seq` rows, the last of which has the hash `hash`; then `wrong`, if it is not None."""

    stream: str
    seq: int = 0
    hash: str = ""
    wrong: Broken | None = None

    def follow(self, row: Params) -> bool:
        """Whether this row follows and verifies; the first that does not is `wrong`.

        row: of `event`, with salt and body of `event_body` (None where the words were deleted or never were).
        """
        if why := _wrong(row, self.seq + 1, self.hash):
            self.wrong = Broken(self.stream, self.seq + 1, why)
            return False
        self.seq += 1
        self.hash = row["hash"]
        return True

    def end(self, head: Params | None) -> None:
        """Compare with the row of `stream`, so that rows missing at the end are seen, too. None: there is no such row."""
        if self.wrong is None and (head is None or (head["seq"], head["hash"]) != (self.seq, self.hash)):
            why = "head" if head is not None or self.seq else "gone"
            self.wrong = Broken(self.stream, self.seq + 1, why)


def _wrong(row: Params, seq: int, prev: str) -> str:
    if row["seq"] != seq:
        return "order"
    if row["prev"] != prev:
        return "prev"
    try:
        if row["hash"] != row_hash(prev, row):
            return "hash"
    except TypeError:  # something that is no text where one was, or a text that is none
        return "hash"
    try:
        said = row["body"] is None or row["body_hash"] == body_hash(row["salt"], row["body"])
    except (TypeError, UnicodeError):
        said = False
    return "" if said else "body"


def pinned(row: Params) -> tuple[str, str]:
    """sha256 of the plan's text and of the policy's that an event names, "" for none. Raises ValueError where it cannot be read."""
    if row["kind"] not in PINNING:
        return "", ""
    said: dict[str, Any] = orjson.loads(row["data"])
    return said.get("sha") or said.get("plan_sha") or "", said.get("policy_sha") or ""
