"""What `tocsin check` finds about the unit of systemd in which programs are begun: whether its end would end them, too."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.cli.findings import WARNING, Finding
from bot.settings import Settings
from runbooks.unit_of import ENDS_ALL, PROC, kill_mode, runner_pid, unit_of
from storage.pidlock import holder

SQLITE = "sqlite:///"


def of_unit(settings: Settings, proc: Path = PROC, asked: Callable[[str], str] = kill_mode) -> Iterator[Finding]:
    """As far as it can be known: of a bot or runner that runs now, or of this process itself. asked: unit → its KillMode."""
    pid = _whoever_begins(settings)
    unit = unit_of(pid, proc) if pid is not None else ""
    mode = asked(unit) if unit else ""
    if mode in ENDS_ALL:
        said = f"KillMode={mode} of {unit}: its stop ends every program that it has begun, and nobody knows what became of it"
        yield Finding(WARNING, "runner", said, f"KillMode=process in {unit} (docs/operating.md), or TOCSIN_RUNNER=unit")


def _whoever_begins(settings: Settings) -> int | None:
    """The process whose children the shims are; None if it does not run now, or this machine cannot say."""
    if settings.runner == "unit":
        return runner_pid(settings.runner_dir)
    url = settings.database_url
    return holder(Path(url.removeprefix(SQLITE) + ".lock")) if url.startswith(SQLITE) else None
