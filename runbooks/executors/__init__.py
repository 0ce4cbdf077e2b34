"""Ways of doing things on machines: one file each, found by folder.

A file `x.py` holds one class with `name = "x"`, `TRIED` and the methods of the Executor port; it is made with Tools. Claim
before you act, and leave a result (runbooks/directory.py): then an attempt happens at most once, whatever crashes.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import StartError
from bot.ports import Executor, Http, Tasks
from bot.secrets import Masker
from runbooks.directory import Directory

TRIED = ("real", "captured", "documented")


@dataclass(frozen=True, slots=True)
class Tools:
    """What executors are made with. unit: `tocsin runner` starts what this process asks for."""

    directory: Directory
    http: Http
    tasks: Tasks
    masker: Masker
    unit: bool = False


def load(tools: Tools) -> dict[str, Executor]:
    """All executors by name. StartError if a file does not keep the contract."""
    return {name: made(tools) for name, made in classes().items()}


def keys() -> dict[str, Mapping[str, bool]]:
    """Name of each executor → keys of its spec → required? For readers of plans, which need no executor."""
    return {name: made.keys() for name, made in classes().items()}


def classes(path: list[str] | None = None, package: str = __name__) -> dict[str, Any]:
    """The class of each executor by name."""
    found = sorted(module.name for module in pkgutil.iter_modules(path or __path__))
    return {name: _class(name, importlib.import_module(f"{package}.{name}")) for name in found}


def _class(name: str, module: Any) -> Any:
    made = [value for _, value in inspect.getmembers(module, inspect.isclass) if value.__module__ == module.__name__]
    named = [value for value in made if getattr(value, "name", None) == name]
    if len(named) != 1:
        raise StartError(f"{module.__name__}: one class with name = {name!r} is expected")
    if getattr(named[0], "TRIED", "") not in TRIED:
        raise StartError(f"{module.__name__}: TRIED must be one of {', '.join(TRIED)}")
    missing = [method for method in ("start", "poll", "stop") if not inspect.iscoroutinefunction(_of(named[0], method))]
    if missing or not isinstance(inspect.getattr_static(named[0], "keys", None), staticmethod):
        raise StartError(f"{module.__name__}: async start, poll, stop and a static keys are expected")
    return named[0]


def _of(made: Any, method: str) -> Any:
    return vars(made).get(method)
