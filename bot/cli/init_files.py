"""What `tocsin init` writes: four small files and the manifest, each only where nothing is yet."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StartError

ENV = "tocsin.env"
APP = "slack-app.json"
LOAD = f"set -a; . ./{ENV}; set +a"
"""How a shell takes the settings."""


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is called. slack: their member ID, "" if nobody said; pager: where they are rung, "" if nobody said."""

    name: str
    slack: str
    pager: str = ""

    @property
    def variable(self) -> str:
        """The name under which the environment knows the address."""
        return f"{self.name.upper()}_PAGER"


def tocsin_yaml(language: str, channel: str) -> str:
    return (
        "# docs/configuration.md says what else may stand here; `tocsin check` reads it.\n"
        f"language: {language}\n"
        f'announce_channel: "#{channel}"  # made if it is not there\n'
    )


def services_yaml(names: tuple[str, ...], owned: bool) -> str:
    """owned: there is a rota `default`."""
    owner = ", owner: default" if owned else ""
    lines = [f"  - {{id: {json.dumps(name)}{owner}}}" for name in names]
    about = "# The label `service` of an alert names one of these. owner: who is called, a rota of oncall.yaml.\n"
    return about + "\n".join(["services:", *lines]) + "\n"


def oncall_yaml(people: tuple[Called, ...]) -> str:
    lines = [
        "# Who is called. Addresses are secrets, so only their names stand here: the values are in the environment.",
        "people:",
        *(
            f"  {json.dumps(one.name)}: {{slack: {json.dumps(one.slack)}, notify: [env:{one.variable}]}}"
            for one in people
        ),
        "schedules:",
        f"  - {{id: default, people: {json.dumps([one.name for one in people])}}}   # the first is called first",
    ]
    return "\n".join(lines) + "\n"


def env_file(values: Mapping[str, str]) -> str:
    """Name → value, "" for what is still to be filled in. Values have no quotes in them: init_words sees to it."""
    lines = [
        "# Settings and secrets of Tocsin. Keep it out of every repository; only its owner may read it (0600).",
        f"# In a shell: {LOAD}      For systemd: EnvironmentFile=",
        *(f"{name}={shlex.quote(value) if value else ''}" for name, value in values.items()),
    ]
    return "\n".join(lines) + "\n"


def write(path: Path, text: str, mode: int = 0o666) -> str:
    """Write a new file and say so; what is there stays, and it is said if it differs. StartError if it cannot be written."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        if error.filename != str(path):
            raise StartError(f"{path} cannot be written: {error.filename} is no folder.") from error
        same = path.is_file() and path.read_text("utf-8", "replace") == text
        return f"kept     {path}" + (
            "" if same else ", which says something else than it would now: remove it to get it anew"
        )
    except OSError as error:
        raise StartError(f"{path} cannot be written: {error.strerror}.") from error
    return f"written  {path}"
