"""Ways to wake a person: one file each, found by folder.

A file `x.py` holds one class with `name = "x"`, `TRIED` and the rest of the Notifier port; it is made with Tools. Its set-up
stands in tocsin.yaml under `integrations: {x: {enabled, url, secret}}`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.organisation import Integration
from bot.errors import StartError
from bot.ports import Http, Notifier
from integrations import TRIED

CONTRACT = ("rings", "schemes")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a notifier is made with. setup: what tocsin.yaml says of it now; secret: the value behind a reference, masked."""

    http: Http
    setup: Callable[[], Integration]
    secret: Callable[[str], str]


def load(http: Http, setup: Callable[[str], Integration], secret: Callable[[str], str]) -> dict[str, Notifier]:
    """All notifiers by name. StartError if a file does not keep the contract."""

    def own(name: str) -> Callable[[], Integration]:
        return lambda: setup(name)

    return {name: made(Tools(http, own(name), secret)) for name, made in classes().items()}


def classes(path: list[str] | None = None, package: str = __name__) -> dict[str, Any]:
    """The class of each notifier by name."""
    found = sorted(module.name for module in pkgutil.iter_modules(path or __path__))
    return {name: _class(name, importlib.import_module(f"{package}.{name}")) for name in found}


def _class(name: str, module: Any) -> Any:
    made = [value for _, value in inspect.getmembers(module, inspect.isclass) if value.__module__ == module.__name__]
    named = [value for value in made if getattr(value, "name", None) == name]
    if len(named) != 1:
        raise StartError(f"{module.__name__}: one class with name = {name!r} is expected")
    if getattr(named[0], "TRIED", "") not in TRIED:
        raise StartError(f"{module.__name__}: TRIED must be one of {', '.join(TRIED)}")
    lacks = [part for part in CONTRACT if not hasattr(named[0], part)]
    if lacks or not inspect.iscoroutinefunction(vars(named[0]).get("send")):
        raise StartError(f"{module.__name__}: rings, schemes and an async send are expected")
    return named[0]
