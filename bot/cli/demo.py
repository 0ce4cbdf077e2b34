"""`tocsin demo`: the story, then a page to click in."""

from pathlib import Path

import click


@click.command("demo")
@click.option("--exit", "leave", is_flag=True, help="End after the story; the exit code tells whether it went well.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep database and configuration in this folder, which must be empty or not be there.",
)
def command(leave: bool, keep: Path | None) -> None:
    """The story from an alert to the numbers, on this machine, against a local Slack workspace."""
    import asyncio
    from contextlib import suppress

    from bot.demo.story import play

    with suppress(KeyboardInterrupt):
        asyncio.run(play(stay=not leave, keep=keep))
