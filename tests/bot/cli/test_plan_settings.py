"""`tocsin plan show`: a reviewer sees everything that can happen."""

from dataclasses import replace

from bot.cli.plan_settings import settings
from bot.cli.plan_text import shown
from bot.domain.plan import ApprovalRule, Inject
from bot.domain.terms import MINUTE
from tests.runbooks.pages import ACTION, acting, read


def test_who_is_asked_and_when_nobody() -> None:
    plan = read(acting()).plan
    assert plan is not None
    rules = (
        ApprovalRule(('env="staging"',), auto=True),
        ApprovalRule(('label.team="a"',), need=2),
        ApprovalRule(('severity="sev1"',), groups=("owners",)),
    )
    its = replace(plan.settings, rules=rules, after_failure="do")
    plan = replace(plan, settings=its, injects=(Inject(2 * MINUTE, "everybody", "It rains."),))
    told = [line.replace("\xa0", " ") for line in settings(plan)]
    assert told[told.index("Approval") :] == [
        "Approval",
        '  where env="staging": nobody is asked, if policy.yaml allows it',
        '  also, where label.team="a": 2 of sre',
        '  where severity="sev1": 1 of owners',
        "  else: 1 of sre, not whoever started it; asked for 15 min",
        "  policy.yaml may ask for more, and never for less",
        "",
        "After a failure: phase do",
        "",
        "In a drill",
        "  after 2 min, to everybody: It rains.",
    ]


def test_all_that_bounds_an_action() -> None:
    action = ACTION.replace("timeout: 90s", "timeout: 90s\nidempotent: true\nretries: 2\non_failure: rollback")
    back = 'rollback: {run: [/usr/bin/restart, "--back", "${host}"], timeout: 30s}'
    plan = read(acting(action.replace("rollback: none\nrollback_reason: It cannot be undone.", back))).plan
    assert plan is not None
    told = "\n".join(shown(plan)).replace("\xa0", " ")
    for words in (
        "may be done twice, tried 3 times at most, if it fails: what was done in this walk is undone",
        "then checks: GET http://${host}/healthz (at most 5 s)",
        "undone by: run /usr/bin/restart --back ${host} (at most 30 s)",
        "pause: 30 min on the same target",
        "rate: at most 3 in 6 h, over all targets",
        "at once: 1 for ${host}-${word}",
    ):
        assert words in told
