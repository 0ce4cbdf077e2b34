"""What a reviewer is told of a new revision: rights first, each change in one line."""

from pathlib import Path

import pytest

from runbooks.catalogue import STARTERS
from tests.bot.cli.conftest import Run

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
        ("attempts: 5", "attempts: 1", "Rights", "add-consumers: check: other times or attempts"),
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
