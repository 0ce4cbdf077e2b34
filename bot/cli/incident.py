"""`tocsin incident`: read incidents, also beside a running bot."""

from pathlib import Path

import click

from bot.cli.numbers import IncidentNumber


@click.group("incident")
def command() -> None:
    """Read and export incidents."""


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
@click.argument("number", metavar="INC-42", type=IncidentNumber())
@click.option("--transcript", is_flag=True, help="What people wrote in its channel instead, as far as it is kept.")
def show(number: int, transcript: bool) -> None:
    """One incident: its numbers and its timeline."""
    import asyncio

    from bot.cli.reader import reader

    async def run() -> None:
        async with reader() as read:
            click.echo(await (read.transcript(number) if transcript else read.incident(number)))

    asyncio.run(run())


@command.command()
@click.argument("number", metavar="INC-42", type=IncidentNumber())
@click.option("--pack", is_flag=True, required=True, help="An audit pack: one zip that proves itself.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file; else INC-42.zip here.")
def export(number: int, pack: bool, out: Path | None) -> None:
    """Write all of an incident (INC-42) to a file: events, timeline, approvals, plan and policy texts, outputs, transcript."""
    import asyncio

    from bot.cli.pack_proof import proved
    from bot.cli.reader import reader

    target = out or Path(f"INC-{number}.zip")

    async def run() -> bytes:
        async with reader() as read:
            return await read.pack(number)

    made = asyncio.run(run())
    try:
        with target.open("xb") as file:
            file.write(made)
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}") from error
    proof = proved(made)
    told = (
        "proves it"
        if not proof.wrong and not any(chain.wrong for chain in proof.chains.values())
        else "says what is wrong"
    )
    click.echo(f"{target}: {len(made)} bytes. `tocsin audit verify {target}` {told}.")
    for line in (*proof.wrong, *proof.absent):
        click.echo(line, err=True)
