"""`tocsin incident`: read incidents, also beside a running bot."""

import click


@click.group("incident")
def command() -> None:
    """Read incidents."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Ended ones, too.")
def list_(everything: bool) -> None:
    """The incidents, newest first."""
    import asyncio

    from bot.cli.reader import reader

    async def run() -> None:
        async with reader() as read:
            click.echo(await read.incidents(not everything))

    asyncio.run(run())


@command.command()
@click.argument("number", type=int)
def show(number: int) -> None:
    """One incident: its numbers and its timeline."""
    import asyncio

    from bot.cli.reader import reader

    async def run() -> None:
        async with reader() as read:
            click.echo(await read.incident(number))

    asyncio.run(run())
