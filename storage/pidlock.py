"""One process per database file: an exclusive lock on `<database>.lock`, with the holder's pid inside.

Never on the database file itself: closing it here would drop the locks that SQLite holds on it.
"""

import fcntl
import os
from pathlib import Path

from bot.errors import StartError


class PidLock:
    """Held from the moment it is made until `free` or the end of the process. Raises StartError naming the holder's pid."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StartError(f"The database's folder {path.parent} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode(errors="replace").strip()
            os.close(self._file)
            name = path.name.removesuffix(".lock")
            raise StartError(
                f"The database {name} is in use by process {holder}. Stop it, or use another one."
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def free(self) -> None:
        """Let others have it. The file stays: removing it would race with somebody who just opened it."""
        os.close(self._file)


def holder(path: Path) -> int | None:
    """The process that has a database file; None if there is none, or this account may not know."""
    try:
        pid = int(path.read_text())
        opened = list(Path(f"/proc/{pid}/fd").iterdir())
    except (OSError, ValueError):
        return None
    return pid if any(_leads_to(path, one) for one in opened) else None


def _leads_to(path: Path, opened: Path) -> bool:
    try:
        return opened.readlink() == path.resolve()
    except OSError:  # closed in the meantime
        return False
