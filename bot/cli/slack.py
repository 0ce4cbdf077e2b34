"""`tocsin slack`: connect Slack."""

import click


@click.group("slack")
def command() -> None:
    """Connect Slack."""


@command.command()
@click.option("--mode", type=click.Choice(["socket", "http"]), default="socket", show_default=True)
@click.option("--url", envvar="TOCSIN_PUBLIC_URL", help="Where Slack can reach Tocsin, for --mode http: https://…")
def manifest(mode: str, url: str | None) -> None:
    """Print the app manifest: paste it at api.slack.com → Create New App → From a manifest.

    It is in the language of TOCSIN_LANGUAGE or tocsin.yaml, with the command of TOCSIN_COMMAND.
    By Socket Mode Tocsin opens the connection; over HTTP Slack calls it at its address.
    """
    import json

    from bot.cli import tongue
    from bot.slack.manifest import manifest as made

    if mode == "http" and not (url or "").startswith("https://"):
        raise click.UsageError("HTTP mode needs the address at which Slack can reach Tocsin: --url https://…")
    tongue.take()
    click.echo(json.dumps(made(url=url or "" if mode == "http" else ""), indent=2, ensure_ascii=False))
