"""Where the demo happens: the local workspace with its people, as a program of its own or inside the story."""

import asyncio
import signal

import click

from bot.clock import RandomIds, SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Hint, Person, Workspace
from commands import registry

PEOPLE = (
    Person("U0ANA", "ana", "Ana Silva", tz="Europe/Lisbon"),
    Person("U0BEN", "ben", "Ben Okafor", tz="Europe/London"),
    Person("U0LI", "li", "Li Wei", tz="Asia/Shanghai"),
)


def hints() -> list[Hint]:
    """What the page offers behind the slash command: every verb with its example."""
    return [Hint(f"{verb.name} ", verb.usage) for verb in registry.load().values()]


def workspace(port: int = 0, people: tuple[Person, ...] = PEOPLE) -> Workspace:
    """The local workspace with Tocsin's manifest."""
    return Workspace(manifest(), people, SystemClock(), RandomIds(), hints(), port=port, control=True)


async def run_workspace(port: int, names: tuple[str, ...]) -> None:
    """`tocsin workspace`: run until a signal; print what the bot needs to connect."""
    people = tuple(Person(f"U0{name.upper()}", name.lower(), name.capitalize()) for name in names) or PEOPLE
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with workspace(port, people) as place:
        place.add_channel("general", *(person.id for person in people))
        click.echo(f"The local workspace is at {place.url} and forgets everything when it ends. For the bot:\n")
        click.echo(f"export SLACK_API_URL={place.api_url}")
        click.echo(f"export SLACK_BOT_TOKEN={place.bot_token}")
        click.echo(f"export SLACK_APP_TOKEN={place.app_token}")
        click.echo(f"export SLACK_SIGNING_SECRET={place.signing_secret}")
        await stop.wait()
