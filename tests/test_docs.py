"""Whatever a user can name is named in the docs, and what the docs give to copy works."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from bot import errors
from bot.cli import FILES
from bot.cli.findings import UNUSED
from bot.config import load
from bot.config.files import NAMES
from bot.domain.policy import PERMISSIONS
from bot.metrics import catalogue, coverage
from bot.settings import Settings
from bot.telemetry import COUNTERS, GAUGES, SECONDS
from bot.text import PlainShow, render
from commands import registry
from integrations import alert_sources, notify
from runbooks import executors

ROOT = Path(__file__).parents[1]
PAGES = {file.name: file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").glob("*.md"))}
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
NAMED = "\n".join(span for page in PAGES.values() for span in CODE.findall(page))
"""All that stands as code in the docs: there a name is meant, and not a word."""

ERRORS = [
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.TocsinError)
]
SETTINGS = [str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()]  # type: ignore[union-attr]
METERS = [
    *(f"tocsin_{name}_total" for name in COUNTERS),
    *(f"tocsin_{name}" for name in GAUGES),
    *(f"tocsin_{name}_seconds" for name in SECONDS),
]


def named(name: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z0-9_.-]){re.escape(name)}(?![A-Za-z0-9_-])", NAMED))


@pytest.mark.parametrize("verb", registry.load())
def test_every_verb_is_in_the_docs(verb: str) -> None:
    command = registry.load()[verb]
    rows = PAGES["commands.md"].replace(r"\|", "¦").splitlines()
    row = next((row for row in rows if row.startswith(f"| `{_cell(command.usage)}` |")), "")
    assert row.endswith(f"| `{command.permission}` | `{_cell(command.example)}` |")
    assert re.sub(r" \(.*?\)", "", row.split(" | ")[1]) == render(command.about, PlainShow())


def _cell(text: str) -> str:
    return text.replace("|", "¦")


@pytest.mark.parametrize("source", alert_sources())
def test_every_source_is_in_the_docs(source: str) -> None:
    assert f"| `{source}` | {alert_sources()[source].TRIED} |" in PAGES["sources.md"]


@pytest.mark.parametrize("executor", executors.keys())
def test_every_executor_is_in_the_docs(executor: str) -> None:
    assert named(executor)


@pytest.mark.parametrize("notifier", notify.classes())
def test_every_notifier_is_in_the_docs(notifier: str) -> None:
    found = notify.classes()[notifier]
    rows = [row for row in PAGES["notifiers.md"].splitlines() if row.startswith(f"| `{notifier}` |")]
    assert [row.split(" | ")[2:] for row in rows] == [[found.TRIED, f"{'yes' if found.rings else 'no'} |"]]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_docs(setting: str) -> None:
    assert f"| `{setting}` |" in PAGES["configuration.md"]


@pytest.mark.parametrize(
    "metric",
    [measure.id for measure in (*catalogue.DURATIONS, *catalogue.SHARES)] + [coverage.PLANS, coverage.SERVICES],
)
def test_every_metric_is_in_the_docs(metric: str) -> None:
    assert named(metric)


@pytest.mark.parametrize("meter", METERS)
def test_every_meter_is_in_the_docs(meter: str) -> None:
    assert f"| `{meter}` |" in PAGES["operating.md"]


@pytest.mark.parametrize("meter", [*COUNTERS, *GAUGES, *SECONDS])
def test_every_meter_is_used(meter: str) -> None:
    sources = [file for folder in ("bot", "storage", "runbooks") for file in (ROOT / folder).rglob("*.py")]
    assert any(f'("{meter}"' in file.read_text(encoding="utf-8") for file in sources)


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_in_the_docs(error: str) -> None:
    assert named(error)


@pytest.mark.parametrize("subcommand", FILES)
def test_every_subcommand_is_in_the_docs(subcommand: str) -> None:
    command = import_module(f"bot.cli.{subcommand}").command
    for name in getattr(command, "commands", {"": None}):
        assert f"| `tocsin {f'{subcommand} {name}'.strip()}` |" in PAGES["operating.md"]


@pytest.mark.parametrize("setting", UNUSED.values())
def test_a_setting_that_does_nothing_yet_says_so(setting: str) -> None:
    assert re.search(rf"^\| `{setting}` \|.*\| not yet used: ", PAGES["configuration.md"], re.MULTILINE)


def test_every_room_is_on_the_map() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [
        file for file in (ROOT / "bot").iterdir() if file.name.strip("_") == file.name and file.suffix in ("", ".py")
    ]
    assert not [file.name for file in rooms if f"`bot/{file.name}{'' if file.suffix else '/'}`" not in told]


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_every_permission_is_in_the_docs(permission: str) -> None:
    assert named(permission)


def test_the_files_in_the_docs_can_be_used(tmp_path: Path) -> None:
    shown = re.findall(r"### (\w+\.yaml)\n\n```yaml\n(.*?)```", PAGES["configuration.md"], re.DOTALL)
    for name, text in shown:
        (tmp_path / name).write_text(text)
    assert tuple(name for name, _ in shown) == NAMES
    assert load(tmp_path)[1] == ()


def test_links_within_the_docs_lead_somewhere() -> None:
    said = {page: CODE.sub("", text) for page, text in PAGES.items()}
    links = [(page, link) for page, text in said.items() for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)]
    broken = [(page, link) for page, link in links if "://" not in link and not (ROOT / "docs" / link).exists()]
    assert not broken
