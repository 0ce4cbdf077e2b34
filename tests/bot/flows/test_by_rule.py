"""What policy.yaml does not let an action do, its check and its rollback included."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.gates import shut
from bot.domain.plan import Action, Does, Plan
from bot.domain.policy import Automation, Hosts, Secret
from bot.domain.terms import SECOND
from bot.flows.by_rule import by_rule, limits_of
from tests.fakes import NINE
from tests.runbooks.pages import acting, read


def run(program: object) -> dict[str, Any]:
    return {"executor": "run", "spec": {"argv": [str(program)]}}


def http(url: str) -> dict[str, Any]:
    return {"executor": "http", "spec": {"url": url}}


def call(function: str) -> dict[str, Any]:
    return {"executor": "python", "spec": {"call": function}}


GOOD = http("http://web-1/")


def plan() -> Plan:
    found = read(acting()).plan
    assert found is not None
    return found


def code(automation: Automation, order: dict[str, Any], **parts: Any) -> str:
    action = Action("a", Does("http", {}), True, 30 * SECOND)
    found = shut(by_rule(plan(), action, {**order, **parts}, "web-1", automation, NINE))
    return found.code if found else ""


@pytest.mark.parametrize("place", ["", "verify", "rollback"])
@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (GOOD, ""),
        (http("http://web-2/"), "host"),
        (run("/usr/bin/env"), ""),
        (run("/usr/bin/true"), "program"),
        (run("/usr/bin/gone"), "program_file"),
        (call("own:go"), ""),
        (call("own:come"), "function"),
    ],
)
def test_each_part_is_looked_at(place: str, part: dict[str, Any], expected: str) -> None:
    automation = Automation(
        http_hosts=("web-1",), programs=("/usr/bin/env", "/usr/bin/gone"), python=("own:go",), inventory=()
    )
    order = {**GOOD, place: part} if place else part
    assert code(automation, {"verify": None, "rollback": "It cannot be undone.", **order}) == expected


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [("TOKEN", "web-1", ""), ("TOKEM", "web-1", "secret"), ("TOKEN", "web-2", "secret_host")],
)
def test_a_secret_goes_where_policy_lets_it_go(name: str, host: str, expected: str) -> None:
    automation = Automation(http_hosts=("web-1", "web-2"), secrets={"TOKEN": Secret("env:T", ("web-1",))})
    does = http(f"http://{host}/")
    does["spec"]["headers"] = {"Authorization": f"Bearer ${{secret.{name}}}"}
    assert code(automation, {"verify": None, "rollback": "No.", **does}) == expected
    assert limits_of(automation, "")["secrets"] == {"TOKEN": "env:T"}


@pytest.mark.parametrize(("place", "expected"), [("", "beside"), ("rollback", "beside"), ("verify", "")])
def test_what_changes_something_touches_its_target_alone(place: str, expected: str) -> None:
    automation = Automation(
        http_hosts=("web-1",), inventory=(Hosts("web", "staging", ("web-1",)), Hosts("p", "production", ("db-1",)))
    )
    other = http("http://web-1/?for=db-1")
    order = (
        {"verify": None, "rollback": "No.", **GOOD, place: other}
        if place
        else {"verify": None, "rollback": "No.", **other}
    )
    assert code(automation, order) == expected


def test_a_program_that_others_may_change_is_told_as_that(tmp_path: Path) -> None:
    program = tmp_path / "heal"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o777)
    automation = Automation(programs=(str(program),))
    found = shut(by_rule(plan(), Action("a", Does("run", {}), True, SECOND), run(program), "web-1", automation, NINE))
    assert found is not None
    assert (found.code, "may be changed by others" in found.params["why"]) == ("program_file", True)
