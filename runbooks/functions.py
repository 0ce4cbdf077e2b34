"""Which functions may be called: what policy.yaml names, in files that only root and the runner's own account can change."""

import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from bot.domain.policy import FUNCTION
from runbooks.programs import check_owners


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
