"""The five files: what they may say, and what is said of them when they are wrong."""

from pathlib import Path

import pytest

from bot.config import load
from bot.domain.directory import Directory
from bot.domain.organisation import Organisation, Transcript
from bot.domain.policy import Mode
from bot.domain.route import Do
from bot.domain.terms import HOUR, MINUTE, Severity
from bot.text import PlainShow, render
from tests.bot.config.test_wrong import written

WHOLE = {
    "tocsin.yaml": """
language: en
announce_channel: "#major-incidents"
bridge: https://meet.example/bridge
storm: {channels: 7, per: 20m}
transcript: {keep: true, private: true}
severities:
  sev1:
    means: Nobody can trade.
    roles: [Commander, scribe]
    update_every: 10m
    targets: {detect: 2m, recover: 1h30m}
integrations:
  alertmanager: {enabled: false, secret: env:AM_SECRET}
""",
    "services.yaml": """
services:
  - {id: orders, owner: dba, tier: 1, env: production, depends_on: [orders-db], plans: [failover]}
  - {id: orders-db, standby: orders-db-2, env: production}
  - {id: orders-db-2}
""",
    "routes.yaml": """
routes:
  - match: ['team="dba"']
    service: orders-db
    severity: {Critical: sev1}
    group_by: [cluster]
    do: page
    triage: true
    reopen_within: 2h
    stale_after: 1d
    continue: true
  - match: ['alertname="Watchdog"']
    source: alertmanager
    do: record
""",
    "policy.yaml": """
groups: {dba: [U1ANA, "@dba-team"]}
permissions: {approve: [dba, "role:commander"], see_private: [U9BOSS]}
automation:
  mode: auto
  floor:
    - when: ['env="production"']
      need: 2
      from: [dba]
      auto_allowed_for: [severity:sev4]
      auto_after_verified_runs: 5
  programs: [/usr/local/libexec/incident/*, /usr/bin/du]
  http_hosts: [deploys.internal, "*.web.internal:8080", 127.0.0.1:9000, "[::1]:9000"]
  python: ["ops.queues:drain", "own:go"]
  python_path: [/srv/functions]
  secrets: {DEPLOYS: {value: "env:DEPLOYS_TOKEN", hosts: [deploys.internal]}}
  inventory:
    web: {env: production, hosts: [web-1, web-2]}
  breaker: {open_after: 2 failures in 30m, closes: by a person}
  pause_when_open_incidents: 5
  break_glass: {who: [dba], needs: reason, need_second: true, tells: "#security"}
""",
    "oncall.yaml": """
people:
  ana: {slack: U1ANA, zone: Europe/Berlin, notify: [env:ANA_PHONE, file:/run/secrets/ana]}
  ben: {slack: U2BEN}
schedules:
  - {id: dba, people: [ben, ana, U3CAT]}
  - {id: night, kind: usergroup, group: "@night-shift"}
escalations:
  default: [{call: dba, wait: 5m}, {call: ana}]
  repeat: 15m
  nobody: ana
""",
}


@pytest.fixture
def whole(tmp_path: Path) -> Organisation:
    for name, text in WHOLE.items():
        (tmp_path / name).write_text(text)
    organisation, warnings = load(tmp_path)
    assert warnings == ()
    return organisation


def test_tocsin(whole: Organisation) -> None:
    sev1 = whole.grade(Severity.SEV1)
    assert whole.announce_channel == "major-incidents"
    assert (whole.transcript, Organisation().transcript) == (Transcript(True, True), Transcript(False, False))
    assert (whole.storm.channels, whole.storm.per, whole.storm.urgent) == (7, 20 * MINUTE, 3)
    assert render(sev1.means, PlainShow()) == "Nobody can trade."
    assert sev1.roles == ("commander", "scribe")
    assert (sev1.targets.detect, sev1.targets.recover, sev1.targets.together) == (2 * MINUTE, 90 * MINUTE, None)
    assert whole.grade(Severity.SEV2) == Organisation().grade(Severity.SEV2)
    assert not whole.enabled("alertmanager")
    assert whole.integrations["alertmanager"].secret == "env:AM_SECRET"


def test_services(whole: Organisation) -> None:
    assert whole.services.causes("orders") == ("orders-db",)
    assert whole.services.tier("orders") == 1
    assert whole.services.tier("nothing") is None
    assert whole.services.by_id["orders-db"].standby == "orders-db-2"


def test_routes(whole: Organisation) -> None:
    first, second = whole.routes.routes
    assert (first.do, first.triage, first.go_on, first.line) == (Do.PAGE, True, True, 3)
    assert (first.reopen_within, first.stale_after) == (2 * HOUR, 24 * HOUR)
    assert first.severity == {"critical": Severity.SEV1}
    assert (second.source, second.do, second.go_on) == ("alertmanager", Do.RECORD, False)


def test_policy(whole: Organisation) -> None:
    automation = whole.policy.automation
    [floor] = automation.floor
    assert automation.mode is Mode.AUTO
    assert (automation.python, automation.python_path) == (("ops.queues:drain", "own:go"), ("/srv/functions",))
    assert (floor.need, floor.groups, floor.auto_after_verified_runs) == (2, ("dba",), 5)
    assert floor.auto_for == {Severity.SEV4}
    assert str(floor.when[0]) == 'env="production"'
    assert (automation.breaker.failures, automation.breaker.within) == (2, 30 * MINUTE)
    assert automation.break_glass.tells == "security"
    assert whole.env_of("web-1", "nothing") == "production"
    assert len(whole.policy.sha) == 64


def test_oncall(whole: Organisation) -> None:
    directory = Directory(groups={"night-shift": ("U7", "U8")})
    assert whole.people_of("@dba") == ("U2BEN", "U1ANA", "U3CAT")
    assert whole.people_of("night", directory) == ("U7", "U8")
    assert whole.on_call("orders") == ("U2BEN", "U1ANA", "U3CAT")
    assert [level.call for level in whole.oncall.escalations["default"]] == ["dba", "ana"]
    assert whole.oncall.repeat == 15 * MINUTE


def test_without_files_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path) == (Organisation(), ())
    organisation, [warning] = load(tmp_path / "nowhere")
    assert organisation == Organisation()
    assert "no such folder" in warning


@pytest.mark.parametrize("name", WHOLE)
def test_an_empty_file_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("# nothing yet\n")
    organisation, warnings = load(tmp_path)
    assert (organisation.routes, organisation.services, warnings) == (
        Organisation().routes,
        Organisation().services,
        (),
    )


def test_the_sha_is_of_the_policys_bytes(tmp_path: Path) -> None:
    one, _ = load(written(tmp_path, policy="automation: {mode: ask}"))
    two, _ = load(written(tmp_path, policy="automation: {mode: ask}\n"))
    assert one.policy.sha != two.policy.sha
