"""The five YAML files of the configuration folder → one `Organisation`. All are optional; without them the defaults hold."""

from itertools import chain
from pathlib import Path

from bot.config import files, oncall, policy, routes, services, tocsin
from bot.domain.organisation import Organisation
from bot.errors import ConfigError


def load(folder: Path) -> tuple[Organisation, tuple[str, ...]]:
    """The organisation, and warnings as `file:line: …`. ConfigError says everything that is wrong, in all files."""
    if not folder.is_dir():
        return _without_files(folder)
    spots = {name: files.opened(folder, name) for name in files.NAMES}
    organisation = tocsin.read(
        spots["tocsin.yaml"],
        Organisation(
            policy=policy.read(spots["policy.yaml"]),
            services=services.read(spots["services.yaml"]),
            routes=routes.read(spots["routes.yaml"]),
            oncall=oncall.read(spots["oncall.yaml"]),
        ),
    )
    problems = list(chain.from_iterable(spot.problems() for spot in spots.values()))
    if problems:
        raise ConfigError(problems[0].where, problems[0].what, problems[1:])
    warnings = chain.from_iterable(spot.page.warnings for spot in spots.values())
    return organisation, (*warnings, *files.strangers(folder))


def _without_files(folder: Path) -> tuple[Organisation, tuple[str, ...]]:
    return Organisation(), (f"{folder}: there is no such folder, so the defaults hold",)
