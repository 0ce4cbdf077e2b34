"""What the README promises: its blocks run, its table is the code's, its pictures are there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from aiohttp import web

from bot.config import load
from bot.slack.manifest import SCOPES
from bot.web.server import ROUTES
from integrations import alert_sources
from runbooks import executors

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")
SLACK = (ROOT / "docs/slack.md").read_text(encoding="utf-8")


def blocks(mark: str) -> list[str]:
    """The fenced blocks behind `<!-- mark -->`, of all pages."""
    fence = re.compile(rf"<!-- {mark} -->\n```\w+\n(.*?)```", re.DOTALL)
    return [block for page in PAGES for block in fence.findall(page.read_text(encoding="utf-8"))]


def shell(text: str, folder: Path, **environment: str) -> str:
    """Run a block as a reader would who has followed the page so far; what it printed. Its settings are its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "SLACK_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    where = {
        "PATH": path,
        "TOCSIN_DATABASE_URL": f"sqlite:///{folder}/tocsin.db",
        "TOCSIN_RUNNER_DIR": f"{folder}/runner",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=ROOT,
        env={**ours, **where, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
    return done.stdout


def program(name: str, package: str) -> str:
    """Where a program is. Without it the test is skipped, visibly, and fails where CI=true."""
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"needs {name} (Debian: {package})")
    assert found is not None, f"{name} is missing (Debian: {package})"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("run"))
def test_blocks_that_can_run_do(block: str, tmp_path: Path) -> None:
    assert shell(block, tmp_path)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bot that serves, as after `tocsin serve`; Slack is away."""
    folder = tmp_path_factory.mktemp("served")
    environment = {**os.environ, "TOCSIN_HTTP_PORT": "0", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert bot.stderr is not None
    with bot, bot.stderr:
        listening = next(line for line in bot.stderr if '"listening"' in line)
        yield str(json.loads(listening)["port"])
        bot.terminate()


@pytest.mark.slow
def test_blocks_for_a_running_bot_do_what_they_say(port: str, tmp_path: Path) -> None:
    program("curl", "curl")
    alert, read = (shell(block.replace("8080", port), tmp_path) for block in blocks("run: served"))
    assert json.loads(alert)["items"][0]["decision"] == "open"
    incidents, health = read.splitlines()
    assert [one["number"] for one in json.loads(incidents)["items"]] == [1]
    assert json.loads(health)


def test_the_receiver_is_one_that_alertmanager_takes(tmp_path: Path) -> None:
    amtool = program("amtool", "prometheus-alertmanager")
    [receiver] = blocks("alertmanager")
    (tmp_path / "alertmanager.yml").write_text(receiver)
    subprocess.run([amtool, "check-config", tmp_path / "alertmanager.yml"], check=True, capture_output=True)


def test_what_was_tried_is_what_the_code_says() -> None:
    said = re.findall(r"^\| (alert source|executor) `(\w+)` \| (\w+) \|", README, re.MULTILINE)
    sources = [("alert source", name, source.TRIED) for name, source in alert_sources().items()]
    assert sorted(said) == sorted(
        [*sources, *(("executor", name, made.TRIED) for name, made in executors.classes().items())]
    )


def test_every_scope_is_told_with_its_reason() -> None:
    assert dict(re.findall(r"^\| `([a-z_:]+)` \| (.*) \|$", SLACK, re.MULTILINE)) == SCOPES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_address_is_in_the_docs(route: web.RouteDef) -> None:
    told = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert f"{route.method} {re.sub(r':.*?[0-9]}', '', route.path)}" in told


def test_the_first_configuration_calls_somebody(tmp_path: Path) -> None:
    page = (ROOT / "docs/slack-socket-mode.md").read_text(encoding="utf-8")
    [(name, text)] = re.findall(r"<!-- config: (\S+) -->\n *```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / name).write_text(dedent(text))
    organisation, warnings = load(tmp_path)
    assert (organisation.on_call("anything"), warnings) == (("U012AB3CD",), ())


def test_pictures_and_links_are_there() -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


def test_every_page_is_found_from_the_readme() -> None:
    assert not [page.name for page in PAGES[1:] if f"(docs/{page.name})" not in README]


def test_the_targets_of_make_are_there() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake (\w+)", README.split("## ")[0])) <= set(targets)
