"""`tocsin workspace`: the local Slack workspace."""

import click


@click.command("workspace")
@click.option("--port", default=8090, show_default=True, help="Where the page and the Web API listen.")
@click.option("--person", "people", multiple=True, help="Name of a person (repeat). Default: Ana, Ben and Li.")
def command(port: int, people: tuple[str, ...]) -> None:
    """Run the local Slack workspace. It forgets everything when it ends."""
    import asyncio

    from bot.demo.place import run_workspace

    asyncio.run(run_workspace(port, people))
