"""`tocsin demo`: the story, then a page to click in."""

import click


@click.command("demo")
@click.option("--exit", "leave", is_flag=True, help="End after the story; the exit code tells whether it went well.")
def command(leave: bool) -> None:
    """The story from an alert to the numbers, on this machine, against a local Slack workspace."""
    import asyncio
    from contextlib import suppress

    from bot.demo.story import play

    with suppress(KeyboardInterrupt):
        asyncio.run(play(stay=not leave))
