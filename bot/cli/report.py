"""`tocsin report`: the numbers of a period."""

import click


@click.command("report")
@click.option("--days", default=30, show_default=True, help="The period that ends now.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(days: int, form: str) -> None:
    """The numbers of a period, each with what it rests on and what is missing."""
    import asyncio

    from bot.cli.reader import reader
    from bot.domain.terms import DAY

    async def run() -> None:
        async with reader() as read:
            click.echo(await read.report(days * DAY, form))

    asyncio.run(run())
