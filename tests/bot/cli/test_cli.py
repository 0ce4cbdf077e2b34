"""The command line begins quickly, and speaks in sentences."""

import subprocess
import sys
from importlib import import_module
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from bot.cli import FILES
from tests.bot.cli.conftest import Run

HEAVY = {"aiohttp", "slack_sdk", "slack_bolt", "sqlalchemy", "pydantic", "jinja2", "apscheduler", "alembic", "asyncio"}
HELP = "import sys\nfrom bot.cli import main\ntry:\n main(['--help'])\nfinally:\n print(*sys.modules)"


def test_help_imports_nothing_heavy() -> None:
    ran = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)
    assert "Commands:" in ran.stdout
    assert not HEAVY & set(ran.stdout.splitlines()[-1].split())


def test_help_is_there_at_once() -> None:
    """In seconds of the processor, which others on the machine do not change."""
    assert min(_help() for _ in range(3)) < 0.3


def _help() -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("name", FILES)
def test_every_subcommand_has_help(name: str, run: Run) -> None:
    said = run(name, "--help")
    assert (said.code, said.err) == (0, "")
    assert import_module(f"bot.cli.{name}").command.help


def test_an_error_of_ours_is_one_sentence(run: Run) -> None:
    said = run("incident", "list")
    assert (said.code, said.out, said.err) == (1, "", "tocsin: There is no database tocsin.db.\n")


def test_a_setting_that_cannot_be_used_is_named_and_its_value_is_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "mysql://me:geheim@db")
    said = run("incident", "list")
    assert (said.code, "TOCSIN_DATABASE_URL" in said.err, "geheim" in said.err) == (1, True, False)


def test_an_unknown_subcommand_is_refused(run: Run) -> None:
    assert run("serv").code == 2


def test_the_schema_is_made_by_itself(run: Run) -> None:
    assert run("db", "upgrade").out == "The database is up to date.\n"
    assert run("incident", "list").out == "No incident is open.\n"


def test_the_manifest_is_json_that_slack_takes(run: Run) -> None:
    import json

    made = json.loads(run("slack", "manifest").out)
    assert made["settings"]["socket_mode_enabled"]
    assert made["features"]["slash_commands"][0]["command"] == "/tocsin"
    assert "url" not in json.dumps(made)


@pytest.mark.parametrize(
    "said", ["https://tocsin.example", "https://tocsin.example/", "https://tocsin.example/slack/events"]
)
def test_the_manifest_for_http_says_where_slack_calls(run: Run, said: str) -> None:
    import json

    made = json.loads(run("slack", "manifest", "--mode", "http", "--url", said).out)
    settings, [slash] = made["settings"], made["features"]["slash_commands"]
    called = [slash["url"], settings["interactivity"]["request_url"], settings["event_subscriptions"]["request_url"]]
    assert called == ["https://tocsin.example/slack/events"] * 3
    assert not settings["socket_mode_enabled"]


def test_the_address_may_stand_in_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_PUBLIC_URL", "https://tocsin.example")
    assert '"https://tocsin.example/slack/events"' in run("slack", "manifest", "--mode", "http").out
    assert "tocsin.example" not in run("slack", "manifest").out


@pytest.mark.parametrize("url", [(), ("--url", "http://tocsin.example"), ("--url", "tocsin.example")])
def test_http_needs_an_address_that_slack_calls(run: Run, url: tuple[str, ...]) -> None:
    said = run("slack", "manifest", "--mode", "http", *url)
    assert said.code == 2
    assert "HTTP mode needs the address at which Slack can reach Tocsin: --url https://…" in said.err


def test_a_bot_that_cannot_be_called_there(run: Run) -> None:
    said = run("workspace", "--events-url", "localhost:8080")
    assert (said.code, "--events-url must begin with http://" in said.err) == (2, True)
