"""Which functions may be called: what policy.yaml names, in files that only root and the runner's own account can change."""

import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.domain.policy import FUNCTION
from runbooks import called
from runbooks.programs import check_owners

FLAGS = ("-I", "-S", "-B", "-u", "-X", "utf8")
"""No variables and folders of the user, no files left behind, and what was printed is there when the process is killed."""


def process(folder: Path, call: str, given: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any]:
    """Of order.json: a process that calls a function. The values go by file: everybody may read arguments."""
    argv = [sys.executable, *FLAGS, str(Path(called.__file__)), str(folder)]
    return {"argv": argv, "program": sys.executable, "call": call, "with": dict(given), "path": list(path)}


def installed(module: str) -> bool:
    """A module, which an extra may have brought, is there."""
    package = module.partition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None


def located(call: str, allowed: Sequence[str], folders: Sequence[str]) -> Path:
    """The file in which an allowed function is looked for. PermissionError with the reason if it may not be called.

    folders: where modules are looked for beside those that are installed. Nothing of the module is run.
    """
    if not FUNCTION.fullmatch(call):
        raise PermissionError(f"{call[:80]}: not a function: module:function is expected")
    if call not in allowed:
        raise PermissionError(f"{call}: not allowed: add it to policy.yaml under automation: python: [{call}]")
    files = _files(call.partition(":")[0], search_path(folders))
    for file in files:
        check_owners(file.absolute())
        check_owners(file.resolve())
    return files[-1]


def search_path(folders: Sequence[str]) -> list[str]:
    """Where modules come from. What is installed comes first: no file of `folders` can stand in its place."""
    return [*(path for path in sys.path if path.startswith("/")), *folders]


def _files(module: str, path: Sequence[str]) -> list[Path]:
    """The files that importing a module would run: of its packages, then its own."""
    found: list[Path] = []
    names = module.split(".")
    for number in range(1, len(names) + 1):
        name = ".".join(names[:number])
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            raise PermissionError(f"{name}: there is no such module, installed or in automation.python_path")
        path = list(spec.submodule_search_locations or ())
        found += [Path(spec.origin)] if spec.has_location and spec.origin else map(Path, path)
    return found
