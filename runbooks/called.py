"""The process around one function: imports it, calls it with named values, and ends as it ended.

    python -I -S called.py FOLDER

FOLDER/order.json holds {call, with, path}. What the function prints and returns is the output (a text as it is, anything else
as JSON); the exit code is 0, 1 after an exception or if it returned False, or what it gave to `sys.exit`. Standard library only.
"""

import asyncio
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> int:
    """Call it. Any exception is the function's own, and its traceback becomes the output."""
    order = json.loads((folder / "order.json").read_bytes())
    sys.path[:] = order["path"]
    module, _, name = order["call"].partition(":")
    value = _done(getattr(importlib.import_module(module), name)(**order["with"]))
    if value is not None and not isinstance(value, bool):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        sys.stdout.write(text + "\n")
    return 1 if value is False else 0


def _done(value: Any) -> Any:
    """What was only promised is done: a function that has not run must not look like one that has succeeded."""
    if inspect.isgenerator(value) or inspect.isasyncgen(value):
        raise TypeError("the function yields: it has to do its work and return")
    return asyncio.run(value) if inspect.iscoroutine(value) else value


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
