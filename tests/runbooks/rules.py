"""For every rule of the linter a page that breaks it: a good page, what is changed in it, and the line to be mended."""

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
BEARING = FULL.replace(
    '{url: "http://${host}/healthz"}',
    '{url: "http://ok.example/healthz", headers: {Authorization: "Bearer ${secret.TOKEN}"}}',
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
    {"TOKEN": lambda url: "/ok.example" in url},
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
RULES: tuple[tuple[str, str, str, str, int], ...] = (
    ("P101", WAYS, "owner: team-a", "owner: [", 4),
    ("P102", WAYS, "owner:", "ovner:", 4),
    ("P103", WAYS, "owner: team-a", "owner: {team: a}", 4),
    ("P104", WAYS, "id: a-plan", "id: A plan", 3),
    ("P105", WAYS, 'a="b"', 'a=~"("', 6),
    ("P106", WAYS, "2026-11-01", "2026-01-01", 7),
    ("P108", WAYS, 'a="b"', 'a="bbb"', 6),
    ("P109", WAYS, "plan: 1", "plan: 2", 2),
    ("P201", WAYS, "- [ ] Say so.", "- [ ] Say so.\n  - [ ] And this.", 38),
    ("P201", WAYS, "@second | 5 min |\n", "@second | 5 min |\n\n- [ ] Tell people.\n", 20),
    ("P202", WAYS, "# A plan\n", "A plan\n", 1),
    ("P203", WAYS, "[ ] Look", "[x] Look", 24),
    ("P204", WAYS, "*(Network, within 5 min, ev", "*(Netwerk, within 5 min, ev", 24),
    ("P205", WAYS, "within 5 min, ev", "within five min, ev", 24),
    ("P206", WAYS, "@second", "", 18),
    ("P207", WAYS, "continue\n  - **No** → [Stand down](#stand-down)", "stop\n  - **No** → stop", 35),
    (
        "P208",
        WAYS,
        "[ ] Say so.",
        "[ ] **Decision:** Well?\n  - **Yes** → [Stand down](#stand-down)\n  - **No** → [Stand down](#stand-down)",
        20,
    ),
    ("P209", WAYS, "confirmed by Commander", "confirmed by Network", 33),
    ("P211", WAYS, "evidence)*", "evidence, perhaps)*", 24),
    ("P212", WAYS, "Is it bad?", "Is it bad? *(evidence)*", 30),
    ("P301", WAYS, "  - **Yes** → continue\n", "", 30),
    ("P302", WAYS, "→ continue", "→ onwards", 31),
    ("P303", WAYS, "#stand-down", "#stand-dawn", 32),
    ("P304", WAYS, "## Stand down", "## Stand down\n\n- [ ] x\n\n## Stand down", 39),
    ("P305", FULL, "changes: true", "changes: true\n  answer: {'0': Maybe}", 21),
    ("P401", FULL, "```yaml action", "```yaml", 17),
    ("P402", FULL, "## Settings", "```yaml action\nid: a\n```\n\n## Settings", 27),
    ("P402", WAYS, "- [ ] Say so.", "- [ ] Say so.\n\n```text update\nIt is over.\n```", 39),
    ("P403", WAYS, "```sh", "```sh run", 26),
    (
        "P404",
        FULL,
        "\n\n## Settings",
        "\n\n  ```yaml action\n  id: b\n  run: [/usr/bin/look]\n  changes: false\n  timeout: 5s\n  ```\n\n## Settings",
        27,
    ),
    ("P405", FULL, "## Settings", "## Sittings", 29),
    ("P410", FULL, "timeout: 90s", "timeout: 90s\n  retrys: 1", 22),
    ("P411", FULL, "timeout: 90s", 'timeout: 90s\n  http: {url: "http://${host}/"}', 18),
    (
        "P412",
        FULL,
        "\n## Settings",
        AGAIN,
        30,
    ),
    ("P413", FULL, "  id: restart\n", "", 18),
    ("P414", FULL, "  changes: true\n", "", 18),
    ("P415", FULL, "  timeout: 90s\n", "", 18),
    ("P416", FULL, "timeout: 90s", "timeout: 90min", 21),
    ("P417", WAYS, "**Target:** 10 min", "**Target:** 8 min", 20),
    ("P419", FULL, "http://${host}/healthz", "${host}/healthz", 22),
    ("P420", FULL, '[/usr/bin/restart, "${host}"]', "restart ${host}", 19),
    ("P421", FULL, "[/usr/bin/restart,", '["${host}",', 19),
    ("P422", FULL, 'restart, "${host}"', 'restart, "${word}"', 19),
    ("P423", FULL, 'restart, "${host}"', 'restart, "${hosts}"', 19),
    ("P424", FULL, "params:", "params:\n  spare: {type: bool, default: true}", 31),
    ("P425", FULL, "[/usr/bin/restart,", "[/bin/sh, -c, restart,", 19),
    ("P426", FULL, "/usr/bin/restart", "/opt/restart", 19),
    ("P427", FULL, 'restart, "${host}"', 'restart, "{{ host }}"', 19),
    ("P428", FULL, "http://${host}/", "http://${word}/", 22),
    ("P429", FULL, "/usr/bin/restart", "restart", 19),
    ("P430", FULL, '  verify: {http: {url: "http://${host}/healthz"}, timeout: 5s}\n', "", 20),
    ("P431", FULL, "  rollback: none\n", "", 18),
    ("P432", FULL, "  rollback_reason: It cannot be undone.\n", "", 23),
    ("P433", FULL, "timeout: 90s", "timeout: 90s\n  retries: 1", 22),
    ("P434", FULL, "timeout: 90s", "timeout: 90s\n  idempotent: true\n  retries: 6", 23),
    ("P213", WAYS, "- [ ] Say so.\n", "<details>\n\n- [ ] Say so.\n\n</details>\n", 39),
    ("P214", FULL, "## Settings", "```text\n- [ ] Say so.\n```\n\n## Settings", 28),
    ("P446", FULL, 'http: {url: "http://${host}/healthz"}', "run: [/usr/bin/true]", 22),
    ("P435", FULL, 'http: {url: "http://${host}/healthz"}', 'run: [/usr/bin/restart, "${host}"]', 22),
    ("P436", FULL, "changes: true", "changes: false", 20),
    ("P437", FULL, "http://${host}/healthz", "http://${host}/${secret.TOKEN}", 22),
    ("P438", FULL, "{http: {url:", "{http: {method: POST, url:", 22),
    ("P439", FULL, "http://${host}/healthz", "http://elsewhere.example/healthz", 22),
    ("P440", CALLING, "ops.queues:drain", "ops.queues.drain", 19),
    ("P441", CALLING, "ops.queues:drain", "ops.queues:fill", 19),
    ("P447", BEARING, "secret.TOKEN", "secret.TOKEM", 22),
    ("P448", BEARING, "headers: {", "headers: {hOst: there.example, ", 22),
    ("P448", BEARING, "headers: {", "headers: {X-Forwarded-Host: there.example, ", 22),
    ("P447", BEARING, "http://ok.example/", "http://also.ok.example/", 22),
    ("P442", MENDING, 'limit: "${host}"', "limit: all", 19),
    ("P443", MENDING, "{why:", "{ansible_connection:", 19),
    ("P444", MENDING, "/srv/plays/", "/tmp/", 19),
    ("P445", FULL, '/usr/bin/restart, "${host}"', "/usr/bin/restart, web-1", 17),
    ("P501", FULL, "limits: {cooldown: 30m, ", "limits: {", 33),
    ("P502", FULL, "need: 1", "need: 0", 35),
    ("P510", FULL, 'env="staging"', 'env!="production"', 37),
    ("P511", FULL, 'env="staging"', 'env=~"staging|production"', 37),
    ("P512", FULL, "[sre]", "[sra]", 35),
    ("P513", FULL, "type: host,", "type: host, default: web-1,", 31),
    ("P514", FULL, "at_most: 3 per 6h", "at_most: 3 per 6h, blast_radius: {max_targets: 2}", 33),
    ("P515", FULL, "'env=", "'label.env=", 37),
    ("P516", FULL.replace("owner: team-a", "owner: team-a\nseverity: [sev3]"), 'env="staging"', 'severity="sev1"', 38),
    ("P517", FULL, "need: 1", "need: 3", 35),
    ("P518", FULL, "inventory:web", "inventory:wep", 31),
    (
        "P519",
        FULL,
        'word: {type: string, from: ask.word, pattern: ".*"}',
        'word: {type: host, from: label.b, allow: "inventory:web"}',
        17,
    ),
    ("P520", FULL, "type: host", "type: hots", 31),
    ("P601", PAGE, "## Steady state", "## Usual", 5),
    ("P601", PAGE, "\n## Revert", "- [ ] Somebody asks.\n\n## Revert", 48),
    ("P602", PAGE, "## Steady state", "## Revert\n\n- [ ] Mend it.\n\n## Steady state", 23),
    ("P603", PAGE, "[Revert](#revert)", "stop", 19),
    ("P604", PAGE, "takes: 30 min\n", "", 5),
    ("P605", PAGE, "takes:", "match: ['a=\"b\"']\ntakes:", 6),
    ("P606", PAGE, "  kind: experiment\n", "", 23),
    ("P607", PAGE.replace("inventory:drill", "inventory:web"), "inventory:web", "inventory:drill", 57),
    ("P608", PAGE, "from: label.instance", "from: ask.host", 57),
    ("P609", PAGE, 'orders-fail, "${host}"]\n  changes: false', 'orders-fail, "${host}"]\n  changes: true', 42),
    ("P610", WAYS + INJECTS, "| 5 min | Commander", "| soon | Commander", 43),
    ("P901", WAYS, "[ ] Look.", "[ ] Use AKIAABCDEFGHIJKLMNOP.", 24),
    ("P902", WAYS, "[ ] Look.", "[ ] Look\u202e.", 24),
    ("P903", WAYS, "owner: team-a", "owner: team-a\n\ttakes: 5 min", 5),
    ("P904", WAYS, "[ ] Look.", "[ ] Look\x07.", 24),
    ("P905", WAYS, "[ ] Look.", "[ ] " + "Look. " * 50_000, 1),
)
