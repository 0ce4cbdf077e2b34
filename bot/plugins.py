"""What is found by folder: one class in each file, named as the file is, that says how it was tried."""

import inspect
from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from bot.errors import StartError

TRIED = ("real", "captured", "documented")
"""How something was tried: against the real system, with payloads captured from it, by its documentation only."""


def classes(path: Iterable[str], package: str, lacks: Callable[[Any], str]) -> dict[str, Any]:
    """The class of each file of a package's folder, by name. lacks: what else a class must have and has not, "" if nothing.

    StartError names the file that does not keep the contract.
    """
    found = sorted(module.name for module in iter_modules(path))
    return {name: _class(name, import_module(f"{package}.{name}"), lacks) for name in found}


def _class(name: str, module: Any, lacks: Callable[[Any], str]) -> Any:
    made = [value for _, value in inspect.getmembers(module, inspect.isclass) if value.__module__ == module.__name__]
    named = [value for value in made if getattr(value, "name", None) == name]
    if len(named) != 1:
        raise StartError(f"{module.__name__}: one class with name = {name!r} is expected")
    if getattr(named[0], "TRIED", "") not in TRIED:
        raise StartError(f"{module.__name__}: TRIED must be one of {', '.join(TRIED)}")
    if missing := lacks(named[0]):
        raise StartError(f"{module.__name__}: {missing}")
    return named[0]
