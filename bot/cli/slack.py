"""`tocsin slack`: connect Slack."""

import click


@click.group("slack")
def command() -> None:
    """Connect Slack."""


@command.command()
def manifest() -> None:
    """Print the app manifest: paste it at api.slack.com → Create New App → From a manifest."""
    import json

    from bot.slack.manifest import manifest as made

    click.echo(json.dumps(made(), indent=2, ensure_ascii=False))
