"""What counts as more rights: each line of a plan, made wider and made narrower."""

import pytest

from bot.domain.plan import Plan
from bot.domain.rights import more, renamed
from tests.runbooks.pages import read
from tests.runbooks.test_experiment import PAGE as EXPERIMENT
from tests.runbooks.test_rights import SPELLED

ALONE = "restart: begins with nobody there"


def plan(page: str) -> Plan:
    found = read(page)
    assert found.plan is not None, found.problems
    return found.plan


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        ("/usr/bin/restart, \"${host}\", ", "/usr/bin/restart, --all, \"${host}\", ", ["restart: does"], ["restart: does"]),
        ("timeout: 90s", "timeout: 91s", ["restart: timeout"], []),
        ("  idempotent: true\n  retries: 1\n", "", [], ["restart: idempotent", "restart: retries"]),
        ("retries: 1", "retries: 2", ["restart: retries"], []),
        ("attempts: 3", "attempts: 4", ["restart: check"], []),
        ("    timeout: 5s\n", "    timeout: 6s\n", ["restart: check"], []),
        ("${host}/healthz\"}\n    timeout", "${host}/\"}\n    timeout", ["restart: check"], ["restart: check"]),
        ("    timeout: 30s", "    timeout: 31s", ["restart: rollback timeout"], []),
        ("--back", "--undo", ["restart: rollback"], ["restart: rollback"]),
        ("on_failure: rollback", "on_failure: stop", [], ["restart: after a failure"]),
        ("on_failure: rollback", "on_failure: continue", ["restart: after a failure"], ["restart: after a failure"]),
        ("otherwise: No}", "otherwise: Yes}", ["look: answers"], ["look: answers", ALONE]),
        (", otherwise: No}", "}", [], ["look: answers", ALONE]),
        ("id: restart", "id: again", [], []),
        ("inventory:web\"\n  way", "inventory:all\"\n  way", ["host: targets"], []),
        ("inventory:web\"\n  way", "inventory:db\"\n  way", ["host: targets"], ["host: targets"]),
        ("[slow, fast]", "[slow, fast, wild]", ["way: values"], []),
        ("max: 5", "max: 6", ["n: values"], []),
        ("min: 1", "min: 0", ["n: values"], []),
        ("    default: 3\n", "", [], ["n: values"]),
        ("from: label.way", "from: ask.way", ["way: values"], ["way: values"]),
        ("required: true", "required: false", ["way: values"], []),
        ("cooldown: 2h", "cooldown: 1h", ["pause"], []),
        ("3 per 6h", "4 per 6h", ["rate"], []),
        ("3 per 6h", "3 per 5h", ["rate"], []),
        ("    max: 1\n", "    max: 2\n", ["lock"], []),
        ('key: "${host}"', 'key: "${host}-${way}"', ["lock"], ["lock"]),
        ("max_percent: 10", "max_percent: 100", [], []),
        ("need: 2", "need: 1", ["people"], []),
        ("[sre, owners]", "[sre, owners, all]", ["groups"], []),
        ("not: [starter]", "not: []", ["not"], []),
        ("need: 3", "need: 2", ["rules"], []),
        ("      from: [owners]", "      from: [owners, sre]", ["rules"], []),
        ("    - when: ['env=\"production\"']\n      need: 3\n      from: [owners]\n", "", ["rules"], ["rules"]),
        ("    - when: ['env=\"staging\"']\n      auto: true\n", "", [], ["without asking"]),
        ('env="staging"', 'env=~"staging|test"', ["without asking"], ["without asking"]),
        ("expires: 15m", "expires: 24h", ["expires"], []),
        ("then_after: 5m", "then_after: 1s", ["then after"], []),
        ("severity: [sev3, sev4]\n", "", ["severity"], []),
        ("[sev3, sev4]", "[sev4, sev1]", ["severity"], ["severity"]),
        ("after_failure: people", "after_failure: do", ["after a failure"], ["after a failure"]),
    ],
)  # fmt: skip
def test_more_one_way_and_not_always_the_other(old: str, new: str, there: list[str], back: list[str]) -> None:
    assert old in SPELLED
    before, after = plan(SPELLED), plan(SPELLED.replace(old, new, 1))
    assert [str(one) for one in more(before, after)] == there
    assert [str(one) for one in more(after, before)] == back
    assert not list(more(before, before))


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        ("id: restart", "id: again", ["again: counted anew"], ["restart: counted anew"]),
        ("id: a-plan", "id: b-plan", ["counted anew"], ["counted anew"]),
        ("id: look", "id: see", [], []),
        ("timeout: 90s", "timeout: 91s", [], []),
    ],
)
def test_what_is_counted_begins_anew_under_another_name(old: str, new: str, there: list[str], back: list[str]) -> None:
    before, after = plan(SPELLED), plan(SPELLED.replace(old, new, 1))
    assert [str(one) for one in renamed(before, after)] == there
    assert [str(one) for one in renamed(after, before)] == back


def test_an_hour_for_the_next_group_that_is_lost_is_five_minutes() -> None:
    slow = plan(SPELLED.replace("then_after: 5m", "then_after: 1h"))
    lost = plan(SPELLED.replace("    then_after: 5m\n", ""))
    assert [str(one) for one in more(slow, lost)] == ["then after"]


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        ("", 'a="b"', ["match"], ["match"]),
        ('a="b"', 'a="b"\', \'c="d"', [], ["match"]),
        ('a="b"', 'a=~"b|c"', ["match"], ["match"]),
    ],
)
def test_for_more_alerts(old: str, new: str, there: list[str], back: list[str]) -> None:
    pages = (SPELLED.replace("severity:", f"match: ['{one}']\nseverity:" if one else "severity:") for one in (old, new))
    before, after = map(plan, pages)
    assert [str(one) for one in more(before, after)] == there
    assert [str(one) for one in more(after, before)] == back


@pytest.mark.parametrize(
    ("old", "new", "there", "back"),
    [
        ("Look. *(confirmed by Owners, always)*", "Look. *(confirmed by Owners)*", ["step 2.1: confirmed by"], []),
        ("Look. *(confirmed by Owners)*", "Look.", ["step 2.1: confirmed by"], []),
        ("Look. *(confirmed by Owners)*", "See.", ["step 2.1: confirmed by"], []),
        ("Look. *(confirmed by Owners)*", "See. *(confirmed by Owners)*", [], []),
        (
            "Look. *(confirmed by Owners)*",
            "Look. *(confirmed by Ops)*",
            ["step 2.1: confirmed by"],
            ["step 2.1: confirmed by"],
        ),
        (
            "Wait.\n- [ ] Look. *(confirmed by Owners)*",
            "Wait.",
            ["step 2.2 (gone): confirmed by"],
            [],
        ),
    ],
)
def test_a_second_person_who_is_asked_no_longer(old: str, new: str, there: list[str], back: list[str]) -> None:
    roles = "## Roles\n\n| Role | Who |\n|---|---|\n| Owners | @owners |\n| Ops | @ops |\n\n## Do\n"
    before, after = (plan(SPELLED.replace("## Do\n", roles).replace("] Look.", f"] {one}")) for one in (old, new))
    assert [str(one) for one in more(before, after)] == there
    assert [str(one) for one in more(after, before)] == back


def test_the_first_rule_that_holds_decides() -> None:
    rules = SPELLED.partition("  rules:\n")[2].partition("after_failure")[0]
    first, second = rules.split("    - ")[1:]
    turned = SPELLED.replace(rules, f"    - {second}    - {first}")
    assert [str(one) for one in more(plan(SPELLED), plan(turned))] == ["order of rules"]


FIRST = "## Do\n\n- [ ] **Decision:** Is the other side down?\n  - **Yes** → continue\n  - **No** → stop\n\n- [ ] **Decision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FIRST, "## Do\n\n- [ ] **Decision"),  # the question to people is gone
        ("  answer: {", "  # answer: {"),  # (the other way) the action no longer answers: people do
        ("- [ ] Restart it.", "- [ ] Look there.\n\n- [ ] Restart it."),
    ],
)
def test_a_step_of_people_is_all_that_holds_an_action_nobody_is_asked_about(old: str, new: str) -> None:
    asking = SPELLED.replace("## Do\n\n- [ ] **Decision", FIRST) if old is FIRST else SPELLED.replace(old, new, 1)
    assert asking != SPELLED
    free = [str(one) for one in more(plan(asking), plan(SPELLED))]
    assert ALONE in free
    assert ALONE not in [str(one) for one in more(plan(SPELLED), plan(asking))]
    auto = "    - when: ['env=\"staging\"']\n      auto: true\n"
    assert auto in SPELLED  # somebody is asked in any case
    assert ALONE not in [str(one) for one in more(plan(asking.replace(auto, "")), plan(SPELLED.replace(auto, "")))]


def test_each_line_that_a_rule_without_asking_loses_is_told() -> None:
    listed = SPELLED.replace(
        "    - when: ['env=\"staging\"']\n",
        "    - when:\n      - 'env=\"staging\"'\n      - 'tier=\"3\"'\n",
    )
    lost = listed.replace("      - 'tier=\"3\"'\n", "")
    assert lost != listed
    assert [str(one) for one in more(plan(listed), plan(lost))] == ["without asking"]
    bare = read(listed.replace("      - 'env=\"staging\"'\n", ""))
    assert bare.plan is None
    assert [problem.code for problem in bare.problems] == ["P511"]


def test_an_experiment_that_becomes_a_plan() -> None:
    told = EXPERIMENT.partition("  ```yaml action\n  id: orders-fail")
    page = told[0] + told[2].partition("  ```\n")[2]  # what is only told and not measured
    free = page.replace("kind: experiment\n", "", 1).replace("  kind: experiment\n", "")
    assert [str(one) for one in more(plan(page), plan(free))] == ["outside drills"]
    assert [str(one) for one in more(plan(EXPERIMENT), plan(page))] == ["abort when"]
    longer = EXPERIMENT.replace("takes: 30 min", "takes: 31 min")
    assert [str(one) for one in more(plan(EXPERIMENT), plan(longer))] == ["takes"]
    assert not list(more(plan(longer), plan(EXPERIMENT)))
    late = EXPERIMENT.replace("timeout: 10s", "timeout: 59m")
    assert [str(one) for one in more(plan(EXPERIMENT), plan(late))] == ["abort when"]
    assert not list(more(plan(late), plan(EXPERIMENT)))
    assert [str(one) for one in more(plan(page), plan(EXPERIMENT))] == ["abort when"]  # something new is run
    blind = EXPERIMENT.replace("/usr/bin/orders-fail", "/usr/bin/true")
    assert [str(one) for one in more(plan(EXPERIMENT), plan(blind))] == ["abort when"]


def test_something_new_to_run() -> None:
    page = SPELLED.replace("## People\n\n- [ ] Look.", "## People\n\n- [ ] Look.\n\n" + NEW)
    assert [str(one) for one in more(plan(SPELLED), plan(page))] == ["dump: new action"]
    assert not list(more(plan(page), plan(SPELLED)))


NEW = """  ```yaml action
  id: dump
  run: [/usr/bin/dump, "${host}"]
  changes: false
  timeout: 5s
  ```
"""
