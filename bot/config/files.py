"""The files of the configuration folder, opened as places."""

import hashlib
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.config.spot import Page, Spot, did_you_mean
from bot.errors import ConfigError
from bot.yaml_nodes import TooDeep, compose

NAMES = ("tocsin.yaml", "services.yaml", "routes.yaml", "policy.yaml", "oncall.yaml")
LARGEST = 1024 * 1024


Content = bytes | str | None
"""What was found in a file's place: its bytes, None where there is none; or why they cannot be had."""


def content(folder: Path, name: str) -> Content:
    """What stands in a file now."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or "?"


def opened(folder: Path, name: str, found: Content) -> Spot:
    """A file as a place; one that is not there is an empty place, one that cannot be read has its problem noted."""
    page = Page(str(folder / name))
    if isinstance(found, str):
        page.problems.append(ConfigError(f"{page.file}:1", f"cannot be read: {found}"))
        return Spot(page, None)
    if found is None:
        return Spot(page, None)
    page.sha = hashlib.sha256(found).hexdigest()
    return _parsed(page, found)


def _parsed(page: Page, raw: bytes) -> Spot:
    line, what = 1, ""
    try:
        if len(raw) > LARGEST:
            raise YAMLError(f"the file is larger than {LARGEST} bytes")
        return Spot(page, compose(raw.decode("utf-8-sig")))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"this is not YAML: {error.problem}"
    except (YAMLError, UnicodeDecodeError) as error:
        what = f"this is not YAML: {' '.join(str(error).split())}"
    except TooDeep as error:
        line, what = error.line + 1, "this is nested too deeply"
    page.problems.append(ConfigError(f"{page.file}:{line}", what))
    return Spot(page, None)


def strangers(folder: Path) -> list[str]:
    """Warnings about YAML files in the folder that nobody reads, such as policy.yml."""
    found = sorted(file for file in folder.glob("*") if file.suffix in (".yaml", ".yml") and file.name not in NAMES)
    return [f"{file}:1: this file is not read{did_you_mean(file.name, NAMES)}" for file in found]
