"""A line that is lost, doubled or broken is told, or takes rights away: it never gives any."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from bot.domain import rights
from runbooks.catalogue import STARTERS
from tests.runbooks.pages import FRONT, read
from tests.runbooks.test_experiment import PAGE as EXPERIMENT

SPELLED = (
    FRONT.replace("owner: team-a", "owner: team-a\nseverity: [sev3, sev4]")
    + """## Do

- [ ] **Decision:** Is it in order?
  - **Yes** → stop
  - **No** → continue

  ```yaml action
  id: look
  http: {url: "http://${host}/healthz"}
  changes: false
  timeout: 5s
  on_failure: continue
  answer: {"200": Yes, otherwise: No}
  kind: diagnostic
  ```

- [ ] Restart it.

  ```yaml action
  id: restart
  run: [/usr/bin/restart, "${host}", "${way}", "${n}", "${word}"]
  changes: true
  timeout: 90s
  idempotent: true
  retries: 1
  verify:
    http: {url: "http://${host}/healthz"}
    timeout: 5s
    attempts: 3
    wait: 5s
  rollback:
    run: [/usr/bin/restart, "--back", "${host}"]
    timeout: 30s
  on_failure: rollback
  kind: self_heal
  ```

## People

- [ ] Look.

## Settings

```yaml settings
params:
  host:
    type: host
    from: label.instance
    allow: "inventory:web"
  way:
    type: choice
    from: label.way
    required: true
    choices: [slow, fast]
  n:
    type: int
    from: label.n
    default: 3
    min: 1
    max: 5
  word:
    type: string
    from: ask.word
    pattern: "[a-z]+"
limits:
  cooldown: 2h
  at_most: 3 per 6h
  concurrency:
    key: "${host}"
    max: 1
  blast_radius:
    max_targets: 1
    max_percent: 10
    of: "inventory:web"
approval:
  default:
    need: 2
    from: [sre, owners]
    not: [starter]
    expires: 15m
    then_after: 5m
  rules:
    - when: ['env="production"']
      need: 3
      from: [owners]
    - when: ['env="staging"']
      auto: true
after_failure: people
```
"""
)
"""Every key that has a value to lose stands on a line of its own. The request or the words of a program stand on one: which of
them can be missed nobody but a reviewer knows, and `plan diff` shows them.
"""

SHIPPED = [text for path in sorted(STARTERS.glob("*.md")) if "```yaml action" in (text := path.read_text("utf-8"))]
DAMAGE: Mapping[str, Callable[[str], list[str]]] = {
    "delete": lambda line: [],
    "twice": lambda line: [line, line],
    "indent": lambda line: ["  " + line],
    "out": lambda line: [line.removeprefix("  ")],
    "no colon": lambda line: [line.replace(":", "", 1)],
    "no star": lambda line: [line.replace("*", "", 1)],
    "cut": lambda line: [line[: len(line) // 2]],
}


FOR_REVIEWERS = ("match", "severity", "confirmed by")
"""What a plan may leave out, and the words of people's steps: that one of them got lost only a reviewer sees, in `plan diff`. The
bot itself may nothing by it that it might not before.
"""

PAGES = [
    *((SPELLED, damage) for damage in DAMAGE),
    *((text, damage) for text in (EXPERIMENT, *SHIPPED) for damage in ("delete", "no colon", "cut")),
]


def damaged(text: str, damage: str) -> Iterator[tuple[int, str]]:
    """Each line of the blocks and of the front matter, and each tenth of the others, damaged, with its number."""
    lines, inside = text.split("\n"), False
    for number, line in enumerate(lines):
        edge = line.strip().startswith(("---", "```"))
        inside = inside is not edge
        changed = "\n".join([*lines[:number], *DAMAGE[damage](line), *lines[number + 1 :]])
        if line.strip() and changed != text and (edge or inside or number % 10 == 0):
            yield number + 1, changed


@pytest.mark.parametrize(("text", "damage"), PAGES, ids=lambda one: one if len(one) < 20 else one.split("\n")[2])
def test_a_damaged_plan_never_may_more(text: str, damage: str) -> None:
    whole = read(text).plan
    assert whole is not None, read(text).problems
    for number, changed in damaged(text, damage):
        parsed = read(changed)
        assert parsed.plan is not None or any(1 <= p.line <= changed.count("\n") + 1 for p in parsed.problems)
        if parsed.plan is not None:
            more = [str(one) for one in rights.more(whole, parsed.plan) if one.right not in FOR_REVIEWERS]
            assert more == [], (number, text.split("\n")[number - 1])
