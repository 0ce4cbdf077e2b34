"""Files that people have written, read without trust: a pipe or a device is no file, and nobody waits for one."""

import errno
import os
from pathlib import Path
from stat import S_ISREG


def content(path: Path, most: int) -> bytes:
    """Up to `most` bytes of a file. OSError if it is no ordinary file, or cannot be read; never waits for a pipe."""
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    with open(opened, "rb") as file:
        return file.read(most)
