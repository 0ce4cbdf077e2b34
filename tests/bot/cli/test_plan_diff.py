"""What a reviewer is told of a new revision: rights first, each change in one line."""

from pathlib import Path

import pytest

from bot.cli.plan_diff import reach, rights, walk
from runbooks.catalogue import STARTERS
from tests.bot.cli.conftest import Run
from tests.runbooks.pages import read
from tests.runbooks.test_experiment import PAGE as EXPERIMENT
from tests.runbooks.test_rights import SPELLED

TEXT = (STARTERS / "queue-backlog.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "title", "line"),
    [
        ("need: 1", "need: 2", "Rights", "approval: people 1 → 2"),
        ("not: [starter]", "not: []", "Rights", "approval: not starter → nobody"),
        (
            "from: [responders]",
            "from: [responders, all]",
            "Rights",
            "approval: groups responders → responders, then all",
        ),
        (
            "expires: 15m}",
            "expires: 15m}\n  rules:\n    - {when: ['env=\"dev\"'], auto: true}",
            "Rights",
            'approval rule new: env="dev": nobody is asked',
        ),
        (
            "inventory:queues",
            "inventory:all",
            "Rights",
            "targets (queue) host from label.queue, allow inventory:queues → host from label.queue, allow inventory:all",
        ),
        (
            "max: 16",
            "max: 160",
            "Rights",
            "consumers int from ask.consumers or 4, min 1, max 16 → int from ask.consumers or 4, min 1, max 160",
        ),
        ("cooldown: 20m", "cooldown: 1m", "Rights", "limit cooldown 20 min → 1 min"),
        ("at_most: 4", "at_most: 40", "Rights", "limit count 4 → 40"),
        ("after_failure: slow-it-down", "", "Rights", "after a failure slow-it-down → people"),
        ("timeout: 2m\n", "timeout: 20m\n", "Rights", "add-consumers: timeout 2 min → 20 min"),
        (
            'tocsin/queue-report, "${queue}"]',
            "tocsin/queue-report, --all]",
            "Rights",
            "depth: does run /usr/local/libexec/tocsin/queue-report ${queue} → run /usr/local/libexec/tocsin/queue-report --all",
        ),
        ("attempts: 5", "attempts: 1", "Rights", "add-consumers: check: attempts 5 → 1"),
        ("confirmed by Operations, always, ", "", "Rights", "step 2.2 confirmed by operations always → nobody"),
        ("owner: team-platform", "owner: team-b", "For which alerts, and whose", "owner team-platform → team-b"),
        ("sev2, sev3, sev4", "sev2", "For which alerts, and whose", "severity [sev2, sev3, sev4] → [sev2]"),
        (
            "@oncall-ops ",
            "@nobody",
            "For which alerts, and whose",
            "role operations @oncall-ops, standby @oncall-manager after 5 min → @nobody, standby @oncall-manager after 5 min",
        ),
        ("Does the queue move?", "Does it move?", "Steps", "+ 2.3 Does it move?"),
        (
            "  - **Yes** → [Confirm](#confirm)",
            "  - **Yes** → stop",
            "Steps",
            "2.3 Does the queue move? Yes → phase:confirm, No → phase:slow-it-down → Yes → stop, No → phase:slow-it-down",
        ),
        (
            "*(Operations, within 10 min)*",
            "*(Operations)*",
            "Steps",
            "5.2 Tell those whose messages will be late, before they ask: operations, clearing, counterparties. "
            "operations, within 10 min → operations",
        ),
        ("**Target:** 15 min", "**Target:** 90 s", "Steps", "phase Slow it down: target 15 min → 90 s"),
        ("**Lead:** Operations", "", "Steps", "phase Decide what waits: lead operations → nobody"),
    ],
)
def test_a_change_is_told(run: Run, place: Path, old: str, new: str, title: str, line: str) -> None:
    assert old in TEXT
    (place / "old.md").write_text(TEXT)
    (place / "new.md").write_text(TEXT.replace(old, new, 1))
    told = run("plan", "diff", "old.md", "new.md").out.replace("\xa0", " ").splitlines()
    assert title in [one for one in told if not one.startswith(" ")][:2], told
    assert f"  {line}" in told, told


def test_what_has_grown_is_told_first(run: Run, place: Path) -> None:
    (place / "old.md").write_text(TEXT)
    (place / "new.md").write_text(TEXT.replace("at_most: 4", "at_most: 40").replace("timeout: 2m\n", "timeout: 20m\n"))
    told = run("plan", "diff", "old.md", "new.md").out.splitlines()
    assert told[:4] == ["More rights than before", "  add-consumers: timeout", "  rate", "Rights"]
    assert "More rights" not in run("plan", "diff", "new.md", "old.md").out


def test_an_action_that_is_new_and_one_that_is_gone(run: Run, place: Path) -> None:
    (place / "old.md").write_text(TEXT)
    (place / "new.md").write_text(TEXT.replace("id: depth", "id: look"))
    told = run("plan", "diff", "old.md", "new.md").out.replace("\xa0", " ").splitlines()
    assert "  depth: gone" in told
    assert "  look: new action: run /usr/local/libexec/tocsin/queue-report ${queue} (changes nothing)" in told


def test_nothing_of_weight(run: Run, place: Path) -> None:
    (place / "old.md").write_text(TEXT)
    (place / "new.md").write_text(TEXT.replace("## Confirm\n", "## Confirm\n\nA few words.\n"))
    assert run("plan", "diff", "old.md", "new.md").out == "Nothing but words around the steps.\n"
    assert run("plan", "diff", "old.md", "old.md").out == "The same.\n"


def test_what_a_drill_tells() -> None:
    table = "\n## Injects\n\n| After | Tell | Text |\n|---|---|---|\n| 5 min | Commander | The press calls. |\n"
    without, before = read(TEXT).plan, read(TEXT + table).plan
    after = read(TEXT + table.replace("5 min", "90 s")).plan
    assert without is not None
    assert before is not None
    assert after is not None
    was, now = "inject 5 min, commander: The press calls.", "inject 90 s, commander: The press calls."
    assert list(walk(without, before)) == [f"+ {was}"]
    assert list(walk(before, after)) == [f"- {was}", f"+ {now}"]


@pytest.mark.parametrize(
    ("page", "old", "new", "line"),
    [
        (SPELLED, "then_after: 5m", "then_after: 1s", "approval: then after 5 min → 1 s"),
        (SPELLED, "expires: 15m", "expires: 930s", "approval: expires 15 min → 930 s"),
        (SPELLED, "timeout: 90s", "timeout: 110s", "restart: timeout 90 s → 110 s"),
        (SPELLED, "timeout: 90s", "timeout: 1h", "restart: timeout 90 s → 1 h"),
        (SPELLED, "    timeout: 30s", "    timeout: 30m", "restart: rollback timeout 30 s → 30 min"),
        (SPELLED, "    timeout: 5s\n", "    timeout: 6s\n", "restart: check: timeout 5 s → 6 s"),
        (SPELLED, "wait: 5s", "wait: 65s", "restart: check: wait 5 s → 65 s"),
        (SPELLED, "severity: [sev3, sev4]\n", "", "severity [sev3, sev4] → all"),
        (SPELLED, "severity:", "match: ['a=\"b\"']\nseverity:", 'match by name only → [a="b"]'),
        (SPELLED, "attempts: 3", "attempts: 4", "restart: check: attempts 3 → 4"),
        (SPELLED, "cooldown: 2h", "cooldown: 7190s", "limit cooldown 2 h → 7190 s"),
        (SPELLED, "3 per 6h", "3 per 359m", "limit per 6 h → 359 min"),
        (SPELLED, 'healthz"}\n  ch', 'healthz", headers: {A: b}}\n  ch', "look: does headers none → {'A': 'b'}"),
        (
            SPELLED,
            "required: true",
            "required: false",
            "way choice from label.way, choices [slow, fast] → choice from label.way, may be left out, choices [slow, fast]",
        ),
        (EXPERIMENT, "takes: 30 min", "takes: 1810s", "takes 30 min → 1810 s"),
        (
            EXPERIMENT,
            "timeout: 10s",
            "timeout: 59m",
            "abort when (more than 1 % of orders fail) timeout 10 s → 59 min",
        ),
        (
            EXPERIMENT,
            'run: [/usr/bin/orders-fail, "${host}"]',
            'http: {url: "http://${host}/", expect: 200}',
            "abort when (more than 1 % of orders fail) run /usr/bin/orders-fail ${host} → GET http://${host}/ = 200",
        ),
        (
            EXPERIMENT,
            EXPERIMENT.partition("orders fail\n")[2].partition("## Revert")[0],
            "\n",
            "abort when (more than 1 % of orders fail) run /usr/bin/orders-fail ${host} → none",
        ),
    ],
)
def test_a_number_is_told_as_it_is_written(page: str, old: str, new: str, line: str) -> None:
    assert old in page
    before, after = read(page).plan, read(page.replace(old, new, 1)).plan
    assert before is not None
    assert after is not None, read(page.replace(old, new, 1)).problems
    told = [*rights(before, after), *reach(before, after)]
    assert line in told, told


def test_a_role_and_a_step_with_seconds_and_another_order() -> None:
    roles = "## Roles\n\n| Role | Who | Standby | Takes over after |\n|---|---|---|---|\n| Owners | @a | @b | 90s |\n\n## Do\n"
    page = SPELLED.replace("## Do\n", roles).replace("] Look.", "] Look. *(Owners, within 90s)*\n- [ ] Wait.")
    moved = page.replace("] Look.", "] X.").replace("] Wait.", "] Look.").replace("] X.", "] Wait.")
    before, after, other = (read(one).plan for one in (page, page.replace("90s", "110s"), moved))
    assert before is not None
    assert after is not None
    assert other is not None
    assert list(reach(before, after)) == ["role owners @a, standby @b after 90 s → @a, standby @b after 110 s"]
    assert "2.1 Look. owners, within 90 s → owners, within 110 s" in list(walk(before, after))
    assert "steps: in another order" in list(walk(before, other))
