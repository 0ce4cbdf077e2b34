"""Where the demo happens: the local workspace with its people, as a program of its own or inside the story."""

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import click
from pydantic import SecretStr

from bot.clock import RandomIds, SystemClock
from bot.errors import StartError
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.text import PlainShow, render
from bot.workspace import Hint, Person, Workspace
from commands import registry

PEOPLE = (
    Person("U0ANA", "ana", "Ana Silva", tz="Europe/Lisbon"),
    Person("U0BEN", "ben", "Ben Okafor", tz="Europe/London"),
    Person("U0LI", "li", "Li Wei", tz="Asia/Shanghai"),
)


def hints() -> list[Hint]:
    """What the page offers behind the slash command: every verb, how it is used, what it does."""
    return [
        Hint(f"{verb.name} ", f"{verb.usage} — {render(verb.about, PlainShow())}") for verb in registry.load().values()
    ]


def workspace(port: int = 0, people: tuple[Person, ...] = PEOPLE, url: str = "") -> Workspace:
    """The local workspace with Tocsin's manifest. url: where the bot is called over HTTP; "" for Socket Mode."""
    return Workspace(manifest(url=url), people, SystemClock(), RandomIds(), hints(), port=port, control=True)


async def run_workspace(port: int, names: tuple[str, ...], url: str = "") -> None:
    """`tocsin workspace`: run until a signal; print what the bot needs. url: where the bot is called over HTTP, else "" ."""
    people = tuple(Person(f"U0{name.upper()}", name.lower(), name.capitalize()) for name in names) or PEOPLE
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        try:
            place = await stack.enter_async_context(workspace(port, people, url))
        except OSError as error:
            taken = f"The workspace cannot listen on port {port}: {error.strerror or error}. Name another: --port 8091."
            raise StartError(taken) from error
        place.add_channel("general", *(person.id for person in people))
        click.echo(f"The local workspace is at {place.url} and forgets everything when it ends. For the bot:\n")
        click.echo(f"export SLACK_API_URL={place.api_url}")
        click.echo(f"export SLACK_BOT_TOKEN={place.bot_token}")
        if url:
            click.echo(f"export SLACK_SIGNING_SECRET={place.signing_secret}")
            click.echo("unset SLACK_APP_TOKEN  # with it, the bot would wait for us in Socket Mode")
        else:
            click.echo(f"export SLACK_APP_TOKEN={place.app_token}")
        await stop.wait()


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Where the demo keeps its files: a folder that is gone afterwards, or `keep`, which is empty or not there yet. StartError."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as name:
            yield Path(name)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"The folder {keep} cannot be made: {error.strerror}.") from error
    if any(keep.iterdir()):
        raise StartError(f"{keep} is not empty. Name a folder that is not there yet.")
    yield keep
    click.echo(f"\nKept in {keep}. To read it:\n")
    click.echo(f"export TOCSIN_DATABASE_URL=sqlite:///{keep}/tocsin.db TOCSIN_CONFIG_DIR={keep}/config")
    click.echo("tocsin incident show 1; tocsin report")


def write_config(folder: Path, programs: Path, host: str) -> Path:
    """The demo's configuration in `folder/config`, with the absolute paths of this machine filled in."""
    target = folder / "config"
    source = files("bot.demo") / "config"
    with as_file(source) as shipped:
        for path in sorted(shipped.rglob("*.*")):
            text = path.read_text(encoding="utf-8").replace("@PROGRAMS@", str(programs)).replace("@HOST@", host)
            to = target / path.relative_to(shipped)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text, encoding="utf-8")
    return target


def settings(folder: Path, place: Workspace) -> Settings:
    """The bot's settings for a demo: everything in one folder, against the local workspace, on a free port."""
    return Settings(
        database_url=f"sqlite:///{folder / 'tocsin.db'}",
        http_host="127.0.0.1",
        http_port=0,
        command="/tocsin",  # the story types it
        config_dir=folder / "config",
        runner_dir=folder / "runner",
        slack_bot_token=SecretStr(place.bot_token),
        slack_app_token=SecretStr(place.app_token),
        slack_api_url=place.api_url,
        alert_token=SecretStr(""),
        api_token=SecretStr(""),
        log_level="error",
    )
