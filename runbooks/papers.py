"""What is written into an attempt's folder (runbooks/directory.py), by the bot and by the shim: whole, private, and on the disk.

The shim imports this, and somebody waits for the shim: only what is built in is imported here (runbooks/shim.py).
"""

import _json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, BinaryIO

HEAD, TAIL = 64 * 1024, 192 * 1024
"""Bytes kept of the beginning and of the end of the output; `tail.old` and `tail` together hold at least the last TAIL."""


class Output:
    """The output on disk: all of a short one, beginning and end of a long one."""

    def __init__(self, folder: "Path | str") -> None:
        self._folder = folder
        self._head = _create(f"{folder}/head")
        self._tail: BinaryIO | None = None
        self._in_tail = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Keep what is to be kept; a full disk keeps nothing, and must not stop the program."""
        room = max(0, HEAD - self.size)
        self.size += len(data)
        try:
            self._head.write(data[:room])
            if data[room:]:
                self._write_tail(data[room:])
        except OSError:
            return

    def _write_tail(self, data: bytes) -> None:
        if self._tail is not None and self._in_tail + len(data) > TAIL:
            self._tail.close()
            os.replace(f"{self._folder}/tail", f"{self._folder}/tail.old")
            self._tail = None
        if self._tail is None:
            self._tail, self._in_tail = _create(f"{self._folder}/tail"), 0
        self._tail.write(data)
        self._in_tail += len(data)

    def close(self) -> None:
        for file in filter(None, (self._head, self._tail)):
            try:
                with file:
                    os.fsync(file.fileno())
            except OSError:
                continue


def link_claim(folder: "Path | str", claim: "dict[str, Any]") -> bool:
    """Become the one owner of the attempt: whole, exclusive and on the disk before anything else happens."""
    mine = f"{folder}/claim.{os.getpid()}.{os.urandom(8).hex()}"
    _write(mine, claim)
    try:
        os.link(mine, f"{folder}/claim")
    except FileExistsError:
        return False
    finally:
        os.unlink(mine)
        sync_folder(folder)
    return True


def write_json(folder: "Path | str", name: str, value: "dict[str, Any]") -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    new = f"{folder}/{name}.{os.getpid()}.new"
    _write(new, value)
    os.replace(new, f"{folder}/{name}")
    sync_folder(folder)


def whoami(pid: int) -> "dict[str, Any]":
    """What tells a process from every other one, earlier or later: its pid, its start and this boot."""
    boot = _bytes("/proc/sys/kernel/random/boot_id").decode().strip()
    return {"pid": pid, "start": start_of(pid), "boot": boot}


def start_of(pid: int) -> int | None:
    """When a process was started, in clock ticks since boot; None if it has ended (zombies have)."""
    try:
        state, *rest = _bytes(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in b"ZX" else int(rest[18])


def sync_folder(folder: "Path | str") -> None:
    """Make the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class _Plain:
    """How JSON is read: nothing special becomes of anything."""

    strict, object_hook, object_pairs_hook = True, None, None
    parse_float, parse_int, parse_constant = float, int, float


def read_json(path: str) -> "dict[str, Any]":
    """A file that was written here."""
    found: dict[str, Any] = _json.make_scanner(_Plain)(_bytes(path).decode(), 0)[0]  # type: ignore[arg-type]
    return found


_ENCODE = _json.make_encoder(None, None, _json.encode_basestring_ascii, None, ": ", ", ", False, False, True)  # type: ignore[arg-type]


def _write(path: str, value: "dict[str, Any]") -> None:
    with _create(path) as file:
        file.write("".join(_ENCODE(value, 0)).encode())
        os.fsync(file.fileno())


def _bytes(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _create(path: str) -> "BinaryIO":
    """A new private file, unbuffered."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0)
