from pathlib import Path

import pytest

from bot.domain.plan import Answer, Does
from bot.domain.terms import HOUR, MINUTE, SECOND, Severity
from tests.runbooks.pages import ACTION, FRONT, SETTINGS, acting, found, read, step

STARTERS = sorted((Path(__file__).parents[2] / "runbooks" / "plans").glob("*.md"))
TRANSLATED = sorted((Path(__file__).parents[2] / "runbooks").glob("plans_*/*.md"))


@pytest.mark.parametrize("path", STARTERS + TRANSLATED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_starter_library_is_clean(path: Path) -> None:
    parsed = read(path.read_text("utf-8"))
    assert parsed.problems == ()
    assert parsed.plan is not None
    assert parsed.plan.id == path.stem


def test_reads_a_plan_for_people() -> None:
    plan = read(next(path for path in STARTERS if path.stem == "database-failover").read_text("utf-8")).plan
    assert plan is not None
    assert plan.severity == (Severity.SEV1, Severity.SEV2)
    assert plan.takes == 30 * MINUTE
    assert plan.summary.startswith("Use this when the primary database")
    lead = plan.role("database lead")
    assert lead is not None
    assert (lead.who, lead.standby, lead.after) == ("@oncall-database", "@database-second", 5 * MINUTE)
    assert plan.role("commander") is not None
    say = plan.step("1.2")
    assert say.meanwhile
    assert say.update_text.startswith("Writes to the database fail.")
    paste = plan.step("1.3")
    assert paste.evidence
    assert paste.within == 3 * MINUTE
    assert paste.copy[0].startswith("pg_isready")
    really = plan.step("1.4")
    assert really.marks == "diagnosed"
    assert really.question == "Is the primary really unable to take writes?"
    assert really.answers == (Answer("Yes", "continue"), Answer("No, it answers", "phase:stand-down"))
    fence = next(s for phase in plan.phases for s in phase.steps if s.text.startswith("Fence"))
    assert (fence.confirmed_by, fence.marks, fence.confirm_always) == ("commander", "fix_started", False)
    assert plan.help[0][0] == "Background"


def test_reads_an_action() -> None:
    plan = read(acting()).plan
    assert plan is not None
    action = plan.step("1.1").action
    assert action is not None
    assert action.does == Does("run", {"argv": ["/usr/bin/restart", "${host}"]})
    assert (action.changes, action.timeout, action.line) == (True, 90 * SECOND, 15)
    assert action.verify is not None
    assert action.verify.does == Does("http", {"url": "http://${host}/healthz"})
    limits = plan.settings.limits
    assert limits is not None
    assert (limits.cooldown, limits.count, limits.per, limits.lock_key) == (30 * MINUTE, 3, 6 * HOUR, "${host}-${word}")
    assert plan.settings.default is not None
    assert plan.settings.default.groups == ("sre",)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n- [ ]", "\n* [ ]").replace("\n  - **", "\n  * **"),
        lambda text: text.replace("\n- [ ]", "\n+ [ ]"),
        lambda text: text.replace(" *(", " _(").replace(")*\n", ")_\n"),
        lambda text: text.replace("→", "->"),
        lambda text: "\n".join(line + ("  " if not line else "") for line in text.split("\n")),
    ],
)
def test_the_ways_to_write_it_mean_the_same(change) -> None:  # type: ignore[no-untyped-def]
    for path in STARTERS:
        text = path.read_text("utf-8")
        as_is, changed = read(text), read(change(text))
        assert changed.problems == ()
        assert as_is.plan is not None
        assert changed.plan is not None
        assert changed.plan.phases == as_is.plan.phases
        assert changed.plan.settings == as_is.plan.settings
        assert changed.plan.sha != as_is.plan.sha


TWO = "\n  - **Yes** → continue\n  - **No** → stop"


@pytest.mark.parametrize(
    ("page", "code", "line"),
    [
        ("# Title\n", "P109", 1),
        (FRONT.replace("plan: 1", "plan: 2") + "## A\n- [ ] x\n", "P109", 2),
        (FRONT.replace("owner: team-a", "owner: [") + "## A\n- [ ] x\n", "P101", 4),
        (FRONT.replace("owner: team-a", "owner: a\nowner: b") + "## A\n- [ ] x\n", "P101", 5),
        (FRONT.replace("owner: team-a", "owner: " + "[" * 3000) + "## A\n- [ ] x\n", "P101", 4),
        (FRONT.replace("owner: team-a", "owner: " + "[" * 30 + "]" * 30) + "## A\n- [ ] x\n", "P101", 4),
        (FRONT.replace("owner: team-a", "owner: &a x") + "## A\n- [ ] x\n", "P101", 4),
        (FRONT.replace("owner:", "ovner:") + "## A\n- [ ] x\n", "P102", 4),
        (FRONT.replace("owner: team-a", "owner: {a: b}") + "## A\n- [ ] x\n", "P103", 4),
        (FRONT.replace("id: a-plan", "id: A plan") + "## A\n- [ ] x\n", "P104", 3),
        (FRONT.replace("owner: team-a", "owner: a\nmatch: ['a=~\"(\"']") + "## A\n- [ ] x\n", "P105", 5),
        (FRONT.replace("owner: team-a", "owner: a\nseverity: [sev5]") + "## A\n- [ ] x\n", "P109", 5),
        (FRONT.replace("owner: team-a", "owner: a\nreviewed: 2026-02-31") + "## A\n- [ ] x\n", "P109", 5),
        (FRONT.replace("owner: team-a", "owner: a\n\ttakes: 5 min") + "## A\n- [ ] x\n", "P903", 5),
        (FRONT, "P202", 1),
        (FRONT + "- [ ] x\n\n## A\n- [ ] y\n", "P201", 11),
        (FRONT + "## A\n- [ ] y\n  - [ ] z\n", "P201", 13),
        (FRONT + "## A\n> - [ ] z\n\n- [ ] y\n", "P201", 12),
        (FRONT + "## A\n- [] z\n- [ ] y\n", "P201", 12),
        (step("x").replace("[ ]", "[x]"), "P203", 13),
        (step("x *(Database led, within 5 min)*"), "P204", 13),
        (step("x *(within 5 mins)*"), "P205", 13),
        (step("x *(commander, confirmed by IC)*"), "P209", 13),
        (step("x *(commander, evidance)*"), "P211", 13),
        (step("x *(commander, marks fixed)*"), "P211", 13),
        (step("x *(commander, always)*"), "P211", 13),
        (step("x (commander, within 5 min)"), "P211", 13),
        (step("x\n  - y *(commander, confirmed by Operations)*"), "P211", 14),
        (step("x\n  1. y\n\n     z *(evidence)*"), "P211", 16),
        (step("**Decision:** x?"), "P301", 13),
        (step("x?" + TWO), "P301", 14),
        (step("**Decision:** x?\n  - **Yes** → continue\n  - **yes** → stop"), "P301", 15),
        (step("**Decision:** x?\n  - **Yes** → continue\n  - **No** → nowhere"), "P302", 15),
        (step("**Decision:** x?\n  - **Yes** → continue\n  - No, stop"), "P302", 15),
        (step("**Decision:** x?\n  - **Yes** → continue\n  - **No** → [B](#b)"), "P303", 15),
        (step("**Decision:** x? *(evidence)*" + TWO), "P212", 13),
        (step("x") + "\n## Do\n\n- [ ] y\n", "P304", 15),
        (step("**Decision:** x?\n  - **Yes** → stop\n  - **No** → [Do](#do)") + "\n## B\n\n- [ ] y\n", "P207", 17),
        (step("**Decision:** x?\n  - **Yes** → [Do](#do)\n  - **No** → [Do](#do)"), "P208", 11),
        (step("x\n\n  ```yaml\n  run: [/bin/x]\n  ```"), "P401", 15),
        (step("x") + "\n```yaml action\nid: a\n```\n", "P402", 15),
        (step("x\n\n  ```sh now\n  ls\n  ```"), "P403", 15),
        (step("x") + "\n```yaml settings\nparams: {}\n```\n", "P405", 15),
        (step("x \u202e y"), "P902", 13),
        (step("x \x07 y"), "P904", 13),
        (step("x \udcee y"), "P904", 13),
        (step("token xoxb-1234567890-abc"), "P901", 13),
        (step("x" * 300_000), "P905", 1),
    ],
)
def test_says_what_is_wrong_and_where(page: str, code: str, line: int) -> None:
    assert line in found(read(page)).get(code, []), read(page).problems


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("id: restart\n", "", "P413", 16),
        ("id: restart", "id: Re start", "P413", 16),
        ("changes: true\n", "", "P414", 16),
        ("timeout: 90s\n", "", "P415", 16),
        ("timeout: 90s", "timeout: 2h", "P416", 19),
        ("timeout: 90s", "timeout: soon", "P410", 19),
        ("timeout: 90s", "timeout: 90s\nretrys: 3", "P410", 20),
        ("run: [", "ssh: [", "P419", 17),
        ("run: [", "ssm: [", "P410", 17),
        ("run: [", "ssm: [", "P411", 16),
        ("changes: true", "changes: true\nhttp: {url: http://x/}", "P411", 16),
        ('run: [/usr/bin/restart, "${host}"]', 'run: "restart ${host}"', "P420", 17),
        ("[/usr/bin/restart,", '["${host}",', "P421", 17),
        ("[/usr/bin/restart,", "[restart,", "P429", 17),
        ('"${host}"]', '"${host}", "a\\0b"]', "P904", 17),
        ('"${host}"]', '"${host}", "a\\ud800b"]', "P904", 17),
        ('"${host}"]', '"${host}", "a\\u202eb"]', "P902", 17),
        ("id: restart", '"id\\0": restart', "P904", 16),
        ('"${host}"]', '"${word}"]', "P422", 17),
        ('"${host}"]', '"${hots}"]', "P423", 17),
        ('[/usr/bin/restart, "${host}"]', '[/bin/bash, -c, "${host}"]', "P425", 17),
        ('[/usr/bin/restart, "${host}"]', '[/usr/bin/env, python3, -c, "${host}"]', "P425", 17),
        ('"${host}"]', '"{{ host }}"]', "P427", 17),
        ('"${host}"]', '"$(date)"]', "P427", 17),
        ("http://${host}/", "http://${word}/", "P428", 20),
        ("http://${host}/", "ftp://${host}/", "P419", 20),
        ("url:", "expect: 2000, url:", "P419", 20),
        ("url:", "method: GRAB, url:", "P419", 20),
        ("http://${host}/", "http://x/${secret.TOKEN}", "P437", 20),
        ("url:", "method: POST, url:", "P438", 20),
        ('verify: {http: {url: "http://${host}/healthz"}, timeout: 5s}\n', "", "P430", 18),
        ("rollback: none\n", "", "P431", 16),
        ("rollback_reason: It cannot be undone.\n", "", "P432", 21),
        ("timeout: 90s", "timeout: 90s\nretries: 1", "P433", 20),
        ("timeout: 90s", "timeout: 90s\nidempotent: true\nretries: 9", "P434", 21),
        ('http: {url: "http://${host}/healthz"}', 'run: [/usr/bin/restart, "${host}"]', "P435", 20),
        ("changes: true", "changes: false", "P436", 18),
        ("changes: true", "changes: true\nanswer: {'0': Yes}", "P305", 19),
        ("changes: true", "changes: true\non_failure: give up", "P410", 19),
        ("changes: true", "changes: true\non_failure: rollback", "P431", 19),
    ],
)
def test_says_what_is_wrong_with_an_action(old: str, new: str, code: str, line: int) -> None:
    assert old in ACTION
    parsed = read(acting(ACTION.replace(old, new)))
    assert line in found(parsed).get(code, []), parsed.problems


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_is_said_once(coding: str) -> None:
    page = step("Look.").encode(coding).decode("utf-8", "surrogateescape")
    assert found(read(page)) == {"P904": [1]}


def test_a_phase_that_is_not_there_is_told_where_it_is_named() -> None:
    page = acting(settings=SETTINGS.replace("limits:", "after_failure: nowhere\nlimits:"))
    line = page[: page.index("after_failure")].count("\n") + 1
    assert found(read(page)) == {**found(read(acting())), "P303": [line]}
