"""Ways to wake a person: one file each, found by folder.

A file `x.py` holds one class with `name = "x"`, `TRIED` and the rest of the Notifier port; it is made with Tools. Its set-up
stands in tocsin.yaml under `integrations: {x: {enabled, url, secret}}`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import plugins
from bot.domain.organisation import Integration
from bot.ports import Http, Notifier

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
    return plugins.classes(path or __path__, package, _lacks)


def _lacks(made: Any) -> str:
    sends = inspect.iscoroutinefunction(vars(made).get("send"))
    whole = sends and all(hasattr(made, part) for part in CONTRACT)
    return "" if whole else "rings, schemes and an async send are expected"
