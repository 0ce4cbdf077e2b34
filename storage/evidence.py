"""Copies of files that people shared: one file each, named by the sha256 of its bytes, in a folder beside the database."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from bot.ports import Clock, Copies, Ids, TooLarge
from storage.disk import sync_folder

PARTIAL = ".partial"
"""Ends the name of a copy that is not whole yet."""
FORGOTTEN = 3600.0
"""Seconds after which one is left over from a process that fell."""


class Folder(Copies):
    """A folder, made when it is needed. Only the bot's own user reads it."""

    def __init__(self, path: Path, clock: Clock, ids: Ids) -> None:
        self.path, self._clock, self._ids = path, clock, ids

    async def keep(self, pieces: AsyncIterator[bytes], most: int) -> tuple[str, int]:
        partial = self.path / f"{self._ids.new()}{PARTIAL}"
        file = await asyncio.to_thread(self._begin, partial)
        found, size = sha256(), 0
        try:
            async for piece in pieces:
                size += len(piece)
                if size > most:
                    raise TooLarge
                found.update(piece)
                await asyncio.to_thread(file.write, piece)
            await asyncio.to_thread(self._end, file, partial, found.hexdigest())
        finally:
            file.close()
            partial.unlink(missing_ok=True)
        return found.hexdigest(), size

    async def age(self, sha: str) -> float | None:
        return self._age(self.path / sha)

    async def drop(self, sha: str) -> None:
        (self.path / sha).unlink(missing_ok=True)

    def _begin(self, partial: Path) -> BinaryIO:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.path.glob(f"*{PARTIAL}"):
            if (self._age(left) or 0.0) > FORGOTTEN:
                left.unlink(missing_ok=True)
        file = os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._touch(partial)
        return file

    def _end(self, file: BinaryIO, partial: Path, sha: str) -> None:
        """On the disk, and only then under its name."""
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._touch(partial)
        partial.replace(self.path / sha)
        sync_folder(self.path)

    def _touch(self, path: Path) -> None:
        """Our clock says how old it is."""
        now = self._clock.now() * 1000
        os.utime(path, ns=(now, now))

    def _age(self, path: Path) -> float | None:
        try:
            return max(0.0, (self._clock.now() - path.stat().st_mtime_ns // 1000) / 1_000_000)
        except FileNotFoundError:
            return None


def copy_of(folder: Path, sha: str) -> bytes | None:
    """The bytes of a copy, None if it is not there."""
    path = folder / sha
    return path.read_bytes() if path.is_file() else None


def copied(source: Path, target: Path) -> int:
    """Copy what is in one folder and not in the other, each file whole or not at all; how many. Raises OSError."""
    count = 0
    for file in sorted(source.iterdir()) if source.is_dir() else ():
        if file.suffix == PARTIAL or not file.is_file():
            continue
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (target / file.name).exists():
            continue
        partial = target / f"{file.name}{PARTIAL}"
        shutil.copy2(file, partial)
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(target / file.name)
        count += 1
    if count:
        sync_folder(target)
    return count
