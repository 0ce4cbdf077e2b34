"""What `tocsin check` finds about the env file that `tocsin init` wrote: whether this process knows what stands there."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.cli.findings import PROBLEM, WARNING, Finding
from bot.cli.init_files import ENV, LOAD

SET = re.compile(r"^(?:export )?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def of_env_file(path: Path = Path(ENV)) -> Iterator[Finding]:
    """What stands in it and not in the environment, what nobody filled in, and who else could read it."""
    try:
        found = SET.findall(path.read_text("utf-8", "replace"))
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    unknown = [name for name, value in found if value.strip("'\"") and not os.environ.get(name)]
    if unknown:
        yield Finding(WARNING, "settings", f"{path} is not loaded: it sets {', '.join(unknown)}", LOAD)
    if mode & 0o077:
        said = f"others on this machine may read {path}, which holds secrets"
        yield Finding(PROBLEM, "settings", said, f"chmod 600 {path}")
