"""Files that people have written, found and read without trust: a pipe or a device is no file, and nobody waits for one."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG


def below(folder: Path) -> Iterator[Path]:
    """All files of a folder and of those below it, also behind links. What begins with a dot is an editor's, or git's.

    A folder that cannot be read stands there itself.
    """
    seen: set[str] = set()
    closed: list[Path] = []
    for place, folders, files in os.walk(
        folder, onerror=lambda why: closed.append(Path(why.filename)), followlinks=True
    ):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in files if not name.startswith("."))
    yield from closed


def content(path: Path, most: int) -> bytes:
    """Up to `most` bytes of a file. OSError if it is no ordinary file, or cannot be read; never waits for a pipe."""
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    with open(opened, "rb") as file:
        return file.read(most)
