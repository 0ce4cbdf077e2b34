"""`tocsin init`: the first configuration, by questions or by options."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.cli.init_files import Called

T = TypeVar("T")
TOKENS = {"socket": ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"), "http": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")}
"""Mode → what Slack gives us, in the order of the clicks."""
CREATE = "https://api.slack.com/apps → Create New App → From a manifest → your workspace → JSON → paste {app} → Next → Create"
INSTALL = "Install App → Install to Workspace → Allow: the Bot User OAuth Token (xoxb-…) is SLACK_BOT_TOKEN"
CLICKS = {
    "socket": (
        CREATE,
        "Basic Information → App-Level Tokens → Generate Token and Scopes → Add Scope → connections:write → Generate:"
        " the token (xapp-…) is SLACK_APP_TOKEN",
        INSTALL,
    ),
    "http": (
        CREATE,
        INSTALL,
        "Basic Information → App Credentials → Signing Secret → Show: that is SLACK_SIGNING_SECRET",
        "when `tocsin serve` runs: Event Subscriptions → Request URL → Retry, until it says Verified",
    ),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks people, or nobody (--yes): then what was given or the default is the answer."""

    silent: bool

    def __call__(
        self,
        question: str,
        check: Callable[[str], T],
        default: str | None = "",
        given: str | None = None,
        hide: bool = False,
    ) -> T:
        """An answer that `check` takes; asked again until it does. given: by an option or the environment: not asked for."""
        if given is not None or self.silent:
            return check(given if given is not None else default or "")
        hidden = hide and sys.stdin.isatty()
        answer: T = click.prompt(
            question,
            default=default,
            value_proc=check,
            show_default=bool(default),
            hide_input=hidden,
            prompt_suffix=" ",
        )
        return answer


@click.command("init")
@click.option("--yes", is_flag=True, help="Ask nothing: options, SLACK_… of the environment, and defaults.")
@click.option("--mode", type=click.Choice(list(CLICKS)), help="socket: Tocsin calls Slack; http: Slack calls Tocsin.")
@click.option("--url", help="Where Tocsin is reached: https://… (needed for --mode http).")
@click.option("--language", type=click.Choice(["en", "zh-CN"]), help="What people read.")
@click.option("--channel", help="Where incidents are announced.")
@click.option("--person", "people", multiple=True, help="Who is called: ana=U012AB3CD (repeat; the first is first).")
@click.option("--service", "services", multiple=True, help="A service of yours (repeat).")
@click.option("--config", "folder", envvar="TOCSIN_CONFIG_DIR", default="config", type=click.Path(path_type=Path))
def command(yes: bool, folder: Path, **given: Any) -> None:
    """Write the first configuration and an env file, and say what to click in Slack.

    Nothing that is there is overwritten, and nothing asked of which the answer is there. Tokens are asked for, or taken
    from the environment; they are no options, which a shell would remember.
    """
    ask = Asker(yes)
    click.echo(f"In {Path.cwd()}; what is there stays. Ctrl-C ends it.\n")
    mode = ask(
        "How do they meet: Tocsin calls Slack (socket), or Slack calls Tocsin (http)?", _mode, "socket", given["mode"]
    )
    url = _url(ask, mode, given["url"])
    _write(ask, folder, mode, url, given)


def _mode(said: str) -> str:
    if said not in CLICKS:
        raise click.BadParameter("socket or http is expected; socket, if in doubt")
    return said


def _url(ask: Asker, mode: str, given: str | None) -> str:
    from bot.cli import init_words

    check = partial(init_words.address, https=mode == "http")
    known = given if given is not None else os.environ.get("TOCSIN_PUBLIC_URL")
    if mode == "http":
        return ask("Where can Slack reach Tocsin (https://…)?", check, None, known)
    return ask("Where do people reach Tocsin in a browser (https://…; Enter: later)?", check, "", known)


def _write(ask: Asker, folder: Path, mode: str, url: str, given: dict[str, Any]) -> None:
    """Ask everything, and write at the end: who breaks off has the manifest at most, for which the tokens wait."""
    from bot.cli import init_files, tongue

    tongue.take(folder)
    people = tuple(_people(ask, given["people"])) if _new(folder / "oncall.yaml") else ()
    files = list(_config(ask, folder, people, given))
    click.echo(init_files.write(Path(init_files.APP), _manifest(url if mode == "http" else "")))
    click.echo("\nIn Slack, click by click:")
    for n, step in enumerate(CLICKS[mode], 1):
        click.echo(f"  {n}. {step.format(app=init_files.APP)}")
    click.echo()
    env = Path(init_files.ENV)
    values = _values(ask, mode, url, people) if _new(env) else {}
    for path, text in files:
        click.echo(init_files.write(path, text))
    if later := [one.name for one in people if not one.slack]:
        click.echo(f"Still to be written into {folder / 'oncall.yaml'}: the Slack member ID of {', '.join(later)}")
    if values:
        click.echo(init_files.write(env, init_files.env_file(values), 0o600))
        _missing(values)
    click.echo(f"\nNow look whether it works:\n\n    {init_files.LOAD}\n    tocsin check")


def _new(path: Path) -> bool:
    """Nothing stands there; else it is said that it stays, and its questions are not asked."""
    if path.exists():
        click.echo(f"kept     {path}")
    return not path.exists()


def _config(
    ask: Asker, folder: Path, people: "tuple[Called, ...]", given: dict[str, Any]
) -> Iterator[tuple[Path, str]]:
    from bot import locale
    from bot.cli import init_files, init_words

    if _new(path := folder / "tocsin.yaml"):
        language = ask("Language of what people read (en, zh-CN)?", _language, "en", given["language"])
        channel = ask("Where are incidents announced?", init_words.channel, "#incidents", given["channel"])
        if not os.environ.get("TOCSIN_LANGUAGE"):
            locale.speak(language)  # the manifest is printed in it
        yield path, init_files.tocsin_yaml(language, channel)
    if people:
        yield folder / "oncall.yaml", init_files.oncall_yaml(people)
    if _new(path := folder / "services.yaml"):
        named = " ".join(given["services"]) or None
        services = ask("Your services, with spaces between them (Enter: later)?", init_words.services, "", named)
        if services:
            yield path, init_files.services_yaml(services, bool(people))


def _language(said: str) -> str:
    if said not in ("en", "zh-CN"):
        raise click.BadParameter("en or zh-CN is expected")
    return said


def _people(ask: Asker, given: tuple[str, ...]) -> "Iterator[Called]":
    """Who is called: those of the options, or as many as are named."""
    from bot.cli import init_words
    from bot.cli.init_files import Called

    named = dict(init_words.person(one) for one in given)
    for name, id in named.items():
        yield _rung(ask, Called(name, id))
    while not given and not ask.silent:
        what = "Who else is called" if named else "Who is called when something is down"
        name = ask(f"{what} (a short name; Enter: nobody)?", init_words.name)
        if not name:
            return
        if name in named:
            click.echo(f"{name} is there already.")
            continue
        asked = f"Slack member ID of {name} (profile → ⋮ → Copy member ID; Enter: later)?"
        named[name] = ask(asked, init_words.member)
        yield _rung(ask, Called(name, named[name]))


def _rung(ask: Asker, one: "Called") -> "Called":
    """With where somebody is rung: Slack wakes nobody."""
    from dataclasses import replace

    from bot.cli import init_words

    asked = f"What rings {one.name} at night: https://… of a webhook, or mailto:… (hidden; Enter: later)?"
    return replace(one, pager=ask(asked, init_words.pager, "", os.environ.get(one.variable), hide=True))


def _manifest(url: str) -> str:
    import json

    from bot.slack.manifest import manifest

    return json.dumps(manifest(url=url), indent=2, ensure_ascii=False) + "\n"


def _values(ask: Asker, mode: str, url: str, people: "tuple[Called, ...]") -> dict[str, str]:
    """What the env file holds: what Slack gave us, what is called where, and a token for alert senders."""
    from bot.cli import init_words
    from bot.clock import RandomIds

    found = {}
    for name in TOKENS[mode]:
        check = partial(init_words.secret, name)
        if os.environ.get(name):
            click.echo(f"{name} is taken from the environment.")
        found[name] = ask(f"{name} (hidden; Enter: later)?", check, "", os.environ.get(name), hide=True)
    if api := os.environ.get("SLACK_API_URL"):
        found["SLACK_API_URL"] = init_words.address(api, https=False) + "/"
    found["TOCSIN_PUBLIC_URL"] = url
    found["TOCSIN_ALERT_TOKEN"] = RandomIds().token()
    return found | {one.variable: one.pager for one in people}


def _missing(values: dict[str, str]) -> None:
    from bot.cli.init_files import ENV

    if empty := [name for name, value in values.items() if not value]:
        click.echo(f"Still to be written into {ENV}: {', '.join(empty)}")
    click.echo(f"TOCSIN_ALERT_TOKEN was made: your alert senders show it (in {ENV}).")
