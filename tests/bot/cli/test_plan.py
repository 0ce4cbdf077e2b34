"""`tocsin plan`: what an author and a reviewer ask of it."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from runbooks.catalogue import STARTERS
from tests.bot.cli.conftest import Run

ALERT = str(files("bot.demo") / "alerts" / "firing.json")
BAD = "---\nplan: 1\nid: bad\nowner: me\n---\n\n# Bad\n\n## Phase\n\n- [x] Ticked already.\n"


def test_good_plans_have_nothing_to_mend(run: Run) -> None:
    said = run("plan", "lint", *map(str, sorted(STARTERS.glob("*.md"))))
    assert (said.code, said.out) == (0, "3 files: nothing to mend.\n")


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
    assert said[2].startswith("  not database-failover: alertname=~")
    assert said[2].endswith(" does not hold.")


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
