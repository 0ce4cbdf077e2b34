"""`tocsin slack`: connect Slack."""

import click
from click.core import ParameterSource


@click.group("slack")
def command() -> None:
    """Connect Slack."""


@command.command()
@click.option(
    "--mode",
    type=click.Choice(["socket", "http"]),
    help="How they meet; socket, unless --url says where Slack reaches Tocsin.",
)
@click.option("--url", envvar="TOCSIN_PUBLIC_URL", help="Where Slack can reach Tocsin over HTTP: https://…")
@click.pass_context
def manifest(context: click.Context, mode: str | None, url: str | None) -> None:
    """Print the app manifest: paste it at api.slack.com → Create New App → From a manifest.

    It is in the language of TOCSIN_LANGUAGE or tocsin.yaml, with the command of TOCSIN_COMMAND.
    By Socket Mode Tocsin opens the connection; over HTTP Slack calls it at its address.
    """
    import json

    from bot.cli import tongue
    from bot.slack.manifest import manifest as made

    given = context.get_parameter_source("url") is ParameterSource.COMMANDLINE
    if mode == "socket" and given:
        raise click.UsageError("Over Socket Mode Slack is told no address: --mode http, or no --url.")
    over_http = mode == "http" or given
    if over_http and not (url or "").startswith("https://"):
        raise click.UsageError("HTTP mode needs the address at which Slack can reach Tocsin: --url https://…")
    tongue.take()
    click.echo(json.dumps(made(url=url or "" if over_http else ""), indent=2, ensure_ascii=False))
