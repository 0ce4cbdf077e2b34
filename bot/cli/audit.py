"""`tocsin audit`: prove that what was recorded is what is there."""

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
def verify() -> None:
    """Verify the chain of events of every incident and of the organisation, also beside a running bot.

    Names the first bad event of every chain that does not verify; the exit code is then 1.
    """
    import asyncio
    import sys

    from bot.clock import RandomIds, SystemClock
    from bot.settings import read
    from storage.audit import Verified, verified
    from storage.opening import open_store

    async def run() -> Verified:
        store = await open_store(read().database_url, SystemClock(), RandomIds(), write=False)
        try:
            return await verified(store)
        finally:
            await store.close()

    found = asyncio.run(run())
    for wrong in found.broken:
        click.echo(sentence(wrong))
    whole = found.streams - len(found.broken)
    left = f", {found.wordless} of them without their words" if found.wordless else ""
    click.echo(f"{whole} of {found.streams} chains verify ({found.events} events{left}).")
    sys.exit(1 if found.broken else 0)


def sentence(wrong: "Broken") -> str:
    """`INC-3: event 5 was changed.`"""
    name = f"INC-{wrong.stream.removeprefix('inc:')}" if wrong.stream.startswith("inc:") else wrong.stream
    return f"{name}: {WHY[wrong.why].format(seq=wrong.seq)}."
