"""`tocsin serve`: run the bot until it is told to stop."""

import click


@click.command("serve")
def command() -> None:
    """Run the bot. Settings come from the environment (docs/configuration.md)."""
    import asyncio
    import gc

    gc.disable()  # until it runs: loading makes no rubbish, and looking for it took a seventh of the start
    from bot.life import serve
    from bot.settings import read

    asyncio.run(serve(read()))
