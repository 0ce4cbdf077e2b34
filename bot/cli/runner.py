"""`tocsin runner`: start programs and functions for the bot, without its secrets."""

from pathlib import Path

import click


@click.command("runner")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    envvar="TOCSIN_RUNNER_DIR",
    default="runner",
    show_default=True,
    help="The bot's runner directory.",
)
def command(folder: Path) -> None:
    """Start what the bot runs (its TOCSIN_RUNNER is `unit`), until told to stop; what was begun goes on.

    It needs TOCSIN_RUNNER_DIR and nothing else, and does not begin where a setting of the bot's tells it a secret.
    """
    import os
    import signal
    import sys
    from contextlib import closing

    from bot.errors import StartError
    from bot.settings import private
    from runbooks.unit import Unit, secrets_in

    told = secrets_in(dict(os.environ), private())
    if told:
        raise StartError(f"the runner must not know {', '.join(told)}: leave it out of its environment")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
    with closing(Unit(folder)) as unit:
        click.echo(f"the runner of {folder.absolute()} waits for the bot")
        unit.serve()
