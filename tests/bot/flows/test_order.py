"""What is handed to the machine is what stands on the page."""

from bot.domain.policy import Automation
from bot.flows.orders import order_of
from tests.runbooks.pages import ACTION, acting, read

PAGE = acting(
    ACTION.replace("timeout: 90s", "timeout: 90s\nidempotent: true\nretries: 2\non_failure: rollback")
    .replace("timeout: 5s}", "timeout: 5s, attempts: 4, wait: 2s}")
    .replace(
        "rollback: none\nrollback_reason: It cannot be undone.",
        'rollback: {run: [/usr/bin/back, "${host}"], timeout: 7s}',
    )
)


def test_every_word_of_the_block_reaches_it() -> None:
    plan = read(PAGE).plan
    assert plan is not None
    action = plan.phases[0].steps[0].action
    assert action is not None
    order = order_of(plan, action, {"host": "web-1"}, Automation(programs=("/usr/bin/*",)), "web-1")
    limits = order.pop("limits")
    assert (limits["programs"], limits["reach"]["target"]) == (["/usr/bin/*"], "web-1")
    assert order == {
        "executor": "run",
        "spec": {"argv": ["/usr/bin/restart", "web-1"]},
        "timeout": 90.0,
        "verify": {
            "executor": "http",
            "spec": {"url": "http://web-1/healthz"},
            "timeout": 5.0,
            "attempts": 4,
            "wait": 2.0,
        },
        "rollback": {"executor": "run", "spec": {"argv": ["/usr/bin/back", "web-1"]}, "timeout": 7.0},
        "with_rollback": True,
        "retries": 2,
        "idempotent": True,
    }
