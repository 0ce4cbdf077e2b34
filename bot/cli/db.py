"""`tocsin db`: look after the database."""

import click


@click.group("db")
def command() -> None:
    """Look after the database."""


@command.command()
def upgrade() -> None:
    """Bring the schema up to date. `serve` does it by itself; this does only that."""
    import asyncio

    from bot.clock import RandomIds, SystemClock
    from bot.settings import read
    from storage.opening import open_store

    async def run() -> None:
        store = await open_store(read().database_url, SystemClock(), RandomIds())
        await store.close()

    asyncio.run(run())
    click.echo("The database is up to date.")
