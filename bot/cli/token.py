"""`tocsin token`: personal tokens, made and revoked beside the running bot."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from storage.store import SqlStore

T = TypeVar("T")


@click.group("token")
def command() -> None:
    """Personal tokens: by them people act through the API, also while Slack is away."""


@command.command()
@click.argument("person")
def new(person: str) -> None:
    """Make a token for PERSON (a name, or a Slack id) and print it, once. Who has it may do what that person may do."""
    from bot import config
    from bot.clock import RandomIds
    from bot.flows import tokens
    from bot.settings import read

    oncall = config.load(read().config_dir)[0].oncall
    token, who = _with(lambda store: tokens.make(store, RandomIds(), oncall, person))
    click.echo(f"A token of {who.name} ({who.id}). It is shown this once; give it to nobody else:", err=True)
    click.echo(token)


@command.command()
@click.argument("person")
@click.pass_context
def create(context: click.Context, person: str) -> None:
    """The same as `new`."""
    context.invoke(new, person=person)


@command.command("list")
def list_() -> None:
    """The tokens there are: id, person, since when, whether revoked."""
    from bot.text import PlainShow, When

    async def found(store: "SqlStore") -> list[str]:
        async with store.read() as reads:
            people = await reads.people()
            rows = await reads.tokens()
        show = PlainShow()
        return [
            f"{row.id}  {people[row.person].name if row.person in people else row.person}"
            f"  {row.scope}  made {show.when(When(row.made_at, 'full'))}"
            + (f"  revoked {show.when(When(row.ended_at, 'full'))}" if row.ended_at is not None else "")
            for row in rows
        ]

    click.echo("\n".join(_with(found)) or "There is no token. `tocsin token new ana` makes one.")


@command.command()
@click.argument("token")
def revoke(token: str) -> None:
    """From now on TOKEN (its id from the list, or all of it) opens nothing."""
    from bot.flows import tokens

    ended = _with(lambda store: tokens.revoke(store, token))
    click.echo(f"The token {ended.id} is revoked.")


def _with(work: "Callable[[SqlStore], Awaitable[T]]") -> T:
    """Do it on the database that the settings name, whether the bot runs or not."""
    import asyncio

    from bot.clock import RandomIds, SystemClock
    from bot.settings import read
    from storage.opening import open_store

    async def run() -> T:
        store = await open_store(read().database_url, SystemClock(), RandomIds(), beside=True)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())
