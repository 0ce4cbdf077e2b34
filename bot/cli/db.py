"""`tocsin db`: look after the database."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storage.backup import Contents
    from storage.chain import Broken


@click.group("db")
def command() -> None:
    """Look after the database that TOCSIN_DATABASE_URL names."""


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


@command.command()
@click.argument("source")
@click.argument("target")
@click.option("--anyway", is_flag=True, help="Also if a chain of events does not verify; it is copied as it is.")
def copy(source: str, target: str, anyway: bool) -> None:
    """Copy everything from SOURCE to the empty TARGET (`sqlite:///path` or `postgresql://…`), and compare.

    Nobody may use either of them meanwhile. A copy that was interrupted cannot be opened; run the same again.
    """
    import asyncio

    from bot.clock import RandomIds, SystemClock
    from storage import copy as copying

    copied = asyncio.run(copying.copy(source, target, SystemClock(), RandomIds(), anyway=anyway))
    for table, rows in copied.rows.items():
        if rows:
            click.echo(f"{rows:>10}  {table}")
    _tell_broken(copied.broken)
    click.echo("The copy is like its source, row by row. Set TOCSIN_DATABASE_URL to it.")
    click.echo(
        "Copies of evidence are files, not rows: they stay where they are. Set TOCSIN_EVIDENCE_DIR to their folder (beside a"
        " SQLite database it is `evidence`), or copy it."
    )


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the SQLite database, as it is at this moment, to the new FILE; the bot may be running.

    Copies of the evidence go into the folder FILE.evidence.
    """
    from bot.settings import read
    from storage import backup as backups

    settings = read()
    path = _path(settings.database_url, f'pg_dump --format=custom --file={file} "$TOCSIN_DATABASE_URL"')
    found = backups.backup(path, file)
    click.echo(f"{file}: {_contents(found)}")
    _copy_evidence(settings.evidence, _evidence_of(file))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--anyway", is_flag=True, help="Also if a chain of events does not verify.")
def restore(file: Path, anyway: bool) -> None:
    """Put the backup FILE in the place of the SQLite database, which is kept beside it. Stop the bot first.

    Evidence that is missing comes back from the folder FILE.evidence.
    """
    import asyncio

    from bot.clock import RandomIds, SystemClock
    from bot.settings import read
    from storage import backup as backups

    settings = read()
    path = _path(
        settings.database_url,
        f'stop every Tocsin, then pg_restore --clean --if-exists --dbname="$TOCSIN_DATABASE_URL" {file}',
    )
    found, aside = asyncio.run(backups.restore(file, path, SystemClock(), RandomIds(), anyway))
    click.echo(f"{path} is {file} now: {_contents(found)}")
    if aside:
        click.echo(f"The old database is {aside}.")
    _copy_evidence(_evidence_of(file), settings.evidence)


@command.command()
def rebuild() -> None:
    """Make what follows from the events anew (states, numbers, who may see what), and say what differed.

    The exit code is 1 if a chain of events does not verify; such an incident is left as it is.
    """
    import asyncio
    import sys

    from bot.clock import RandomIds, SystemClock
    from bot.settings import read
    from storage.opening import open_store
    from storage.rebuild import Rebuilt
    from storage.rebuild import rebuild as rebuilding

    async def run() -> Rebuilt:
        store = await open_store(read().database_url, SystemClock(), RandomIds())
        try:
            return await rebuilding(store)
        finally:
            await store.close()

    found = asyncio.run(run())
    for difference in found.differences:
        click.echo(f"INC-{difference.number}: made anew: {', '.join(difference.what)}")
    _tell_broken(found.broken)
    click.echo(f"{found.incidents} incidents, {len(found.differences)} differed.")
    sys.exit(1 if found.broken else 0)


def _evidence_of(file: Path) -> Path:
    """Where the evidence of a backup is."""
    return file.with_name(f"{file.name}.evidence")


def _copy_evidence(source: Path, target: Path) -> None:
    """What is missing there is copied. StartError: the database is in its place, and this is not."""
    from bot.errors import StartError
    from storage.evidence import copied

    try:
        count = copied(source, target)
    except OSError as error:
        raise StartError(f"The evidence could not be copied from {source} to {target}: {error}.") from error
    if count:
        click.echo(f"{target}: {count} {'file' if count == 1 else 'files'} of evidence.")


def _tell_broken(broken: "tuple[Broken, ...]") -> None:
    from bot.cli.audit import sentence

    for wrong in broken:
        click.echo(sentence(wrong), err=True)


def _path(url: str, instead: str) -> Path:
    """The file of an SQLite database. StartError for PostgreSQL says the command of its own to use."""
    from bot.errors import StartError

    if not url.startswith("sqlite:///"):
        raise StartError(f"PostgreSQL brings its own tool for this: {instead}")
    return Path(url.removeprefix("sqlite:///"))


def _contents(found: "Contents") -> str:
    return f"{found.incidents} incidents, {found.events} events, schema {found.schema}, {found.size / 2**20:.1f} MiB."
