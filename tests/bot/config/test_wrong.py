"""What is said of configuration files that are wrong, or that say what is not used yet."""

from pathlib import Path

import pytest

from bot.config import load
from bot.errors import ConfigError


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def wrong(folder: Path, **files: str) -> str:
    with pytest.raises(ConfigError) as raised:
        load(written(folder, **files))
    return str(raised.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("tocsin", "languag: en", 'tocsin.yaml:1: languag: unknown key; did you mean "language"?'),
        ("tocsin", "\nstorm:\n  channels: many", "tocsin.yaml:3: storm.channels: a whole number from 1 to 1000"),
        ("tocsin", "storm: {per: 10}", "tocsin.yaml:1: storm.per: a length of time such as 30s"),
        ("tocsin", "transcript: yes", "tocsin.yaml:1: transcript: keys with values are expected here"),
        ("tocsin", "transcript: {private: true}", "tocsin.yaml:1: transcript.private: nothing is kept"),
        ("tocsin", "storm: 5", "tocsin.yaml:1: storm: keys with values are expected here"),
        ("tocsin", "announce_channel: Big News", "a channel's name is expected"),
        ("tocsin", "severities: {sev5: {}}", "severities.sev5: unknown key"),
        ("tocsin", "bridge: 42", "text is expected here: write it in quotes"),
        ("tocsin", "bridge: ''", "it is empty"),
        ("tocsin", "integrations: {x: {secret: hunter2}}", "integrations.x.secret: a secret is written as env:NAME"),
        ("tocsin", "integrations: {x: {enabled: yes}}", "true or false is expected"),
        ("tocsin", "language: fr", "one of en, zh-CN is expected here"),
        ("services", "services: [{id: a}, {id: a}]", "stands twice"),
        ("services", "services: [{name: a}]", "needs an `id`"),
        ("services", "services: [{id: abc, depends_on: [abd]}]", "there is no service 'abd'; did you mean \"abc\"?"),
        ("services", "services: [{id: abc, standby: xyz}]", "there is no service 'xyz'"),
        ("services", "services: {}", "services: a list is expected here"),
        ("services", "services: [{id: a, tier: 0}]", "from 1 to 5"),
        ("routes", "routes: [{match: [env]}]", "routes[0].match[0]: env is no matcher"),
        (
            "routes",
            "routes:\n- do: opne",
            "routes.yaml:2: routes[0].do: one of open, record, page is expected here; did you",
        ),
        ("routes", "routes: [{severity: {page: sev0}}]", "one of sev1, sev2"),
        ("policy", "permissions: {approve: [dba]}", "everybody, a group"),
        ("policy", "groups: {dba: [ana]}", "a user id (U…)"),
        ("policy", "automation: {mode: on}", "one of off, dry-run, ask, auto"),
        ("policy", "automation: {floor: [{need: 2}]}", "needs `when`"),
        ("policy", "automation: {floor: [{when: ['env=\"a\"'], not: [me]}]}", "starter"),
        (
            "policy",
            "automation: {floor: [{when: [' label.a=\"b\"'], auto_allowed_for: [severity:sev4]}]}",
            "cannot decide that nobody is asked",
        ),
        ("policy", "automation: {floor: [{when: ['host=\"a\"']}]}", "host is no fact"),
        ("policy", "automation: {floor: [{when: ['env=\"a\"'], from: [dba]}]}", "a group, U… or @name"),
        ("policy", "automation: {programs: [rm]}", "an absolute path"),
        ("policy", "automation: {programs: ['/*/rm']}", "an absolute path"),
        ("policy", "automation: {programs: ['/a/../rm']}", "an absolute path"),
        ("policy", "automation: {python: ['ops.queues:*']}", "module:function"),
        ("policy", "automation: {python: ['ops.queues.drain']}", "module:function"),
        ("policy", "automation: {python_path: [functions]}", "an absolute path"),
        ("policy", "automation: {http_hosts: ['http://x/']}", "name, name:port"),
        ("policy", "automation: {http_hosts: ['*']}", "name, name:port"),
        ("policy", "automation: {secrets: {T: {value: 'xoxb-1', hosts: [a]}}}", "never the secret itself"),
        ("policy", "automation: {secrets: {T: {value: 'env:T'}}}", "where it may go"),
        ("policy", "automation: {secrets: {T: {value: 'env:T', hosts: ['http://x/']}}}", "name, name:port"),
        ("policy", "automation: {secrets: {T-1: {value: 'env:T', hosts: [a]}}}", "letters, digits and _"),
        ("policy", "automation: {ssh: {user: incident}}", "key, known_hosts are missing"),
        ("policy", "automation: {ssh: {user: '-x', key: /k, known_hosts: /h}}", "the name of an account"),
        ("policy", "automation: {ssh: {user: x, key: k, known_hosts: /h}}", "an absolute path"),
        (
            "policy",
            "automation: {ssh: {user: x, key: /k, known_hosts: /h, programs: [systemctl]}}",
            "with which a command",
        ),
        (
            "policy",
            "automation: {ssh: {user: x, key: /k, known_hosts: /h, programs: [/a/../b]}}",
            "with which a command",
        ),
        ("policy", "automation: {ssh: {user: x, key: /k, known_hosts: /h, programs: [/*/b]}}", "with which a command"),
        ("policy", "automation: {ansible: {playbooks: [/a/b.yml]}}", "inventory is missing"),
        ("policy", "automation: {ansible: {inventory: /a, playbooks: [b.yml]}}", "absolute path of a playbook"),
        ("policy", "automation: {k8s: {namespaces: {shop: test}}}", "kubeconfig is missing"),
        ("policy", "automation: {k8s: {kubeconfig: /k, namespaces: {Shop: test}}}", "a namespace and its environment"),
        ("policy", "automation: {k8s: {kubeconfig: /k, namespaces: [shop]}}", "keys with values"),
        ("policy", "automation: {inventory: {a: {hosts: [x]}}}", "needs `env`"),
        (
            "policy",
            "automation: {inventory: {a: {env: production, drill: true}}}",
            "there for drills are none of production",
        ),
        ("policy", "automation: {inventory: {a: {env: p, hosts: [x]}, b: {env: d, hosts: [x]}}}", "two environments"),
        ("policy", "automation: {breaker: {open_after: often}}", "a rate such as"),
        ("policy", "automation: {breaker: {closes: by itself}}", "only `by a person`"),
        ("policy", "automation: {break_glass: {needs: nothing}}", "only `reason`"),
        ("oncall", "people: {ana: {slack: ana}}", "a Slack user id"),
        ("oncall", "people: {ana: {zone: UTC}}", "a Slack user id"),
        ("oncall", "people: {ana: {slack: U1, zone: Berlin}}", "a time zone such as"),
        ("oncall", "people: {ana: {slack: U1, notify: ['tel:1']}}", "never as itself"),
        ("oncall", "people: {ana: {slack: U1}}\nschedules: [{id: a, people: [an]}]", 'did you mean "ana"?'),
        ("oncall", "schedules: [{id: a}, {id: a}]", "stands twice"),
        ("oncall", "schedules: [{people: []}]", "needs an `id`"),
        ("oncall", "escalations: {default: [{wait: 2m}]}", "needs `call`"),
        ("oncall", "a: 1\na: 2", "oncall.yaml:2: a: this key stands twice"),
        ("oncall", "people: [", "oncall.yaml:1: this is not YAML"),
        ("oncall", "people:\n\tana: x", "oncall.yaml:2: this is not YAML"),
        ("oncall", "people: \x1f", "this is not YAML"),
        ("oncall", "- people", "keys with values are expected here"),
        ("oncall", "[" * 500, "nested too deeply"),
        ("oncall", "people: *ana", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, file: str, text: str, said: str) -> None:
    assert said in wrong(tmp_path, **{file: text})


def test_the_secret_itself_is_not_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in wrong(tmp_path, tocsin="integrations: {x: {secret: hunter2}}")


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = wrong(tmp_path, tocsin="languge: en\n\nstorm: {per: x}", oncall="people: 3", policy="x: 1").splitlines()
    assert [line.rpartition(":")[0].split(": ")[0] for line in said] == [
        "tocsin.yaml:1",
        "tocsin.yaml:3",
        "policy.yaml:1",
        "oncall.yaml:1",
    ]


def test_a_file_that_cannot_be_decoded(tmp_path: Path) -> None:
    (tmp_path / "oncall.yaml").write_bytes(b"people: \xff")
    with pytest.raises(ConfigError, match="not YAML"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("tocsin", "digests: {weekly: x}", "tocsin.yaml:1: digests: not yet used by this version"),
        ("services", "services: [{id: a, probes: []}]", "services[0].probes: not yet used"),
        ("policy", "notices: []", "notices: not yet used"),
        (
            "policy",
            "automation: {floor: [{when: ['label.a=\"b\"'], need: 2}]}",
            "when[0]: whoever sends the alert avoids",
        ),
        ("routes", "routes: [{hold: 5m}]", "routes[0].hold: not yet used"),
        ("routes", "routes: [{do: open}, {do: page}]", "never reached"),
        ("oncall", "schedules: [{id: a, kind: ical, url: 'https://x'}]", "ical is not yet used"),
    ],
)
def test_what_is_not_used_yet_is_a_warning(tmp_path: Path, file: str, text: str, said: str) -> None:
    _, warnings = load(written(tmp_path, **{file: text}))
    assert any(said in warning for warning in warnings)


def test_a_file_that_nobody_reads_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "polcy.yml").write_text("x: 1")
    _, [warning] = load(tmp_path)
    assert 'did you mean "policy.yaml"?' in warning
