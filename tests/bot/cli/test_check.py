"""`tocsin check` says what is not ready, in one line each, and changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.check import findings
from bot.cli.findings import OK, PROBLEM, WARNING, Finding
from bot.cli.findings_waking import NOBODY_WOKEN
from bot.clock import SystemClock
from bot.slack.manifest import manifest
from bot.workspace import Person, Workspace
from runbooks import executors
from storage.migrations import HEAD, upgrade
from tests.bot.cli.conftest import Run
from tests.fakes import FakeClock, FakeIds

PEOPLE = [Person(id=f"U{n}", name=name, real_name=name.capitalize()) for n, name in enumerate(("ana", "ben", "li"), 1)]
SCHEMA = "sqlite:///tocsin.db"


@pytest.fixture
async def slack(place: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workspace]:
    """A workspace in which Tocsin is installed, and whose tokens are set."""
    async with Workspace(manifest(), PEOPLE, SystemClock(), FakeIds()) as workspace:
        monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", workspace.app_token)
        monkeypatch.setenv("SLACK_API_URL", workspace.api_url)
        yield workspace


async def found(about: str = "", level: str = "") -> list[Finding]:
    everything = [finding async for finding in findings(SystemClock())]
    wanted = [f for f in everything if about in (f.about, "") and level in (f.level, "")]
    return [f for f in wanted if about or f.about != "waking"]  # nobody can be woken here, unless a test is about it


def config(place: Path, **files: str) -> None:
    (place / "config").mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"config/{name}.yaml").write_text(text)


async def test_a_workspace_with_the_app_is_ready(slack: Workspace) -> None:
    assert await found(level=PROBLEM) == []
    said = [finding.said for finding in await found("slack")]
    assert said[0].startswith("both tokens work; bot U")
    assert said[1:] == ["Socket Mode: Tocsin opens the connection", "3 people, 0 user groups"]
    assert [f.said for f in await found("clock")] == ["agrees with Slack's"]


async def test_nobody_can_be_woken_and_it_says_so(slack: Workspace) -> None:
    [problem] = await found("waking")
    assert (problem.level, problem.said) == (PROBLEM, NOBODY_WOKEN)


PAGED = (
    "people:\n  ana: {slack: U1, notify: [env:TOCSIN_TEST_PAGER]}\n  ben: {slack: U2, notify: [env:TOCSIN_TEST_MAIL]}\n"
)


async def test_who_can_be_woken(slack: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_MAIL", "mailto:ben@example.com")
    config(place, oncall=PAGED)
    missing, problem = await found("waking")
    assert missing.said == "ana: env:TOCSIN_TEST_PAGER: is empty or not set"
    assert (problem.level, problem.said) == (PROBLEM, NOBODY_WOKEN), "mail does not ring"
    monkeypatch.setenv("TOCSIN_TEST_PAGER", "pigeon:ana")
    assert (await found("waking"))[0].said == "ana: env:TOCSIN_TEST_PAGER: no notifier takes what stands there"
    monkeypatch.setenv("TOCSIN_TEST_PAGER", "https://pager.example.com/ana")
    said = [finding.said for finding in await found("waking")]
    assert said == [
        "1 of 2 people of oncall.yaml can be woken",
        "TOCSIN_PUBLIC_URL is not set: what rings has no link to answer by",
    ]


async def test_who_ought_to_be_woken_and_cannot(slack: Workspace, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_PAGER", "https://pager.example.com/ana")
    monkeypatch.setenv("TOCSIN_TEST_MAIL", "mailto:ben@example.com")
    monkeypatch.setenv("TOCSIN_PUBLIC_URL", "https://tocsin.example.com")
    floor = "automation: {programs: [/bin/true], floor: [{when: ['tier=\"1\"'], need: 2, from: [dba]}]}\n"
    services = "services:\n  - {id: db, owner: ben}\n  - {id: web, owner: ana}\n"
    config(place, oncall=PAGED, services=services, policy="groups: {dba: [U1, U2, U3]}\n" + floor)
    said = [finding.said for finding in await found("waking", WARNING)]
    assert said[0] == "nobody who is called for db can be woken"
    assert "fewer can be woken than must approve: 2 of dba, one can" in said[1]


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set"),
        ("SLACK_APP_TOKEN", "", "SLACK_APP_TOKEN (for Socket Mode) is not set, nor is SLACK_SIGNING_SECRET (for HTTP"),
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "Slack refuses SLACK_APP_TOKEN (invalid_auth)"),
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "Slack cannot be reached (connection)"),
    ],
)
async def test_what_keeps_slack_away_is_a_problem(
    slack: Workspace, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    monkeypatch.setenv(setting, value)
    [problem] = await found(level=PROBLEM)
    assert problem.about == "slack"
    assert problem.said.startswith(says)


@pytest.mark.parametrize(
    ("url", "level", "said"),
    [
        ("https://tocsin.example", OK, "HTTP mode: Slack has to call https://tocsin.example/slack/events"),
        (
            "http://tocsin.example",
            WARNING,
            "HTTP mode, and TOCSIN_PUBLIC_URL is no https:// address: Slack calls no other",
        ),
        ("", WARNING, "HTTP mode, and TOCSIN_PUBLIC_URL is no https:// address: Slack calls no other"),
    ],
)
async def test_over_http_the_address_is_told(
    slack: Workspace, monkeypatch: pytest.MonkeyPatch, url: str, level: str, said: str
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", slack.signing_secret)
    monkeypatch.setenv("TOCSIN_PUBLIC_URL", url)
    assert await found(level=PROBLEM) == []
    token, mode, _ = await found("slack")
    assert token.said.startswith("the token works; bot U")
    assert (mode.level, mode.said) == (level, said)


@pytest.mark.parametrize(
    ("scope", "level", "said"),
    [
        ("pins:write", PROBLEM, "lacks the scopes pins:write"),
        ("dnd:read", WARNING, "it cannot ring at once by other means for who is in do-not-disturb"),
    ],
)
async def test_scopes_that_are_missing_are_named(slack: Workspace, scope: str, level: str, said: str) -> None:
    given = slack.state.manifest
    slack.state.manifest = replace(given, scopes=tuple(one for one in given.scopes if one != scope))
    [told] = await found("slack", level)
    assert said in told.said


async def test_an_announcement_channel_that_is_archived(slack: Workspace) -> None:
    made = slack.add_channel("incidents", "U1")
    assert [f.said for f in await found("announce")] == ["#incidents; Tocsin joins it with the first incident"]
    slack.state.channels[made.id].archived = True
    assert [f.level for f in await found("announce")] == [PROBLEM]


async def test_a_clock_beside_slacks_is_told(slack: Workspace) -> None:
    clock = FakeClock(SystemClock().now() + 61_000_000)
    [told] = [finding async for finding in findings(clock) if finding.about == "clock"]
    assert (told.level, told.said.split(" s ")[1]) == (WARNING, "before Slack")


@pytest.mark.parametrize(
    ("oncall", "silent"),
    [
        ("people: {ana: {slack: U1}}\nschedules: [{id: dba, people: [ana]}]\n", ["web"]),
        ("people: {ana: {slack: U1}}\nschedules: [{id: dba, people: [ana]}, {id: default, people: [ana]}]\n", []),
    ],
)
async def test_services_for_which_nobody_is_called(
    slack: Workspace, place: Path, oncall: str, silent: list[str]
) -> None:
    config(place, services="services:\n  - {id: db, owner: dba}\n  - {id: web}\n", oncall=oncall)
    said = [f.said for f in await found("calling") if "nobody is called for " in f.said]
    assert [line for line in said if "does not know" not in line] == [f"nobody is called for {name}" for name in silent]


async def test_an_approval_that_too_few_can_give(slack: Workspace, place: Path) -> None:
    floor = "automation: {programs: [/bin/true], floor: [{when: ['tier=\"1\"'], need: 2, from: [dba]}]}\n"
    config(place, policy="groups: {dba: [U1, U2], responders: [U1, U2, U3]}\n" + floor)
    said = [finding.said for finding in await found("approving")]
    assert said == ["2 of dba must approve, and 2 people can; whoever started it may not"]


async def test_everything_wrong_in_the_files_is_told_with_its_line(slack: Workspace, place: Path) -> None:
    config(place, tocsin="langauge: en\n", routes="routes:\n  - {mach: []}\n")
    said = [finding.said for finding in await found("config", PROBLEM)]
    assert [line.split(": ")[0] for line in said] == ["config/tocsin.yaml:1", "config/routes.yaml:2"]


async def test_a_function_that_could_not_be_called(slack: Workspace, place: Path) -> None:
    config(place, policy="automation: {python: ['no_such:go', 'json:dumps']}\n")
    [told] = [finding.said for finding in await found("approving", WARNING) if "module" in finding.said]
    assert told == "no_such: there is no such module, installed or in automation.python_path"


async def test_a_plan_that_a_service_names_and_that_is_not_there(slack: Workspace, place: Path) -> None:
    config(place, services="services:\n  - {id: db, plans: [no-such]}\n")
    [warning] = await found("names", WARNING)
    assert warning.said == "services.yaml:2: db names the plan 'no-such', which is not there"


async def test_the_database_as_it_is(slack: Workspace, place: Path) -> None:
    [before] = await found("database")
    assert before.said == f"{SCHEMA} is not there yet; `tocsin serve` makes it"
    assert not (place / "tocsin.db").exists()
    upgrade(SCHEMA)
    assert [f.said for f in await found("database")] == [f"{SCHEMA}, schema {HEAD}"]
    (place / "tocsin.db").write_bytes(b"no database at all" * 1000)
    assert [f.level for f in await found("database")] == [PROBLEM]


@pytest.mark.parametrize(
    ("setting", "value", "level"),
    [
        ("TOCSIN_HTTP_HOST", "0.0.0.0", PROBLEM),
        ("TOCSIN_HEARTBEAT_URL", "https://example.org", WARNING),
        ("TOCSIN_RUNNER_DIR", "/dev/null/runner", PROBLEM),
        ("TOCSIN_HTTP_PORT", "eighty", PROBLEM),
        ("TOCSIN_DATABSE_URL", "postgresql://tocsin:hunter2@db/tocsin", WARNING),
    ],
)
async def test_settings_that_do_not_work(
    slack: Workspace, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, level: str
) -> None:
    monkeypatch.setenv(setting, value)
    assert [finding.level for finding in await found("settings") if finding.level != OK] == [level]


async def test_every_part_is_named_with_how_it_was_tried(slack: Workspace) -> None:
    executors_ = [f"{name} (tried: {made.TRIED})" for name, made in executors.classes().items()]
    assert [f.said for f in await found("executor")] == executors_
    assert "k8s (tried: documented)" in executors_
    assert "alertmanager (tried: real)" in [f.said for f in await found("source")]
    assert " declare " in (await found("verbs"))[0].said


def test_the_exit_code_says_whether_something_keeps_it_from_working(run: Run) -> None:
    said = run("check")
    assert said.code == 1
    assert "problem  slack      SLACK_BOT_TOKEN is not set → docs/slack.md says where to find it\n" in said.out
    assert said.out.endswith("\n2 problems, 2 warnings.\n")
