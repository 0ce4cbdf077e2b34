"""For every rule of the linter a page that breaks it: a good page and what is changed in it."""

from bot.domain.reach import Ansible, K8s, Reach, Ssh
from runbooks.lint_action import Allowed
from tests.runbooks.pages import FRONT, acting
from tests.runbooks.test_experiment import INJECTS, PAGE

WAYS = (
    FRONT.replace("owner: team-a", "owner: team-a\nseverity: [sev1]\nmatch: ['a=\"b\"']\nreviewed: 2026-11-01")
    + """## Roles

| Role | Who | Standby | Takes over after |
|---|---|---|---|
| Network | @net | @second | 5 min |

## Look

**Target:** 10 min · **Lead:** Network

- [ ] Look. *(Network, within 5 min, evidence)*

  ```sh
  ls
  ```

- [ ] **Decision:** Is it bad?
  - **Yes** → continue
  - **No** → [Stand down](#stand-down)
- [ ] Mend it. *(Network, within 5 min, confirmed by Commander)*

## Stand down

- [ ] Say so.
"""
)
FULL = (
    acting()
    .replace("- [ ] Restart", "- [ ] **Decision:** Restart")
    .replace("Restart it.", "Restart it?\n  - **Yes** → continue\n  - **No** → stop")
)
FULL = FULL.replace("[sre]}\n", "[sre]}\n  rules:\n    - {when: ['env=\"staging\"'], auto: true}\n")
CALLING = FULL.replace(
    'run: [/usr/bin/restart, "${host}"]', 'python: {call: "ops.queues:drain", with: {host: "${host}"}}'
)
MENDING = FULL.replace(
    'run: [/usr/bin/restart, "${host}"]',
    'ansible: {playbook: /srv/plays/mend.yml, limit: "${host}", extra: {why: "${word}"}}',
)
POLICY = Allowed(
    ("/usr/bin/*",),
    lambda url: "ok.example" in url,
    {"sre": 3, "ops": None},
    {"web": "staging", "drill": "production"},
    {"a": frozenset({"b", "bb"})},
    ("ops.queues:drain",),
    Reach(
        Ssh(programs=("/usr/bin/systemctl restart",)),
        Ansible(playbooks=("/srv/plays/*.yml",)),
        K8s("", {"shop": "test"}),
    ),
)
AGAIN = """
- [ ] Again.

  ```yaml action
  id: restart
  run: [/usr/bin/look]
  changes: false
  timeout: 5s
  ```

## Settings"""
RULES: tuple[tuple[str, str, str, str], ...] = (
    ("P101", WAYS, "owner: team-a", "owner: ["),
    ("P102", WAYS, "owner:", "ovner:"),
    ("P103", WAYS, "owner: team-a", "owner: {team: a}"),
    ("P104", WAYS, "id: a-plan", "id: A plan"),
    ("P105", WAYS, 'a="b"', 'a=~"("'),
    ("P106", WAYS, "2026-11-01", "2026-01-01"),
    ("P108", WAYS, 'a="b"', 'a="bbb"'),
    ("P109", WAYS, "plan: 1", "plan: 2"),
    ("P201", WAYS, "- [ ] Say so.", "- [ ] Say so.\n  - [ ] And this."),
    ("P202", WAYS, "# A plan\n", "A plan\n"),
    ("P203", WAYS, "[ ] Look", "[x] Look"),
    ("P204", WAYS, "*(Network, within 5 min, ev", "*(Netwerk, within 5 min, ev"),
    ("P205", WAYS, "within 5 min, ev", "within five min, ev"),
    ("P206", WAYS, "@second", ""),
    ("P207", WAYS, "continue\n  - **No** → [Stand down](#stand-down)", "stop\n  - **No** → stop"),
    (
        "P208",
        WAYS,
        "[ ] Say so.",
        "[ ] **Decision:** Well?\n  - **Yes** → [Stand down](#stand-down)\n  - **No** → [Stand down](#stand-down)",
    ),
    ("P209", WAYS, "confirmed by Commander", "confirmed by Network"),
    ("P211", WAYS, "evidence)*", "evidence, perhaps)*"),
    ("P212", WAYS, "Is it bad?", "Is it bad? *(evidence)*"),
    ("P301", WAYS, "  - **Yes** → continue\n", ""),
    ("P302", WAYS, "→ continue", "→ onwards"),
    ("P303", WAYS, "#stand-down", "#stand-dawn"),
    ("P304", WAYS, "## Stand down", "## Stand down\n\n- [ ] x\n\n## Stand down"),
    ("P305", FULL, "changes: true", "changes: true\n  answer: {'0': Maybe}"),
    ("P401", FULL, "```yaml action", "```yaml"),
    ("P402", FULL, "## Settings", "```yaml action\nid: a\n```\n\n## Settings"),
    ("P403", WAYS, "```sh", "```sh run"),
    (
        "P404",
        FULL,
        "\n\n## Settings",
        "\n\n  ```yaml action\n  id: b\n  run: [/usr/bin/look]\n  changes: false\n  timeout: 5s\n  ```\n\n## Settings",
    ),
    ("P405", FULL, "## Settings", "## Sittings"),
    ("P410", FULL, "timeout: 90s", "timeout: 90s\n  retrys: 1"),
    ("P411", FULL, "timeout: 90s", 'timeout: 90s\n  http: {url: "http://${host}/"}'),
    (
        "P412",
        FULL,
        "\n## Settings",
        AGAIN,
    ),
    ("P413", FULL, "  id: restart\n", ""),
    ("P414", FULL, "  changes: true\n", ""),
    ("P415", FULL, "  timeout: 90s\n", ""),
    ("P416", FULL, "timeout: 90s", "timeout: 90min"),
    ("P417", WAYS, "**Target:** 10 min", "**Target:** 8 min"),
    ("P419", FULL, "http://${host}/healthz", "${host}/healthz"),
    ("P420", FULL, '[/usr/bin/restart, "${host}"]', "restart ${host}"),
    ("P421", FULL, "[/usr/bin/restart,", '["${host}",'),
    ("P422", FULL, 'restart, "${host}"', 'restart, "${word}"'),
    ("P423", FULL, 'restart, "${host}"', 'restart, "${hosts}"'),
    ("P424", FULL, "params:", "params:\n  spare: {type: bool, default: true}"),
    ("P425", FULL, "[/usr/bin/restart,", "[/bin/sh, -c, restart,"),
    ("P426", FULL, "/usr/bin/restart", "/opt/restart"),
    ("P427", FULL, 'restart, "${host}"', 'restart, "{{ host }}"'),
    ("P428", FULL, "http://${host}/", "http://${word}/"),
    ("P429", FULL, "/usr/bin/restart", "restart"),
    ("P430", FULL, '  verify: {http: {url: "http://${host}/healthz"}, timeout: 5s}\n', ""),
    ("P431", FULL, "  rollback: none\n", ""),
    ("P432", FULL, "  rollback_reason: It cannot be undone.\n", ""),
    ("P433", FULL, "timeout: 90s", "timeout: 90s\n  retries: 1"),
    ("P434", FULL, "timeout: 90s", "timeout: 90s\n  idempotent: true\n  retries: 6"),
    ("P435", FULL, 'http: {url: "http://${host}/healthz"}', 'run: [/usr/bin/restart, "${host}"]'),
    ("P436", FULL, "changes: true", "changes: false"),
    ("P437", FULL, "http://${host}/healthz", "http://${host}/${secret.TOKEN}"),
    ("P438", FULL, "{http: {url:", "{http: {method: POST, url:"),
    ("P439", FULL, "http://${host}/healthz", "http://elsewhere.example/healthz"),
    ("P440", CALLING, "ops.queues:drain", "ops.queues.drain"),
    ("P441", CALLING, "ops.queues:drain", "ops.queues:fill"),
    ("P442", MENDING, 'limit: "${host}"', "limit: all"),
    ("P443", MENDING, "{why:", "{ansible_connection:"),
    ("P444", MENDING, "/srv/plays/", "/tmp/"),
    ("P501", FULL, "limits: {cooldown: 30m, ", "limits: {"),
    ("P502", FULL, "need: 1", "need: 0"),
    ("P510", FULL, 'env="staging"', 'env!="production"'),
    ("P511", FULL, 'env="staging"', 'env=~"staging|production"'),
    ("P512", FULL, "[sre]", "[sra]"),
    ("P513", FULL, "type: host,", "type: host, default: web-1,"),
    ("P514", FULL, "at_most: 3 per 6h", "at_most: 3 per 6h, blast_radius: {max_targets: 2}"),
    ("P515", FULL, "'env=", "'label.env="),
    ("P516", FULL.replace("owner: team-a", "owner: team-a\nseverity: [sev3]"), 'env="staging"', 'severity="sev1"'),
    ("P517", FULL, "need: 1", "need: 3"),
    ("P518", FULL, "inventory:web", "inventory:wep"),
    (
        "P519",
        FULL,
        'word: {type: string, from: ask.word, pattern: ".*"}',
        'word: {type: host, from: label.b, allow: "inventory:web"}',
    ),
    ("P520", FULL, "type: host", "type: hots"),
    ("P601", PAGE, "## Steady state", "## Usual"),
    ("P602", PAGE, "## Steady state", "## Revert\n\n- [ ] Mend it.\n\n## Steady state"),
    ("P603", PAGE, "[Revert](#revert)", "stop"),
    ("P604", PAGE, "takes: 30 min\n", ""),
    ("P605", PAGE, "takes:", "match: ['a=\"b\"']\ntakes:"),
    ("P606", PAGE, "  kind: experiment\n", ""),
    ("P607", PAGE.replace("inventory:drill", "inventory:web"), "inventory:web", "inventory:drill"),
    ("P608", PAGE, "from: label.instance", "from: ask.host"),
    ("P609", PAGE, 'orders-fail, "${host}"]\n  changes: false', 'orders-fail, "${host}"]\n  changes: true'),
    ("P610", WAYS + INJECTS, "| 5 min | Commander", "| soon | Commander"),
    ("P901", WAYS, "[ ] Look.", "[ ] Use AKIAABCDEFGHIJKLMNOP."),
    ("P902", WAYS, "[ ] Look.", "[ ] Look\u202e."),
    ("P903", WAYS, "owner: team-a", "owner: team-a\n\ttakes: 5 min"),
    ("P904", WAYS, "[ ] Look.", "[ ] Look\x07."),
    ("P905", WAYS, "[ ] Look.", "[ ] " + "Look. " * 50_000),
)
