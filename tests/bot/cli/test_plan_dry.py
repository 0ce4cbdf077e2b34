"""`tocsin plan dry-run`: the argv as it would be, who must say yes, and the first gate that is shut."""

from importlib.resources import files
from pathlib import Path

import pytest

from bot.cli.plan_text import told as written
from bot.domain.plan import Does
from tests.bot.cli.conftest import Run
from tests.runbooks.pages import acting
from tests.runbooks.test_experiment import PAGE as EXPERIMENT

ALERT = str(files("bot.demo") / "alerts" / "firing.json")
POLICY = """groups:
  sre: [U0ANA, U0BEN]
automation:
  mode: auto
  programs: [/usr/bin/env]
  http_hosts: [order-gateway]
  inventory:
    web: {env: demo, hosts: [order-gateway]}
"""
PAGE = (
    acting()
    .replace("label.instance", "label.service")
    .replace("/usr/bin/restart", "/usr/bin/env")
    .replace("from: ask.word", "from: ask.x")
)


@pytest.fixture
def ground(place: Path) -> Path:
    (place / "config").mkdir()
    (place / "config/policy.yaml").write_text(POLICY)
    (place / "a.md").write_text(PAGE)
    return place


def told(run: Run, *more: str) -> list[str]:
    said = run("plan", "dry-run", "a.md", ALERT, *more)
    assert said.code == 0, said.err
    return said.out.splitlines()[2:]


def test_what_would_run(ground: Path, run: Run) -> None:
    assert told(run, "--set", "word=a") == [
        "",
        "1.1 restart",
        "  run /usr/bin/env order-gateway",
        "  then checks: GET http://order-gateway/healthz",
        "  on: order-gateway (demo)",
        "  asks 1 of sre.",
    ]


def test_values_are_shown_as_a_shell_must_read_them() -> None:
    """Who copies the line runs what the bot would run. Without values the page's own places stay."""
    does = Does("run", {"argv": ["/bin/x", "$(id)", "${host}", "a b"]})
    assert written(does, filled=True) == "run /bin/x '$(id)' '${host}' 'a b'"
    assert written(does) == "run /bin/x $(id) ${host} 'a b'"


def test_what_ends_an_experiment_is_shown_with_what_stands_against_it(ground: Path, run: Run) -> None:
    page = EXPERIMENT.replace("label.instance", "label.service").replace("/usr/bin/orders-fail", "/usr/bin/env")
    (ground / "a.md").write_text(page)
    (ground / "config/policy.yaml").write_text(POLICY.replace("web:", "drill:"))
    assert told(run)[-6:] == [
        "",
        "Abort when: more than 1 % of orders fail",
        "  orders-fail: made every 15 s while the experiment goes on",
        "  run /usr/bin/env order-gateway",
        "  on: order-gateway (demo)",
        "  nobody is asked",
    ]
    (ground / "config/policy.yaml").write_text(POLICY.replace("web:", "drill:").replace("/usr/bin/env", "/opt/*"))
    assert told(run)[-1].startswith("  Not run: policy.yaml allows no program /usr/bin/env.")


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("config/policy.yaml", "/usr/bin/env", "/opt/*", "  Not run: policy.yaml allows no program /usr/bin/env."),
        (
            "a.md",
            'run: [/usr/bin/env, "${host}"]',
            'python: {call: "own:go", with: {host: "${host}"}}',
            "  Not run: policy.yaml allows no function own:go. You can: have this line added under automation: python: [own:go].",
        ),
        (
            "a.md",
            'run: [/usr/bin/env, "${host}"]',
            'http: {method: POST, url: "http://elsewhere.example/${host}"}',
            "  Not run: policy.yaml does not allow the host http://elsewhere.example/order-gateway.",
        ),
        (
            "config/policy.yaml",
            "[order-gateway]",
            "[web-1]",
            "  Not run: host cannot be order-gateway: it is not in the entry web of the inventory",
        ),
        (
            "config/policy.yaml",
            "http_hosts: [order-gateway]",
            "http_hosts: []",
            "  Not run: policy.yaml does not allow the host",
        ),
        (
            "a.md",
            "rollback: none\n",
            'rollback: {run: [/usr/bin/true, "${host}", "${word}"], timeout: 5s}\n',
            "  Not run: policy.yaml allows no program /usr/bin/true.",
        ),
        (
            "config/policy.yaml",
            "  programs:",
            "  floor: [{when: ['severity=~\".+\"'], need: 2, from: [U0LI, U0MIA]}]\n  programs:",
            "  asks 1 of sre and 2 of U0LI, U0MIA.",
        ),
        ("config/policy.yaml", "mode: auto", "mode: off", "  Not run: automation is off."),
        ("config/policy.yaml", "mode: auto", "mode: dry-run", "  Not run: automation is in dry-run."),
        ("config/policy.yaml", "env: demo", "env: production", "  asks 1 of sre. The alert names another environment"),
        ("a.md", "changes: true", "changes: false", "  nobody is asked"),
        (
            "a.md",
            "rollback: none\n",
            'rollback: {run: [/usr/bin/env, "${host}", "${word}"], timeout: 5s}\n',
            "  can be undone with: run /usr/bin/env order-gateway a",
        ),
    ],
)
def test_what_stands_against_it(ground: Path, run: Run, file: str, old: str, new: str, line: str) -> None:
    text = (ground / file).read_text()
    assert old in text
    text = text.replace(old, new)
    (ground / file).write_text(text.replace('pattern: ".*"', 'pattern: "[a-z]+"'))
    assert any(said.startswith(line) for said in told(run, "--set", "word=a")), told(run, "--set", "word=a")


def test_a_value_that_nobody_gave(ground: Path, run: Run) -> None:
    assert told(run)[-1].startswith("  Not run: nothing says what word is (ask.x)")
    said = run("plan", "dry-run", "a.md", ALERT, "--set", "word")
    assert (said.code, "write NAME=VALUE" in said.err) == (2, True)


def test_a_request_without_an_alert_that_fires(ground: Path, run: Run) -> None:
    said = run("plan", "dry-run", "a.md", ALERT.replace("firing", "resolved"))
    assert (said.code, said.err.startswith("tocsin: No alert is firing in it.")) == (1, True)
    assert run("plan", "dry-run", "a.md", ALERT, "--source", "x").err.startswith("tocsin: There is no source x")
