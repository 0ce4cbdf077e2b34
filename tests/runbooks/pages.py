"""Small pages for the tests of plans."""

from collections.abc import Mapping
from typing import Any

from runbooks.doing import Executors
from runbooks.parse import Parsed, parse

CORE: Executors = {
    "run": {"argv": True},
    "python": {"call": True, "with": False},
    "ssh": {"host": True, "argv": True},
    "ansible": {"playbook": True, "limit": True, "extra": False, "check": False},
    "k8s": {"verb": True, "kind": True, "namespace": True, "name": True, "replicas": False},
    "http": {"method": False, "url": True, "headers": False, "json": False, "expect": False},
}

FRONT = """---
plan: 1
id: a-plan
owner: team-a
---

# A plan

What it is for.

"""

SETTINGS = """
## Settings

```yaml settings
params:
  host: {type: host, from: label.instance, allow: "inventory:web"}
  word: {type: string, from: ask.word, pattern: ".*"}
limits: {cooldown: 30m, at_most: 3 per 6h, concurrency: {key: "${host}-${word}"}}
approval:
  default: {need: 1, from: [sre]}
```
"""

ACTION = """id: restart
run: [/usr/bin/restart, "${host}"]
changes: true
timeout: 90s
verify: {http: {url: "http://${host}/healthz"}, timeout: 5s}
rollback: none
rollback_reason: It cannot be undone.
"""


def read(text: str, **options: Any) -> Parsed:
    """The page, read as the core can run it."""
    return parse(text, "a.md", executors=CORE, **options)


def step(text: str) -> str:
    """A page with one step."""
    return f"{FRONT}## Do\n\n- [ ] {text}\n"


def acting(action: str = ACTION, settings: str = SETTINGS) -> str:
    """A page with one step that has an action."""
    inside = "".join(f"  {line}\n" for line in action.splitlines())
    return f"{FRONT}## Do\n\n- [ ] Restart it.\n\n  ```yaml action\n{inside}  ```\n{settings}"


def found(parsed: Parsed) -> Mapping[str, list[int]]:
    """Code → lines."""
    codes: dict[str, list[int]] = {}
    for problem in parsed.problems:
        codes.setdefault(problem.code, []).append(problem.line)
    return codes
