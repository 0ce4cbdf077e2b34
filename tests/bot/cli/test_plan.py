"""`tocsin plan`: what an author and a reviewer ask of it."""

import json
import os
import re
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from runbooks.catalogue import STARTERS
from tests.bot.cli.conftest import Run
from tests.runbooks.pages import ACTION, acting

ALERT = str(files("bot.demo") / "alerts" / "firing.json")
ROOT = Path(__file__).parents[3]
POLICY = "groups:\n  sre: [U0ANA]\nautomation:\n  programs: [/opt/*]\n  inventory:\n    api: {env: production, hosts: [api]}\n"
BAD = "---\nplan: 1\nid: bad\nowner: me\n---\n\n# Bad\n\n## Phase\n\n- [x] Ticked already.\n"


def test_good_plans_have_nothing_to_mend(run: Run) -> None:
    starters = sorted(STARTERS.glob("*.md"))
    said = run("plan", "lint", "--strict", *map(str, starters))
    assert (said.code, said.out) == (0, f"{len(starters)} files: nothing to mend.\n")


def test_a_bad_plan_is_told_by_line(run: Run, place: Path) -> None:
    (place / "bad.md").write_text(BAD)
    said = run("plan", "lint", "bad.md")
    assert said.code == 1
    assert said.out.splitlines()[0].startswith("bad.md:11: error P2")
    assert said.out.splitlines()[-1].startswith("1 file: 1 to mend, ")


@pytest.mark.parametrize("form", ["github", "json"])
def test_machines_read_problems_too(run: Run, place: Path, form: str) -> None:
    (place / "bad.md").write_text(BAD)
    first = run("plan", "lint", "bad.md", "--format", form).out.splitlines()[0]
    if form == "json":
        told = json.loads(first)
        assert (told["file"], told["line"], told["level"]) == ("bad.md", 11, "error")
    else:
        assert first.startswith("::error file=bad.md,line=11,title=P2")


def test_a_sentence_does_not_break_githubs_command(run: Run, place: Path) -> None:
    page = BAD.replace("[x]", "[ ]").replace("owner: me", 'owner: me\n"sevrity%": [x]')
    (place / "a,b.md").write_text(page)
    said = run("plan", "lint", "a,b.md", "--format", "github").out
    assert said == (
        "::error file=a%2Cb.md,line=5,title=P102::the front matter has no key sevrity%25. (did you mean severity?)\n"
    )


def test_a_pipe_is_no_plan_and_nobody_waits_for_it(run: Run, place: Path) -> None:
    os.mkfifo(place / "pipe.md")
    (place / "good.md").write_text(BAD.replace("[x]", "[ ]"))
    assert run("plan", "lint", "good.md").code == 0
    said = run("plan", "lint", "good.md", "pipe.md")
    assert said.code == 1
    assert said.out.splitlines()[0] == "pipe.md:1: error P904 The file cannot be read: it is no ordinary file."
    os.mkfifo(place / "good.test.yaml")
    assert run("plan", "test", "good.md").err == "tocsin: The file cannot be read: it is no ordinary file.\n"


def test_a_plan_is_linted_beside_its_neighbours(run: Run, place: Path) -> None:
    good = BAD.replace("[x]", "[ ]")
    (place / "one.md").write_text(good)
    (place / "two.md").write_text(good)
    said = run("plan", "lint", "two.md")
    assert said.code == 1
    assert said.out.splitlines()[0] == "two.md:3: error P104 The id bad belongs to one.md already."


def test_a_folder_stands_for_its_plans(run: Run, place: Path) -> None:
    """Also those below it; and a plan in one folder is linted beside those of the others."""
    (place / "plans" / "network").mkdir(parents=True)
    assert run("plan", "lint", "plans").err == "tocsin: There is no plan in plans.\n"
    assert run("plan", "test", "plans").err == "tocsin: There is no test of a plan in plans.\n"
    good = BAD.replace("[x]", "[ ]")
    (place / "plans" / "one.md").write_text(good)
    (place / "plans" / "network" / "two.md").write_text(good)
    said = run("plan", "lint", "plans").out.splitlines()
    assert said[0] == "plans/one.md:3: error P104 The id bad belongs to network/two.md already."
    assert said[-1] == "2 files: 1 to mend, 0 to look at."
    said = run("plan", "lint", "plans/network/two.md").out.splitlines()
    assert said[0] == "plans/network/two.md:3: error P104 The id bad belongs to ../one.md already."
    (place / "plans" / "network" / "two.test.yaml").write_text("- name: x\n  expect: {ends: waits at 1.1}\n")
    assert run("plan", "test", "plans").out.startswith("FAIL bad: x\n")


def test_a_plan_is_linted_against_the_files_of_the_house(run: Run, place: Path) -> None:
    (place / "policy.yaml").write_text(POLICY)
    (place / "services.yaml").write_text("services:\n  - id: api\n")
    shutil.copy(STARTERS / "restart-hung-service.md", place)
    page = (place / "restart-hung-service.md").read_text()
    (place / "restart-hung-service.md").write_text(page.replace('service!=""', 'service="apo"'))
    assert run("plan", "lint", "restart-hung-service.md").code == 0
    said = run("plan", "lint", "restart-hung-service.md", "--config", ".")
    assert said.code == 1
    told = [line.split()[1:3] for line in said.out.splitlines()[:-1]]
    assert told == [["warning", "P108"], *[["error", "P426"]] * 2, *[["error", "P512"]] * 2]


@pytest.mark.parametrize(
    "does",
    ['python: {call: "ops.queues:drain", with: {host: "${host}"}}', 'ssh: {host: "${host}", argv: [/usr/bin/restart]}'],
)
def test_without_a_policy_there_is_nothing_to_hold_it_against(run: Run, place: Path, does: str) -> None:
    """The plans of a house often lie in a repository of their own: its CI says `--config .` and has no policy.yaml."""
    page = acting(re.sub(r"^run: .*$", does, ACTION, count=1, flags=re.MULTILINE))
    (place / "a-plan.md").write_text(page)
    said = run("plan", "lint", "a-plan.md", "--config", ".")
    assert not re.search("P426|P441", said.out), said.out
    (place / "policy.yaml").write_text(POLICY)
    assert re.search("P426|P441", run("plan", "lint", "a-plan.md", "--config", ".").out)


def test_strict_counts_warnings(run: Run, place: Path) -> None:
    (place / "old.md").write_text(BAD.replace("[x]", "[ ]").replace("owner: me", "owner: me\nreviewed: 2020-01-01"))
    assert run("plan", "lint", "old.md").code == 0
    said = run("plan", "lint", "old.md", "--strict")
    assert (said.code, said.out.splitlines()[0]) == (
        1,
        "old.md:5: warning P106 Nobody has reviewed this plan since 2020-01-01.",
    )


def test_the_hook_lints_plans_and_nothing_else(run: Run) -> None:
    [hook] = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *words = hook["entry"].split()
    assert program == "tocsin"
    assert run(*words, str(STARTERS / "default.md")).code == 0
    for path, wanted in (
        ("plans/a.md", True),
        ("config/plans/a.md", True),
        ("plans/network/a.md", True),
        ("plans/.obsidian/a.md", False),
        ("docs/a.md", False),
        ("plans/README.md", False),
    ):
        taken = re.search(hook["files"], path) and not re.search(hook["exclude"], path)
        assert bool(taken) is wanted, path


def test_a_plan_is_shown_as_it_would_be_walked(run: Run, golden: Callable[[str, str], None]) -> None:
    golden("plan-show.txt", run("plan", "show", str(STARTERS / "restart-hung-service.md")).out)


def test_a_plan_that_cannot_be_read_is_not_shown(run: Run, place: Path) -> None:
    (place / "no.md").write_text("nothing")
    said = run("plan", "show", "no.md")
    assert (said.code, said.err) == (1, "Error: no.md cannot be read: `tocsin plan lint no.md` says why.\n")


def test_the_plan_of_an_alert_and_why_not_the_others(run: Run) -> None:
    said = run("plan", "match", ALERT).out.splitlines()
    assert said[0].endswith("1 alert, sev2, service order-gateway (no route; the defaults hold)")
    assert said[1].startswith("  plan: restart-hung-service (")
    [failover] = [line for line in said if line.startswith("  not database-failover: alertname=~")]
    assert failover.endswith(" does not hold.")
    assert "  not experiment-hung-worker: It is an experiment: people begin it." in said


def test_what_is_only_recorded_gets_no_plan(run: Run, place: Path) -> None:
    (place / "config").mkdir()
    (place / "config/routes.yaml").write_text("routes:\n  - match: ['env=\"demo\"']\n    do: record\n")
    said = run("plan", "match", ALERT).out.splitlines()
    assert said[0].endswith("(config/routes.yaml:2)")
    assert said[1:] == ["  only recorded: no incident, no plan"]


def test_two_plans_that_fit_equally_are_asked(run: Run, place: Path) -> None:
    (place / "config/plans").mkdir(parents=True)
    for name in ("one", "two"):
        text = BAD.replace("id: bad", f"id: {name}\nmatch: ['alertname=\"ServiceHung\"']").replace("[x]", "[ ]")
        (place / f"config/plans/{name}.md").write_text(text)
    assert "people are asked which of one, two it shall be" in run("plan", "match", ALERT).out


def test_a_request_that_only_clears_has_no_plan(run: Run) -> None:
    assert run("plan", "match", ALERT.replace("firing", "resolved")).out == "No alert is firing in it.\n"


def test_a_source_that_is_not_there(run: Run) -> None:
    said = run("plan", "match", ALERT, "--source", "nagios")
    assert (said.code, said.err) == (1, "tocsin: There is no source nagios; there are: alertmanager.\n")


def test_what_is_no_alert_is_said_in_a_sentence(run: Run, place: Path) -> None:
    (place / "no.json").write_text("{")
    said = run("plan", "match", "no.json")
    assert (said.code, said.err.startswith("tocsin: "), "Traceback" in said.err) == (1, True, False)


def test_the_tests_of_a_plan(run: Run, place: Path) -> None:
    (place / "a.md").write_text(BAD.replace("[x]", "[ ]"))
    (place / "a.test.yaml").write_text(
        "- name: all is well\n  expect: {ends: finished}\n- name: a lie\n  expect: {attempts: 3}\n"
    )
    said = run("plan", "test", "a.md")
    assert (said.code, said.out.splitlines()) == (
        1,
        [
            "ok   bad: all is well",
            "FAIL bad: a lie",
            "     a.test.yaml:3: attempts: expected 3, was 0",
            "1 passed, 1 failed.",
        ],
    )
    (place / "a.test.yaml").write_text("- name: all is well\n  expects: {ends: finished}\n")
    said = run("plan", "test", "a.test.yaml")
    assert said.code == 1
    assert "a.test.yaml:2: error P701 a test has no key expects. (did you mean expect?)" in said.out.splitlines()
    assert said.out.splitlines()[-1] == "0 passed, 0 failed, 2 to mend in the test files."


def test_a_plan_without_tests_is_told(run: Run, place: Path) -> None:
    (place / "a.md").write_text(BAD)
    assert run("plan", "test", "a.md").err == "tocsin: a.md has no tests: write a.test.yaml.\n"
    (place / "a.test.yaml").write_text("- name: x\n")
    said = run("plan", "test", "a.md")
    assert (said.code, said.err.startswith("tocsin: There is no plan a.md that can be read")) == (1, True)


def test_the_starter_library_passes_its_tests(run: Run) -> None:
    said = run("plan", "test", *map(str, sorted(STARTERS.glob("*.test.yaml"))))
    assert (said.code, said.out.splitlines()[-1].endswith(" passed, 0 failed.")) == (0, True)


def test_a_plan_as_a_graph(run: Run, golden: Callable[[str, str], None]) -> None:
    golden("plan-graph.txt", run("plan", "show", "--mermaid", str(STARTERS / "restart-hung-service.md")).out)


def test_a_plan_as_json(run: Run) -> None:
    told = json.loads(run("plan", "show", "--json", str(STARTERS / "restart-hung-service.md")).out)
    assert (told["id"], told["takes"]) == ("restart-hung-service", 600_000_000)
    assert told["phases"][1]["steps"][0]["action"]["does"]["spec"]["argv"][1] == "${service}"


def test_a_plan_as_tocsin_would_write_it(run: Run, place: Path) -> None:
    page = run("plan", "show", "--markdown", str(STARTERS / "restart-hung-service.md")).out
    (place / "restart-hung-service.md").write_text(page)
    assert run("plan", "lint", "--strict", "restart-hung-service.md").code == 0
    assert run("plan", "show", "--markdown", "restart-hung-service.md").out == page
