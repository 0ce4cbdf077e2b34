"""Authors' tests: a plan is rehearsed by the domain's own rules, and what did not come true is told with its line."""

from pathlib import Path

import pytest

from bot.cli.plan_lint import line as line_of
from bot.domain.plan import Plan
from bot.text import PlainShow, render
from runbooks import cases
from runbooks.cases import SUFFIX, Case
from runbooks.catalogue import STARTERS
from runbooks.problem import Report
from runbooks.rehearsal_action import rehearse
from runbooks.trail import differences
from tests.runbooks.pages import FRONT, SETTINGS, acting, read

ROLES = (
    "## Roles\n\n| Role | Who | Standby | Takes over after |\n|---|---|---|---|\n| Network | @net | @ops | 5 min |\n\n"
)
LOOK = """## Look

- [ ] Look.

  ```yaml action
  id: look
  run: [/usr/bin/look, "${host}"]
  changes: false
  timeout: 5s
  ```

- [ ] **Decision:** Is it bad?
  - **Yes** → continue
  - **No** → stop
  - **Look again** → [Look](#look)
- [ ] Tell people. *(Communications, meanwhile)*
- [ ] Say what you do. *(Network, evidence, confirmed by Commander, always)*

"""
RULES = "[sre]}\n  rules:\n    - {when: ['env=\"staging\"'], auto: true}\n"
PAGE = acting(settings=SETTINGS.replace("[sre]}\n", RULES)).replace("## Do", f"{ROLES}{LOOK}## Do")
ALERT = '{instance: "web-1:9100", env: production, severity: sev3}'


def plan_of(page: str = PAGE) -> Plan:
    plan = read(page).plan
    assert plan is not None, read(page).problems
    return plan


def case_of(text: str, plan: Plan) -> Case:
    report = Report("a.test.yaml", text.count("\n") + 1)
    [case] = cases.read(text, plan, report)
    assert not report.problems
    return case


def wrong(text: str, page: str = PAGE) -> list[str]:
    plan = plan_of(page)
    case = case_of(text, plan)
    return [render(said, PlainShow()) for said in differences(case.expect, rehearse(plan, case))]


@pytest.mark.parametrize(
    ("more", "expect"),
    [
        ("", 'path: ["1.1", look, "1.2", "1.4", do, "2.1", restart], approvals: 1, states: [OK], ends: finished'),
        ("approve: no", "never: [restart], approvals: 1, attempts: 0, refused: [], ends: waits at 2.1"),
        ("approve: nobody", "never: [restart], approvals: 1, attempts: 0, ends: waits at 2.1"),
        ("answers: {1.2: No}", 'never: ["1.4", restart], ends: stopped, approvals: 0'),
        ("answers: {Is it bad: [Look again, Yes]}", 'path: ["1.1", "1.2", "1.1", look, "1.2", "1.4"], ends: finished'),
        ("answers: {1.2: Look again}", "never: [restart], ends: limit"),
        ("answers: {}", "ends: waits at 1.2"),
        ("alert: {env: staging, instance: web-1}", "approvals: 0, attempts: 1, ends: finished"),
        ("alert: {instance: web-1}", "approvals: 1"),
        ("alert: {env: production}", "refused: [empty], ends: waits at 1.1"),
        ("hosts: [web-9]", "refused: [param], ends: waits at 1.1"),
        ("run: {}", "path: [look], refused: [empty], ends: waits at 2.1"),
        ("mode: off", "never: [look, restart], refused: [off]"),
        ("mode: dry-run", 'path: [look, "1.4"], refused: [dry_run]'),
        ("mode: ask", "approvals: 1"),
        ("ran: [29m]", "refused: [cooldown], attempts: 0"),
        ("ran: [31m]", "refused: [], attempts: 1"),
        ("ran: [31m, 2h, 5h]", "refused: [rate], attempts: 0"),
        ("fake: {restart: {verify: fail}}", "states: [FAILED], ends: waits at 2.1"),
        ("fake: {restart: {exit: 3}}", "states: [OK], ends: finished"),
        ("fake: {restart: {timed_out: true}}", "states: [TIMED_OUT], ends: waits at 2.1"),
        ("fake: {restart: {crash: host}}", "states: [OK], ends: finished"),
        ("fake: {restart: {crash: host, verify: fail}}", "states: [UNKNOWN], attempts: 1, ends: waits at 2.1"),
        ("fake: {look: {crash: host}}", 'path: [look, look, "1.2"], attempts: 1, ends: finished'),
        ("fake: {look: {exit: 3}}", "ends: waits at 1.1"),
    ],
)
def test_the_domain_decides(more: str, expect: str) -> None:
    given = {"alert": ALERT, "run": "{word: a}", "answers": "{1.2: Yes}"}
    key, _, value = more.partition(": ")
    lines = "".join(f"  {name}: {said}\n" for name, said in {**given, **({key: value} if more else {})}.items())
    assert wrong(f"- name: a\n{lines}  expect: {{{expect}}}\n") == []


def test_what_may_be_done_twice_is_done_again() -> None:
    page = PAGE.replace("timeout: 90s", "timeout: 90s\n  idempotent: true")
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{1.2: Yes}}\n"
    text += "  fake: {restart: {crash: host, verify: fail}}\n"
    assert wrong(f"{text}  expect: {{states: [UNKNOWN, OK], attempts: 2, approvals: 2, ends: finished}}\n", page) == []


@pytest.mark.parametrize(
    ("retries", "fails", "expect"),
    [
        (2, 2, "states: [FAILED, FAILED, OK], attempts: 3, approvals: 1, ends: finished"),
        (1, 2, "states: [FAILED, FAILED], attempts: 2, approvals: 1, ends: waits at 2.1"),
    ],
)
def test_what_failed_is_tried_again_under_the_same_yes(retries: int, fails: int, expect: str) -> None:
    page = PAGE.replace("timeout: 90s", f"timeout: 90s\n  idempotent: true\n  retries: {retries}")
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{1.2: Yes}}\n"
    text += f"  fake: {{restart: [{', '.join(['{verify: fail}'] * fails)}]}}\n"
    assert wrong(f"{text}  expect: {{{expect}}}\n", page) == []


def test_the_tries_of_one_run_count_for_the_rate() -> None:
    page = PAGE.replace("timeout: 90s", "timeout: 90s\n  idempotent: true\n  retries: 5")
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{1.2: Yes}}\n  fake: {{restart: {{verify: fail}}}}\n"
    expect = "states: [FAILED, FAILED, FAILED], refused: [rate], approvals: 1, ends: waits at 2.1"
    assert wrong(f"{text}  expect: {{{expect}}}\n", page) == []


BACK = """
  ```yaml action
  id: {id}
  run: [/usr/bin/{id}, "${{host}}"]
  changes: true
  timeout: 90s
  verify: {{run: [/usr/bin/look-at-{id}, "${{host}}"], timeout: 5s}}
  rollback: {{run: [/usr/bin/un-{id}, "${{host}}"], timeout: 5s}}
  on_failure: rollback
  ```
"""


@pytest.mark.parametrize(
    ("fake", "expect"),
    [
        ("", "states: [OK, OK, OK], undone: [], approvals: 3, ends: stopped"),
        (
            "third: {verify: fail}",
            "states: [OK, OK, FAILED], undone: [third, second, first], path: [third, people], approvals: 3, ends: finished",
        ),
        ("third: {timed_out: true}", "states: [OK, OK, TIMED_OUT], undone: [third, second, first]"),
        ("third: {verify: fail}, second: {rollback: fail}", "undone: [third], path: [third, people], ends: finished"),
        ("third: {verify: fail}, second: {rollback: crash}", "undone: [third], never: [people], ends: waits at 1.2"),
        ("second: {exit: 1, verify: fail}", "states: [OK, FAILED], undone: [second, first], never: [third]"),
        ("third: {crash: host, verify: fail}", "states: [OK, OK, UNKNOWN], undone: [], ends: waits at 1.3"),
    ],
)
def test_what_was_done_is_undone_the_last_first(fake: str, expect: str) -> None:
    steps = "".join(f"- [ ] Do it.\n{BACK.format(id=name)}\n" for name in ("first", "second", "third"))
    ends = (
        "- [ ] **Decision:** Well?\n  - **Yes** → stop\n  - **No** → [People](#people)\n\n## People\n\n- [ ] Look.\n\n"
    )
    settings = SETTINGS.replace("cooldown: 30m", "cooldown: 0s").replace("at_most: 3", "at_most: 9")
    page = f"{FRONT}## Do\n\n{steps}{ends}{settings}"
    page = page.replace("approval:", "after_failure: people\napproval:")
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{Well: Yes}}\n  fake: {{{fake}}}\n"
    assert wrong(f"{text}  expect: {{{expect}}}\n", page) == []


@pytest.mark.parametrize(
    ("more", "expect"),
    [
        ("mode: off", "refused: ['off', 'off'], path: ['1.1', '1.2', '2.1'], never: [look, restart], ends: finished"),
        ("approve: no", "attempts: 0, path: [look, '2.1'], never: [restart], ends: finished"),
    ],
)
def test_people_do_by_hand_what_the_bot_does_not(more: str, expect: str) -> None:
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{1.2: Yes}}\n  {more}\n"
    assert wrong(f"{text}  by_hand: true\n  expect: {{{expect}}}\n") == []
    assert wrong(f"{text}  expect: {{{expect}}}\n") != [], "else they wait"


def test_what_did_not_come_true_is_told() -> None:
    text = f"- name: a\n  alert: {ALERT}\n  run: {{word: a}}\n  answers: {{1.2: No}}\n"
    expect = "path: [restart], never: [look], approvals: 1, states: [OK], attempts: 1, refused: [rate], ends: finished"
    assert wrong(f"{text}  expect: {{{expect}}}\n") == [
        "path: restart did not come in this order; it went 1.1, look, 1.2",
        "never: it came to look; it went 1.1, look, 1.2",
        "approvals: expected 1, was 0",
        "states: expected [OK], was []",
        "attempts: expected 1, was 0",
        "refused: expected [rate], was []",
        "ends: expected finished, was stopped",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("answers:", "answer:", 3, "a test has no key answer. (did you mean answers?)"),
        ("1.2: Yes", "1.2: Yep", 3, "Yep is no answer of step 1.2. (did you mean Yes?)"),
        ("1.2:", "9.9:", 3, "The plan asks nothing at 9.9. (known are: 1.2)"),
        ("{restart:", "{restrt:", 4, "The plan has no action restrt. (did you mean restart?)"),
        ("exit: 0", "exitt: 0", 4, "an answer of a machine has no key exitt. (did you mean exit?)"),
        ("exit: 0", "exit: soon", 4, "exit must be a whole number from 0 to 599."),
        ("[10m]", "[soon]", 5, "ran must be a list of times such as [10m, 2h]."),
        ("[look]", "[loop]", 7, "The plan has no phase, step or action loop. (did you mean look?)"),
        ("ends:", "end:", 8, "expect has no key end. (did you mean ends?)"),
        ("- name: a", "- nam: a", 1, "This test has no name."),
    ],
)
def test_a_mistake_in_a_test_is_told(old: str, new: str, line: int, words: str) -> None:
    text = (
        "- name: a\n  alert: {env: x}\n  answers: {1.2: Yes}\n  fake: {restart: {exit: 0}}\n  ran: [10m]\n  expect:\n"
    )
    text += "    path: [look]\n    ends: finished\n"
    report = Report("a", text.count("\n") + 1)
    cases.read(text, plan_of(), report)
    assert not report.problems
    assert old in text
    cases.read(text.replace(old, new), plan_of(), report)
    told = [(problem.line, line_of("text", problem).partition(" P701 ")[2]) for problem in report.problems]
    assert (line, words) in told


@pytest.mark.parametrize("text", ["", "a: b", "- a", "- [", "- name: a\n"])
def test_no_text_of_a_test_is_an_exception(text: str) -> None:
    report = Report("a", text.count("\n") + 1)
    cases.read(text, plan_of(), report)
    assert report.failed


@pytest.mark.parametrize("path", sorted(STARTERS.parent.glob("plans*/*.md")), ids=lambda path: path.stem)
def test_every_plan_of_the_starter_library_has_tests_that_pass(path: Path) -> None:
    text = path.with_suffix(SUFFIX).read_text("utf-8")
    plan = plan_of(path.read_text("utf-8"))
    report = Report(path.name, text.count("\n") + 1)
    found = cases.read(text, plan, report)
    assert not report.problems
    for case in found:
        assert list(differences(case.expect, rehearse(plan, case))) == [], case.name
