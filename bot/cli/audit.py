"""`tocsin audit`: prove that what was recorded is what is there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storage.chain import Broken

WHY = {
    "order": "event {seq} is missing, or stands elsewhere",
    "prev": "event {seq} does not follow the one before it",
    "hash": "event {seq} was changed",
    "body": "the words of event {seq} were changed",
    "head": "the events from {seq} on are missing, or the record of where the stream ends was changed",
    "gone": "nothing is left of it",
}


@click.group("audit")
def command() -> None:
    """Prove that what was recorded is what is there."""


@command.command()
@click.argument("pack", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--posted", multiple=True, metavar="'INC-42 57 HASH'", help="What was posted or logged then must be there."
)
def verify(pack: Path | None, posted: tuple[str, ...]) -> None:
    """Verify the chain of events of every incident and of the organisation, also beside a running bot.

    PACK is an audit pack (`tocsin incident export`), which is verified without a database. Names the first bad event of every
    chain that does not verify; the exit code is then 1.
    """
    import asyncio
    import sys

    from bot.cli.verifying import of_database, of_pack, places

    wanted = places(posted)
    good, lines = of_pack(pack, wanted) if pack else asyncio.run(of_database(wanted))
    click.echo("\n".join(lines))
    sys.exit(0 if good else 1)


def sentence(wrong: "Broken") -> str:
    """`INC-3: event 5 was changed.`"""
    name = f"INC-{wrong.stream.removeprefix('inc:')}" if wrong.stream.startswith("inc:") else wrong.stream
    return f"{name}: {WHY[wrong.why].format(seq=wrong.seq)}."
