"""An experiment breaks something on purpose: what its page must say, and that no alert begins it."""

import pytest

from bot.domain.terms import MINUTE, Severity
from runbooks.catalogue import load
from runbooks.match import choose
from tests.runbooks.pages import CORE, FRONT, found, read, step

PAGE = """---
plan: 1
id: break-it
owner: team-a
kind: experiment
takes: 30 min
---

# Break it

What we learn.

## Steady state

- [ ] **Decision:** Is everything as usual?
  - **Yes** → continue
  - **No** → stop

## Inject

- [ ] Break it.

  ```yaml action
  id: break
  run: [/usr/bin/break, "${host}"]
  changes: true
  timeout: 30s
  verify: {run: [/usr/bin/is-broken, "${host}"], timeout: 5s}
  rollback: {run: [/usr/bin/mend, "${host}"], timeout: 30s}
  kind: experiment
  ```

- [ ] **Decision:** Did people notice?
  - **Yes** → continue
  - **No** → [Revert](#revert)

## Abort when

@ABORTS@
## Revert

- [ ] Mend it.

## Settings

```yaml settings
params:
  host: {type: host, from: label.instance, allow: "inventory:drill"}
limits: {cooldown: 30m, at_most: 3 per 6h, concurrency: {key: "${host}"}}
approval: {default: {need: 1, from: [sre]}}
after_failure: revert
```
"""

ABORTS = """- a real incident is declared
- more than 1 % of orders fail

  ```yaml action
  id: orders-fail
  run: [/usr/bin/orders-fail, "${host}"]
  changes: false
  timeout: 10s
  ```

"""
PAGE = PAGE.replace("@ABORTS@\n", ABORTS)
INJECTS = "\n## Injects\n\n| After | Tell | Text |\n|---|---|---|\n| 5 min | Commander | The press calls. |\n| 2h | | Rain. |\n"


def test_reads_an_experiment() -> None:
    parsed = read(PAGE + INJECTS)
    assert parsed.problems == ()
    assert parsed.plan is not None
    assert parsed.plan.abort_when == ("a real incident is declared", "more than 1 % of orders fail")
    [(words, check)] = parsed.plan.abort_checks
    assert (words, check.id, check.line) == ("more than 1 % of orders fail", "orders-fail", 42)
    assert [phase.slug for phase in parsed.plan.phases] == ["steady-state", "inject", "revert"]
    said = [(i.after, i.tell, i.text, i.line) for i in parsed.plan.injects]
    assert said == [(5 * MINUTE, "commander", "The press calls.", 67), (120 * MINUTE, "everybody", "Rain.", 68)]
    assert parsed.plan.help == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("## Steady state", "## Usual", "P601", 5),
        (ABORTS, "", "P601", 5),
        ("takes: 30 min\n", "", "P604", 5),
        ("takes:", "match: ['a=\"b\"']\ntakes:", "P605", 6),
        ("[Revert](#revert)", "stop", "P603", 19),
        ("after_failure: revert\n", "", "P603", 19),
        ("  kind: experiment\n", "", "P606", 23),
        ("inventory:drill", "inventory:all", "P606", 57),
        ("→ stop\n", "→ [Revert](#revert)\n", "", 0),
    ],
)
def test_says_what_an_experiment_lacks(old: str, new: str, code: str, line: int) -> None:
    assert old in PAGE
    parsed = read(PAGE.replace(old, new))
    assert [(code, [line])] == list(found(parsed).items()) if code else parsed.problems == ()


def test_the_break_stands_between_the_usual_and_the_way_back() -> None:
    first, rest = PAGE.split("## Steady state")
    usual, rest = rest.split("## Inject")
    broken, rest = rest.split("## Abort when")
    page = f"{first}## Inject{broken}## Steady state{usual}## Abort when{rest}"
    assert found(read(page)).keys() == {"P602", "P603"}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("| After |", "| When |", 17),
        ("| 5 min |", "| soon |", 19),
        ("| The press calls. |", "| |", 19),
    ],
)
def test_says_what_is_wrong_with_an_inject(old: str, new: str, line: int) -> None:
    assert read(step("x") + INJECTS).problems == ()
    assert found(read(step("x") + INJECTS.replace(old, new))) == {"P610": [line]}


def test_an_inject_is_told_to_a_role_that_is_there() -> None:
    roles = "## Roles\n\n| Role | Who |\n|---|---|\n| Network | @net |\n\n"
    page = step("x").replace("## Do", f"{roles}## Do") + INJECTS.replace("Commander", "Netwerk")
    assert list(found(read(page))) == ["P204"]


def test_no_alert_begins_an_experiment() -> None:
    plan = read(PAGE).plan
    assert plan is not None
    chosen = choose([*load(None, CORE).plans, plan], [{"alertname": "x"}], Severity.SEV1, ["break-it"])
    assert chosen.why == "default"
    assert {name: text.msgid for name, text in chosen.others}["break-it"] == "It is an experiment: people begin it."


def test_a_pinned_text_is_read_whatever_newer_rules_say() -> None:
    from runbooks.parse import accepted, sha_of

    text = FRONT + "## A\n\n- [ ] **Decision:** x?\n  - **Yes** → [A](#a)\n  - **No** → [A](#a)\n"
    assert read(text).plan is None
    plan = accepted(text, "a.md", CORE)
    assert (plan.sha, [s.number for s in plan.phases[0].steps]) == (sha_of(text), ["1.1"])
