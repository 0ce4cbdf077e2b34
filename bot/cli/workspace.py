"""`tocsin workspace`: the local Slack workspace."""

import click


@click.command("workspace")
@click.option("--port", default=8090, show_default=True, help="Where the page and the Web API listen.")
@click.option("--person", "people", multiple=True, help="Name of a person (repeat). Default: Ana, Ben and Li.")
@click.option(
    "--events-url",
    default="",
    help="Call the bot there over HTTP, e.g. http://127.0.0.1:8080/slack/events. Default: the bot connects (Socket Mode).",
)
def command(port: int, people: tuple[str, ...], events_url: str) -> None:
    """Run the local Slack workspace. It forgets everything when it ends."""
    import asyncio

    from bot.cli import tongue
    from bot.demo.place import run_workspace

    if events_url and not events_url.startswith(("http://", "https://")):
        raise click.UsageError("--events-url must begin with http:// or https://")
    tongue.take()
    asyncio.run(run_workspace(port, people, events_url))
