"""Which programs may be run: what policy.yaml names, and nobody but root and the runner's own account can change."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path


def allowed(program: str, patterns: Sequence[str]) -> str:
    """The real path of a program that may be run. PermissionError with the reason if it may not."""
    if not os.path.isabs(program):
        raise PermissionError(f"{program}: the program must be an absolute path")
    try:
        real = Path(program).resolve(strict=True)
    except (OSError, ValueError) as error:
        raise PermissionError(f"{program}: cannot be found: {error}") from error
    if not any(pattern.startswith("/") and real.match(pattern) for pattern in patterns):
        raise PermissionError(f"{real}: not allowed: add it to automation.programs of policy.yaml")
    if not real.is_file() or not os.access(real, os.X_OK):
        raise PermissionError(f"{real}: not a program that can be run")
    check_owners(real)
    return str(real)


def listed(program: str, patterns: Sequence[str]) -> bool:
    """policy.yaml names it, or the file that it leads to, whether or not it is there and may be run."""
    if not os.path.isabs(program):
        return False
    try:
        real = Path(program).resolve()
    except (OSError, ValueError):
        return False
    return any(pattern.startswith("/") and real.match(pattern) for pattern in patterns)


def check_owners(file: Path) -> None:
    """PermissionError if somebody else could change a file that is going to be run, or put another in its place."""
    for path in (file, *file.parents):
        _check_owner(file, path)


def _check_owner(program: Path, path: Path) -> None:
    """A folder on the way counts as well: who may write there can put another program in its place."""
    found = path.stat()
    whose = f"{program}: {path} " if path != program else f"{program}: "
    if found.st_uid not in {0, os.geteuid()}:
        raise PermissionError(f"{whose}belongs to user {found.st_uid}: it must be root's or the runner's own")
    guarded = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not guarded:
        raise PermissionError(f"{whose}may be changed by others: chmod go-w {path}")


def check_private(file: str) -> None:
    """PermissionError if somebody else could read a file that is a secret; OSError if it is not there."""
    found = Path(file).stat()
    if found.st_uid not in {0, os.geteuid()} or found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PermissionError(f"{file}: it is a secret, and others may read it: chmod 600 {file}")
