"""Ways of doing things on machines: one file each, found by folder.

A file `x.py` holds one class with `name = "x"`, `TRIED` and the methods of the Executor port; it is made with Tools. Claim
before you act, and leave a result (runbooks/directory.py): then an attempt happens at most once, whatever crashes.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import plugins
from bot.ports import Executor, Http, Tasks
from bot.secrets import Masker
from runbooks.directory import Directory

_ACTION = ("id", "changes", "timeout", "idempotent", "retries", "verify", "rollback", "rollback_reason")
RESERVED = frozenset((*_ACTION, "on_failure", "answer", "kind", "attempts", "wait"))
"""Keys that stand beside an executor's name in an action, its check or its way back: none of them names an executor."""


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
    return plugins.classes(path or __path__, package, _lacks)


def _lacks(made: Any) -> str:
    if made.name in RESERVED:
        return f"{made.name!r} is a key of actions; give it another name"
    acts = all(inspect.iscoroutinefunction(vars(made).get(method)) for method in ("start", "poll", "stop"))
    if acts and isinstance(inspect.getattr_static(made, "keys", None), staticmethod):
        return ""
    return "async start, poll, stop and a static keys are expected"
