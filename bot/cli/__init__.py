"""The command line: one file per group of subcommands, imported only when it is used, so that `--help` is quick."""

import importlib
import sys
from collections.abc import Sequence

import click

from bot.errors import TocsinError, UserError
from bot.text import PlainShow, render

FILES = {
    "demo": "The story from an alert to the numbers, on this machine, in two minutes.",
    "init": "Write the first configuration, and say what to click in Slack.",
    "serve": "Run the bot.",
    "runner": "Start what the bot runs, in a unit of its own.",
    "workspace": "Run the local Slack workspace.",
    "check": "Say what is not ready, and what to do about it.",
    "db": "Look after the database.",
    "token": "Personal tokens, by which people act while Slack is away.",
    "slack": "Connect Slack.",
    "plan": "Check and read emergency plans.",
    "report": "The numbers of a period.",
    "incident": "Read incidents.",
    "audit": "Prove that what was recorded is what is there.",
}
"""Subcommand → what it is for; each lives in a file of its name."""


class Lazy(click.Group):
    """A group whose subcommands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(FILES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in FILES:
            return None
        command: click.Command = importlib.import_module(f"bot.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(FILES.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tocsin")
def cli() -> None:
    """Tocsin: the bell that calls people together."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (arguments: those of the process); an error of ours is one sentence, never a traceback."""
    try:
        cli(arguments, prog_name="tocsin")
    except TocsinError as error:
        click.echo(f"tocsin: {_sentence(error)}", err=True)
        sys.exit(1)


def _sentence(error: TocsinError) -> str:
    return render(error.sentence, PlainShow()) if isinstance(error, UserError) else str(error)
