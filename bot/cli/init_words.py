"""What may be answered to `tocsin init`: each function gives the value, or a BadParameter that says what is expected."""

import re

import click

from bot.config.tocsin import CHANNEL
from bot.domain.directory import is_person

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[^\s'\"\\]*)?")
MAIL = re.compile(r"mailto:[^\s'\"\\@]+@[^\s'\"\\@]+")
SECRETS = {
    "SLACK_BOT_TOKEN": ("xoxb-", re.compile(r"xoxb-[\w-]+", re.ASCII), "Install App → Bot User OAuth Token"),
    "SLACK_APP_TOKEN": ("xapp-", re.compile(r"xapp-[\w-]+", re.ASCII), "Basic Information → App-Level Tokens"),
    "SLACK_SIGNING_SECRET": (
        "",
        re.compile(r"(?!xox|xapp-)[\w-]{8,}", re.ASCII),
        "Basic Information → App Credentials",
    ),
}
"""Setting → how its value begins, what it looks like, where Slack shows it."""


def channel(said: str) -> str:
    name = said.strip().removeprefix("#")
    if not CHANNEL.fullmatch(name):
        raise click.BadParameter("a channel has small letters, digits, - and _, at most 80, such as #incidents")
    return name


def address(said: str, https: bool) -> str:
    """Where Tocsin is reached; "" if nothing was said and nothing must be. https: Slack will call it."""
    url = said.strip().rstrip("/")
    if not url and not https:
        return ""
    if not ADDRESS.fullmatch(url) or (https and not url.startswith("https://")):
        begins = "https://" if https else "https:// or http://"
        raise click.BadParameter(f"an address that begins with {begins} is expected, such as https://tocsin.example")
    return url


def name(said: str) -> str:
    short = said.strip().removeprefix("@").lower()
    if short and not NAME.fullmatch(short):
        raise click.BadParameter("a short name is expected: small letters, digits and _, such as ana")
    return short


def member(said: str) -> str:
    """The id of somebody in Slack; "" for later."""
    id = said.strip().upper()
    if id and not is_person(id):
        raise click.BadParameter("a Slack member ID such as U012AB3CD is expected: profile → ⋮ → Copy member ID")
    return id


def pager(said: str) -> str:
    """Where somebody is rung; "" for later."""
    where = said.strip()
    if where and not ADDRESS.fullmatch(where) and not MAIL.fullmatch(where):
        raise click.BadParameter("https://… of a webhook that rings, or mailto:ana@example.com, is expected")
    return where


def person(said: str) -> tuple[str, str]:
    """(name, id) of `ana=U012AB3CD`."""
    short, equals, id = said.partition("=")
    if not (equals and id.strip() and name(short)):
        raise click.BadParameter(f"{said!r}: a name and a Slack member ID are expected, such as ana=U012AB3CD")
    return name(short), member(id)


def services(said: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part for part in re.split(r"[,\s]+", said.strip()) if part))
    for one in found:
        if not SERVICE.fullmatch(one):
            raise click.BadParameter(f"{one!r} is no name of a service: letters, digits, `.`, `-` and `_`")
    return found


def secret(setting: str, said: str) -> str:
    """A token that looks like one; "" for later. What was typed is never repeated."""
    begins, pattern, where = SECRETS[setting]
    value = said.strip().removeprefix(f"{setting}=")
    if not value or pattern.fullmatch(value):
        return value
    other = next((name for name, (start, _, _) in SECRETS.items() if start and value.startswith(start)), "")
    if other and other != setting:
        raise click.BadParameter(f"that is {other}; {setting} is at {where}")
    looks = f"begins with {begins}, then letters, digits and -" if begins else "has letters and digits only"
    raise click.BadParameter(f"{setting} {looks}; it is at {where}")
