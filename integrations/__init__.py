"""The world around: one file per outside system, found by folder and checked at start.

A module of `integrations/alerts/` holds one object named `source` that meets `AlertSource`.
"""

import inspect
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from bot.errors import StartError
from bot.plugins import TRIED
from bot.ports import AlertSource


def alert_sources() -> Mapping[str, AlertSource]:
    """All alert sources by name. StartError names the file that does not keep the contract."""
    package = import_module("integrations.alerts")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return {
        name: _checked(name, getattr(import_module(f"integrations.alerts.{name}"), "source", None)) for name in names
    }


def _checked(name: str, source: object) -> AlertSource:
    problem = problem_of(name, source)
    if problem:
        raise StartError(f"integrations/alerts/{name}.py: {problem}")
    return source  # type: ignore[return-value]  # problem_of has just checked it


def problem_of(name: str, source: object) -> str:
    """What is wrong with a source in a file of this name, "" if nothing is."""
    if source is None:
        return "holds no object named `source`"
    if getattr(source, "name", None) != name:
        return f"`name` must be {name!r}, as the file is called"
    if getattr(source, "TRIED", None) not in TRIED:
        return f"`TRIED` must be one of {', '.join(TRIED)}"
    parse = getattr(source, "parse", None)
    if not callable(parse) or list(inspect.signature(parse).parameters) != ["body", "headers", "received_at"]:
        return "`parse` must take body, headers, received_at"
    return ""
