"""The log of a run: what the program calls an error must be a trouble that the run made."""

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from bot.errors import ChatError, StoreAway
from tests.dying import Died

MADE = (StoreAway, ChatError, Died)
"""What the run itself brings about."""


class Ears(logging.Handler):
    """wrong: errors that nobody made."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def __call__(self, logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """As a processor of structlog: hears everything, writes nothing."""
        error = event.get("exc_info")
        if isinstance(error, BaseException) and not isinstance(error, MADE):
            self.wrong.append(f"{event['event']} ({event.get('key') or event.get('what')}): {error!r}")
        raise structlog.DropEvent

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, MADE):
            self.wrong.append(f"{record.getMessage()}: {error!r}")


@contextmanager
def listening() -> Iterator[Ears]:
    """Instead of the log, while the block runs."""
    ears, before = Ears(), structlog.get_config()
    handlers = logging.root.handlers[:]
    structlog.configure(processors=[ears], wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.root.handlers[:] = [ears]
    try:
        yield ears
    finally:
        structlog.configure(**before)
        logging.root.handlers[:] = handlers
