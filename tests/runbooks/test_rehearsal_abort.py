"""What ends an experiment, in an author's test: what a check finds, and that the walk goes to Revert and no further."""

import pytest

from bot.cli.plan_lint import line as line_of
from runbooks import cases
from runbooks.problem import Report
from tests.runbooks.test_experiment import PAGE
from tests.runbooks.test_rehearsal import plan_of, wrong

HEAD = '- name: a\n  alert: {instance: web-1, env: drill}\n  answers: {Is everything: "Yes", Did people: "Yes"}\n'


@pytest.mark.parametrize(
    ("fake", "expect"),
    [
        ("", "path: [break, '2.2', revert], aborted: [], ends: finished"),
        ("orders-fail: {}", "never: ['2.1', inject, break], path: [revert], aborted: [orders-fail]"),
        ("orders-fail: {at: 2.1}", "path: [inject, revert], never: [break, '2.2'], aborted: [orders-fail]"),
        ("orders-fail: {exit: 0, at: 2.2}", "path: [break, '2.2', revert], aborted: [orders-fail], ends: finished"),
        ("orders-fail: {exit: 1, at: 2.2}", "path: [break, '2.2', revert], aborted: []"),
        ("orders-fail: {timed_out: true, at: 2.2}", "path: [break, '2.2', revert], aborted: [orders-fail]"),
        ("orders-fail: {at: 3.1}", "aborted: []"),
        ("orders-fail: {at: 2.2}, break: {verify: fail}", "path: [break, revert], never: ['2.2'], aborted: []"),
    ],
)
def test_the_walk_stops_where_the_check_says_so(fake: str, expect: str) -> None:
    assert wrong(f"{HEAD}  fake: {{{fake}}}\n  expect: {{{expect}}}\n", PAGE) == []


@pytest.mark.parametrize("more", ["  mode: off\n", "  hosts: [web-2]\n"])
def test_what_cannot_be_looked_at_is_taken_back(more: str) -> None:
    """As the switch forbids it, or as a value is wrong: nobody goes on blind."""
    text = f"{HEAD}{more}  expect: {{path: [revert], never: [inject], aborted: [orders-fail]}}\n"
    assert wrong(text, PAGE) == []


def test_that_nothing_ended_it_is_told() -> None:
    assert wrong(f"{HEAD}  expect: {{aborted: [orders-fail]}}\n", PAGE) == ["aborted: expected [orders-fail], was []"]


@pytest.mark.parametrize(
    ("fake", "expect", "line", "words"),
    [
        ("{orders-fall: {}}", "{}", 4, "The plan has no action orders-fall. (did you mean orders-fail?)"),
        ("{orders-fail: {at: 2.9}}", "{}", 4, "The plan has no step 2.9. (did you mean 2.2?)"),
        (
            "{orders-fail: {verify: ok}}",
            "{}",
            4,
            "what a check finds has no key verify. (known are: at, exit, status, timed_out)",
        ),
        ("{orders-fail: [{}]}", "{}", 4, "what a check finds must be a list of keys and values."),
        ("orders-fail", "{}", 4, "fake must be names with values in { }."),
        ("{break: {at: 2.1}}", "{}", 4, "an answer of a machine has no key at."),
        (
            "{}",
            "{aborted: [orders]}",
            5,
            "Nothing below ## Abort when is checked by orders. (did you mean orders-fail?)",
        ),
    ],
)
def test_a_mistake_is_told(fake: str, expect: str, line: int, words: str) -> None:
    text = f"{HEAD}  fake: {fake}\n  expect: {expect}\n"
    report = Report("a", text.count("\n") + 1)
    cases.read(text, plan_of(PAGE), report)
    told = [(problem.line, line_of("text", problem).partition(" P701 ")[2]) for problem in report.problems]
    assert [(number, said[: len(words)]) for number, said in told] == [(line, words)]
