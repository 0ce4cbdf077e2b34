"""The five YAML files of the configuration folder → one `Organisation`. All are optional; without them the defaults hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bot.config import files, oncall, policy, routes, services, tocsin
from bot.config.files import Content
from bot.config.spot import Spot
from bot.domain.organisation import Organisation
from bot.errors import ConfigError

Contents = Mapping[str, Content]
"""Name of each file → what stands in it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the files say together. problems: by file, of those that cannot be used, each by line; they count as empty here."""

    organisation: Organisation
    problems: Mapping[str, tuple[ConfigError, ...]]
    warnings: tuple[str, ...]


def load(folder: Path) -> tuple[Organisation, tuple[str, ...]]:
    """The organisation, and warnings as `file:line: …`. ConfigError says everything that is wrong, in all files."""
    if not folder.is_dir():
        return Organisation(), (f"{folder}: there is no such folder, so the defaults hold",)
    found = reading(folder, contents(folder))
    problems = list(chain.from_iterable(found.problems.values()))
    if problems:
        raise ConfigError(problems[0].where, problems[0].what, problems[1:])
    return found.organisation, (*found.warnings, *files.strangers(folder))


def contents(folder: Path) -> Contents:
    """What stands in the files now."""
    return {name: files.content(folder, name) for name in files.NAMES}


def reading(folder: Path, found: Contents) -> Reading:
    """The meaning of what was found in the files."""
    spots = {name: files.opened(folder, name, found[name]) for name in files.NAMES}
    organisation = _organisation(spots)
    problems = {name: tuple(told) for name, spot in spots.items() if (told := spot.problems())}
    return Reading(organisation, problems, tuple(chain.from_iterable(spot.page.warnings for spot in spots.values())))


def _organisation(spots: Mapping[str, Spot]) -> Organisation:
    return tocsin.read(
        spots["tocsin.yaml"],
        Organisation(
            policy=policy.read(spots["policy.yaml"]),
            services=services.read(spots["services.yaml"]),
            routes=routes.read(spots["routes.yaml"]),
            oncall=oncall.read(spots["oncall.yaml"]),
        ),
    )
