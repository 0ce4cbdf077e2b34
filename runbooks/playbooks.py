"""What a playbook is, to the byte: a yes to it is a yes to every file of its folder as it was then."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runbooks.programs import check_owners

MOST_FILES, MOST_BYTES = 500, 4 << 20
"""Of a playbook's folder, roles and variables included; `.git` is left out."""


def pinned(executor: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """The spec; of a playbook with the `sha256` of its folder, or with the reason `why` there is none."""
    if executor != "ansible":
        return dict(spec)
    try:
        return {**spec, "sha256": sha_of(str(spec["playbook"]))}
    except OSError as error:
        return {**spec, "why": str(error)}


def sha_of(playbook: str) -> str:
    """sha256 hex of names and contents of all files in the playbook's folder. OSError: unreadable, or others could change it."""
    path = Path(playbook)
    if not path.is_file():
        raise FileNotFoundError(f"{playbook}: there is no such file")
    check_owners(path.absolute())
    whole, left = hashlib.sha256(), MOST_BYTES
    for count, file in enumerate(_files(path.parent)):
        found = file.stat()
        left -= found.st_size
        if count >= MOST_FILES or left < 0:
            raise PermissionError(
                f"{path.parent}: more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB: give it less"
            )
        whole.update(f"{file.relative_to(path.parent)}\0{found.st_size}\0".encode("utf-8", "surrogateescape"))
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """In one order for ever; nothing in it may lead elsewhere, or be changed by others."""
    for name in sorted(os.listdir(folder)):
        path = folder / name
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise PermissionError(f"{path}: a link could lead to something else tomorrow")
        if found.st_uid not in {0, os.geteuid()} or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(f"{path}: others may change it: it must be root's or the runner's own, chmod go-w")
        if stat.S_ISDIR(found.st_mode) and name != ".git":
            yield from _files(path)
        elif stat.S_ISREG(found.st_mode):
            yield path
