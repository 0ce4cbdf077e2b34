"""The runner directory: what became of each attempt, readable after any crash.

    ROOT/id.json                    which runner directory this is (AttemptRow.runner)
    ROOT/attempts/ATTEMPT/          private to the runner's account
        order.json                  what the shim shall do
        claim                       who runs it: {pid, start, boot, at}, or {taken, at}: nobody ever will
        stop                        somebody wants it to end
        head, tail.old, tail        its output, raw (masked whenever it is read)
        far.json                    what is known of an effect on another machine (runbooks/elsewhere.py)
        exit.json                   {outcome, exit, ok, ended_at, bytes}; outcome `lost`: nobody can say

Whoever links `claim` first owns the attempt for ever, which is why it runs at most once. All methods are short and blocking:
call them in a thread.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from bot.domain.terms import Micros
from bot.ports import CUT, Ids, Progress
from bot.secrets import Masker
from runbooks.papers import TAIL, Output, link_claim, sync_folder, whoami, write_json
from runbooks.shim import now

LOST = "lost"
"""Outcome of an attempt that was begun and cut off, so that nobody can say whether it happened."""
ENDS = (4_000, 12_000)
"""Characters of the beginning and of the end of the output that go into events; the rest stays in the directory."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_TERMINAL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|[@-Z\\^_])")
_CONTROLS = bytes({*range(32), 127} - {0x09, 0x0A})
_MORE_CONTROLS = dict.fromkeys(range(0x80, 0xA0))


class Directory:
    """One runner directory. id: 32 hex digits, kept in it."""

    def __init__(self, root: Path, ids: Ids, masker: Masker) -> None:
        self.root = root.absolute()
        self._attempts = self.root / "attempts"
        self._attempts.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (root / "id.json").exists():
            write_json(root, "id.json", {"id": ids.new()})
        self.id: str = json.loads((root / "id.json").read_bytes())["id"]
        self._masker = masker

    def known(self, attempt: str) -> bool:
        """The attempt has a folder. ValueError if the id cannot be a name."""
        return self._path(attempt).exists()

    def folder(self, attempt: str) -> Path:
        """The attempt's folder, made if it is new."""
        folder = self._path(attempt)
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._attempts)
        return folder

    def prepare(self, attempt: str, order: dict[str, Any]) -> Path:
        """Write what the shim shall do; the attempt's folder."""
        folder = self.folder(attempt)
        write_json(folder, "order.json", order)
        return folder

    def claim(self, attempt: str) -> bool:
        """Make this process the one that carries the attempt out; False if somebody else was first."""
        return link_claim(self.folder(attempt), {**whoami(os.getpid()), "at": now()})

    def take(self, attempt: str) -> bool:
        """Make sure that the attempt never runs; False if it is too late for that."""
        return link_claim(self.folder(attempt), {"taken": True, "at": now()}) or self._taken(attempt)

    def claimed(self, attempt: str) -> bool:
        """Somebody owns the attempt, or has made sure that nobody will."""
        return (self.folder(attempt) / "claim").exists()

    def claimed_at(self, attempt: str) -> Micros | None:
        """When the attempt began to run."""
        claim = _json(self.folder(attempt) / "claim")
        return claim["at"] if claim else None

    def noted(self, attempt: str, name: str) -> dict[str, Any] | None:
        """What a file of the attempt says, None if it is not there."""
        return _json(self.folder(attempt) / name)

    def ask_stop(self, attempt: str) -> None:
        """Ask whoever runs it to end it."""
        (self.folder(attempt) / "stop").touch(mode=0o600)

    def finish(self, attempt: str, outcome: str, exit: int | None, ok: bool, output: bytes) -> None:
        """The result of an attempt that this process carried out itself."""
        folder = self.folder(attempt)
        kept = Output(folder)
        kept.write(output)
        kept.close()
        result = {"outcome": outcome, "exit": exit, "ok": ok, "ended_at": now(), "bytes": kept.size}
        write_json(folder, "exit.json", result)

    def progress(self, attempt: str) -> Progress:
        """Where the attempt stands. `never_started` may still change unless it is `claimed`."""
        folder = self.folder(attempt)
        claim = _json(folder / "claim")
        if claim is None or "taken" in claim:
            return Progress("never_started")
        living = _alive(claim)
        result = _json(folder / "exit.json")  # looked for after the life: what ended in between has left it behind
        if result is None:
            return Progress("running") if living else Progress("gone", output=self.output(attempt))
        output = self.output(attempt, result["bytes"])
        if result["outcome"] == LOST:
            return Progress("gone", output=output, size=result["bytes"])
        known = {name: result[name] for name in ("outcome", "exit", "ok", "ended_at")}
        return Progress("ended", output=output, size=result["bytes"], **known)

    def output(self, attempt: str, size: int | None = None, ends: tuple[int, int] = ENDS) -> str:
        """What the attempt wrote, masked; of a long one the beginning and the end, with `CUT` between.

        size: bytes in all; ends: characters of the beginning and of the end.
        """
        folder = self.folder(attempt)
        head, old, tail = (_bytes(folder / name) for name in ("head", "tail.old", "tail"))
        if old and len(head) + len(old) + len(tail) != size:
            first, last = map(_text, self._masker.torn(_plain(head), _plain((old + tail)[-TAIL:])))
            return _excerpt(first, last, ends, torn=True)
        whole = _text(self._masker.data(_plain(head + old + tail)))
        return _excerpt(whole, whole, ends, torn=False)

    def _path(self, attempt: str) -> Path:
        if not _NAME.fullmatch(attempt):
            raise ValueError(f"not an attempt: {attempt!r}")
        return self._attempts / attempt

    def _taken(self, attempt: str) -> bool:
        return "taken" in (_json(self.folder(attempt) / "claim") or {})


def _alive(claim: dict[str, Any]) -> bool:
    """The process of a claim still runs: same boot, same pid, same start (pids are used again)."""
    living = whoami(claim["pid"])
    return living["start"] is not None and all(claim[name] == value for name, value in living.items())


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _plain(output: bytes) -> bytes:
    """Without what only a terminal understands, which could also split a secret."""
    lines = _TERMINAL.sub(b"", output).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return lines.translate(None, _CONTROLS)


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace").translate(_MORE_CONTROLS)


def _excerpt(head: str, tail: str, ends: tuple[int, int], *, torn: bool) -> str:
    first, last = ends
    if not torn and len(head) <= first + last:
        return head
    return f"{head[:first]}\n{CUT}\n{tail[-last:]}"
