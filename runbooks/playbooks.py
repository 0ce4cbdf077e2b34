"""What a playbook is, to the byte: a yes to it is a yes to every file of its folder, to the inventory and to the variables beside
that, as they were then."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from runbooks.programs import check_owners

MOST_FILES, MOST_BYTES = 500, 4 << 20
"""Of a playbook's folder, roles and variables included; `.git` is left out."""


def sha_of(playbook: str, inventory: str) -> str:
    """sha256 hex of names and contents of all files in the playbook's folder, of the inventory (a file or a folder) and of
    `group_vars` and `host_vars` beside it. OSError: unreadable, or others could change it."""
    whole = hashlib.sha256()
    for path, there in (
        (playbook, Path(playbook).is_file()),
        (inventory, bool(inventory) and Path(inventory).exists()),
    ):
        if not there:
            raise FileNotFoundError(f"{path or 'ansible: inventory'}: there is no such file")
        check_owners(Path(path).absolute())
    _take(whole, Path(playbook).parent, _files(Path(playbook).parent))
    _take(whole, Path(inventory).parent, _beside(Path(inventory)))
    return whole.hexdigest()


def _take(whole: "hashlib._Hash", folder: Path, files: Iterable[Path]) -> None:
    left = MOST_BYTES
    for count, file in enumerate(files):
        found = file.stat()
        left -= found.st_size
        if count >= MOST_FILES or left < 0:
            raise PermissionError(f"{folder}: more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB: give it less")
        whole.update(f"{file.relative_to(folder)}\0{found.st_size}\0".encode("utf-8", "surrogateescape"))
        whole.update(file.read_bytes())


def _beside(inventory: Path) -> Iterator[Path]:
    """What Ansible reads as the inventory."""
    yield from _files(inventory) if inventory.is_dir() else (inventory,)
    for name in ("group_vars", "host_vars"):
        if (folder := inventory.parent / name).is_dir():
            yield from _files(folder)


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
