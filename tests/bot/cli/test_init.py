"""`tocsin init`: an empty folder becomes one in which `tocsin check` finds nothing wrong, whatever is typed on the way."""

import shlex
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import config
from bot.cli import cli, init_words
from bot.cli.check import findings
from bot.cli.findings import OK, PROBLEM
from bot.cli.init_files import APP, ENV
from bot.clock import SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Person, Workspace
from tests.fakes import FakeIds

ANA = "--person=ana=U0ANA"
FILES = {APP, ENV, "config/tocsin.yaml", "config/oncall.yaml", "config/services.yaml"}


@pytest.fixture
async def slack(place: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workspace]:
    """A workspace, and the environment of a shell into which the lines of `tocsin workspace` were copied."""
    async with Workspace(manifest(), [Person("U0ANA", "ana", "Ana")], SystemClock(), FakeIds()) as workspace:
        for name, value in {
            "SLACK_API_URL": workspace.api_url,
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "ANA_PAGER": "https://pager.example/ana?a=1&b=2",
        }.items():
            monkeypatch.setenv(name, value)
        yield workspace


def init(*options: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, ["init", *options], input=typed, prog_name="tocsin")


def there(place: Path) -> set[str]:
    return {file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file()}


def load(place: Path, monkeypatch: pytest.MonkeyPatch, *, only: bool = False) -> None:
    """As a shell does that reads the env file; only: in one that knew nothing before."""
    lines = [line for line in (place / ENV).read_text().splitlines() if line and not line.startswith("#")]
    values = dict(shlex.split(line)[0].split("=", 1) for line in lines)
    if only:
        for name in ("SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "ANA_PAGER"):
            monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(name, value)


async def wrong() -> list[str]:
    return [f"{one.about}: {one.said}" async for one in findings(SystemClock()) if one.level != OK]


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_empty_folder_becomes_one_that_is_ready(
    slack: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    ran = init("--yes", "--mode", mode, "--url", "https://tocsin.example/", ANA, "--service", "orders")
    assert (ran.exit_code, there(place)) == (0, FILES)
    assert stat.S_IMODE((place / ENV).stat().st_mode) == 0o600
    load(place, monkeypatch, only=True)
    assert await wrong() == ["approving: 2 of responders must approve, and nobody can; whoever started it may not"]
    asked = (place / APP).read_text()
    assert ('"https://tocsin.example/slack/events"' in asked) == (mode == "http")
    assert ("xapp-" in (place / ENV).read_text()) == (mode == "socket"), "with it the bot would take Socket Mode"
    assert not [name for name in FILES - {ENV} if "xox" in (place / name).read_text()], "secrets stand in one file"


async def test_an_env_file_that_nobody_loaded_is_told(slack: Workspace, place: Path) -> None:
    init("--yes", ANA)
    assert (await wrong())[0] == "settings: tocsin.env is not loaded: it sets TOCSIN_ALERT_TOKEN"
    (place / ENV).chmod(0o644)
    found = [one async for one in findings(SystemClock()) if one.do == "chmod 600 tocsin.env"]
    assert [one.level for one in found] == [PROBLEM]


TYPED = """sokket
http
http://tocsin.example
https://tocsin.example
Ana Silva
ana
ana
u012ab3cd
pigeon
https://pager.example/x?a=1&b=2
ana

klingon
zh-CN
Big Room
#war-room
orders, $(reboot)
orders orders-db
xapp-1-aaaa
xoxb-1-2-abc
xoxb-1-2-abc
SLACK_SIGNING_SECRET=8f742231b10e8888abcd99
"""
"""Line by line what a person types who is tired; each wrong one stands before the right one."""


def test_what_is_typed_wrong_is_asked_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = init(typed=TYPED)
    assert (ran.exit_code, there(place)) == (0, FILES)
    wrong = [line.partition("Error: ")[2] for line in ran.output.splitlines() if "Error: " in line]
    assert [one.split()[0] for one in wrong] == [
        "socket",
        "an",
        "a",
        "a",
        "https://…",
        "en",
        "a",
        "'$(reboot)'",
        "that",
        "that",
    ]
    assert "that is SLACK_APP_TOKEN; SLACK_BOT_TOKEN is at Install App" in ran.output
    assert "ana is there already." in ran.output
    load(place, monkeypatch)
    organisation, warnings = config.load(place / "config")
    assert (organisation.language, organisation.announce_channel, warnings) == ("zh-CN", "war-room", ())
    assert organisation.on_call("orders-db") == ("U012AB3CD",)
    assert "https://pager.example/x?a=1&b=2" not in (place / "config/oncall.yaml").read_text()


def test_enter_is_always_an_answer(place: Path) -> None:
    ran = init(typed="\n" * 8)
    assert (ran.exit_code, there(place)) == (0, {APP, ENV, "config/tocsin.yaml"})
    assert "Still to be written into tocsin.env: SLACK_APP_TOKEN, SLACK_BOT_TOKEN, TOCSIN_PUBLIC_URL" in ran.output
    assert config.load(place / "config")[1] == ()


async def test_enter_is_an_answer_where_a_member_id_is_asked_for(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file names the place, and the check the line."""
    ran = init(typed="\n\nana\n" + "\n" * 9)
    assert ran.exit_code == 0
    assert "Still to be written into config/oncall.yaml: the Slack member ID of ana" in ran.output
    assert '"ana": {slack: "", notify: [env:ANA_PAGER]}' in (place / "config/oncall.yaml").read_text()
    load(place, monkeypatch)
    assert [one for one in await wrong() if "oncall.yaml:3" in one and "U012AB3CD is expected as `slack`" in one]


@pytest.mark.parametrize(("lines", "written"), [(1, set()), (4, set()), (6, {APP})])
def test_who_breaks_off_has_at_most_the_manifest(place: Path, lines: int, written: set[str]) -> None:
    ran = init(typed="\n" * lines)
    assert (ran.exit_code, there(place)) == (1, written)
    assert "Aborted!" in ran.output


@pytest.mark.parametrize(
    ("options", "code", "http"),
    [
        ((), 0, False),
        (("--url", "https://tocsin.example"), 0, True),
        (("--mode", "http", "--url", "https://tocsin.example"), 0, True),
        (("--mode", "http"), 0, True),
        (("--mode", "socket"), 0, False),
        (("--mode", "socket", "--url", "https://tocsin.example"), 2, False),
        (("--url", "http://tocsin.example"), 2, False),
    ],
)
def test_an_address_that_is_given_stands_in_the_manifest(
    place: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int, http: bool
) -> None:
    """That of the environment only over HTTP: it is set for other links, too."""
    monkeypatch.setenv("TOCSIN_PUBLIC_URL", "https://tocsin.example")
    ran = CliRunner().invoke(cli, ["slack", "manifest", *options], prog_name="tocsin")
    assert (ran.exit_code, "https://tocsin.example/slack/events" in ran.output) == (code, http)


def test_nothing_that_is_there_is_overwritten_or_asked(place: Path) -> None:
    (place / "config").mkdir()
    for name in FILES:
        (place / name).write_text("mine")
    ran = init(typed="\n\n")
    assert ran.exit_code == 0
    assert {(place / name).read_text() for name in FILES} == {"mine"}
    assert f"kept     {APP}, which says something else than it would now" in ran.output
    assert ran.output.count("?") == 2, "how they meet, and where"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--mode", "http"), "https:// is expected"),
        (("--person", "ana"), "such as ana=U012AB3CD"),
        (("--person", "ana=ben"), "a Slack member ID such as U012AB3CD"),
        (("--channel", "Not A Channel"), "a channel has small letters"),
        (("--language", "de"), "'en', 'zh-CN'"),
    ],
)
def test_options_that_cannot_be(place: Path, options: tuple[str, ...], says: str) -> None:
    ran = init("--yes", *options)
    assert (ran.exit_code, says in ran.output, there(place)) == (2, True, set())


def test_a_folder_that_cannot_be_written_is_one_sentence(place: Path) -> None:
    (place / "config").write_text("a file")
    ran = init("--yes")
    assert str(ran.exception) == "config/tocsin.yaml cannot be written: config is no folder."


@pytest.mark.parametrize("setting", init_words.SECRETS)
def test_a_secret_is_never_repeated(place: Path, setting: str) -> None:
    ran = init("--yes", "--mode", "http", "--url", "https://x.example", ANA)
    assert ran.exit_code == 0
    with pytest.raises(Exception, match=setting) as caught:
        init_words.secret(setting, "geheim geheim")
    assert "geheim" not in str(caught.value)
