"""The language and the slash command of this installation, for the commands that print what people read in Slack."""

from pathlib import Path


def take(folder: Path | None = None) -> None:
    """As the settings and tocsin.yaml say. folder: of the configuration, if not the settings' own. StartError for a setting that
    cannot be used; a tocsin.yaml that cannot is as good as none: `tocsin check` tells of it."""
    from bot import config, locale
    from bot.settings import read

    settings = read()
    folder = folder or settings.config_dir
    found = config.reading(folder, config.contents(folder))
    locale.speak(settings.language or found.organisation.language)
    locale.call(settings.command)
