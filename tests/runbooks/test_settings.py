import pytest

from bot.text import PlainShow, render
from runbooks.lint_action import Allowed
from tests.runbooks.pages import SETTINGS, acting, found, read


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("limits:", "limit:", "P102"),
        ("limits:", "limit:", "P501"),
        ("cooldown: 30m, ", "", "P501"),
        (', concurrency: {key: "${host}-${word}"}', "", "P501"),
        ('key: "${host}-${word}"', "max: 1", "P501"),
        ("3 per 6h", "often", "P501"),
        ("3 per 6h", "0 per 6h", "P501"),
        ("3 per 6h", "3 per 0h", "P501"),
        ('"${host}-${word}"', '"${hots}"', "P423"),
        ("at_most: 3 per 6h", "at_most: 3 per 6h, blast_radius: {max_targets: 2}", "P514"),
        ("type: host", "type: hots", "P520"),
        ("from: label.instance", "from: env.PATH", "P520"),
        ("from: ask.word, ", "", "P520"),
        ('pattern: ".*"', 'pattern: "("', "P520"),
        (', pattern: ".*"', "", "P520"),
        ('"inventory:web"', '"web"', "P520"),
        ("type: host,", "type: host, default: web-1,", "P513"),
        ("need: 1,", "need: 0,", "P502"),
        ("need: 1, ", "", "P502"),
        ("from: [sre]", "from: [sre], expires: 0s", "P502"),
        ("from: [sre]", "from: []", "P502"),
        ("from: [sre]", "from: [sre], not: [nobody]", "P502"),
        ("default: {need: 1, from: [sre]}", "rules: []", "P501"),
    ],
)
def test_says_what_is_wrong(old: str, new: str, code: str) -> None:
    assert old in SETTINGS
    parsed = read(acting(settings=SETTINGS.replace(old, new)))
    assert parsed.plan is None
    assert code in found(parsed), parsed.problems


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{when: ['env=\"staging\"'], auto: true}", ""),
        ("{when: ['env=\"production\"', 'severity=~\"sev3|sev4\"'], auto: true}", ""),
        ("{when: ['env!=\"production\"'], auto: true}", "P510"),
        ("{when: ['env=~\".*\"'], auto: true}", "P510"),
        ("{when: [], auto: true}", "P510"),
        ("{when: ['service=\"api\"'], auto: true}", "P511"),
        ("{when: ['severity=\"sev1\"'], auto: true}", "P511"),
        ("{when: ['label.env=\"dev\"'], auto: true}", "P515"),
        ("{when: ['label.team=\"dev\"'], need: 2, from: [sre]}", ""),
        ("{when: ['label.team=\"dev\"'], need: 2}", "P502"),
        ("{when: ['label.team=\"dev\"'], need: 1, from: [sre]}", "P515"),
        ("{when: ['team=\"dev\"'], need: 2}", "P515"),
        ("{when: ['env=\"production\"']}", "P502"),
        ("{when: ['env=\"production\"'], need: 2, auto: true}", "P502"),
        ("{when: ['env=\"production\"'], need: 0}", "P502"),
        ("{when: ['severity=\"sev9\"'], need: 2, from: [sre]}", ""),
        ("{wenn: ['severity=\"sev1\"'], need: 2}", "P102"),
    ],
)
def test_approval_rules(rule: str, code: str) -> None:
    settings = SETTINGS.replace("need: 1, from: [sre]}\n", f"need: 2, from: [sre]}}\n  rules:\n    - {rule}\n")
    codes = found(read(acting(settings=settings)))
    assert (code in codes) if code else not codes


def test_a_rule_that_can_never_hold() -> None:
    settings = SETTINGS.replace(
        "[sre]}\n", "[sre]}\n  rules:\n    - {when: ['severity=\"sev1\"'], need: 2, from: [sre]}\n"
    )
    page = acting(settings=settings).replace("owner: team-a", "owner: team-a\nseverity: [sev3]")
    parsed = read(page)
    assert parsed.plan is not None
    assert "P516" in found(parsed)


def test_what_the_operator_allows() -> None:
    allowed = Allowed(programs=("/opt/*",), groups={"ops": 1})
    codes = found(read(acting(), allowed=allowed))
    assert {"P426", "P512"} <= codes.keys()
    allowed = Allowed(programs=("/usr/bin/restart",), groups={"sre": 1})
    assert found(read(acting(), allowed=allowed)).keys() == {"P517"}


def test_an_action_acts_on_one_machine() -> None:
    """Pause, place and approval would follow the first alone."""
    two = SETTINGS.replace("  word:", '  other: {type: host, from: label.other, allow: "inventory:web"}\n  word:')
    assert "P519" not in found(read(acting(settings=two)))
    assert "P519" in found(read(acting(settings=two.replace('key: "${host}', 'key: "${other}'))))
    both = acting(settings=two).replace('[/usr/bin/restart, "${host}"]', '[/usr/bin/restart, "${host}", "${other}"]')
    assert "P519" in found(read(both))


def test_an_old_review() -> None:
    page = acting().replace("owner: team-a", "owner: team-a\nreviewed: 2026-01-01")
    assert "P106" in found(read(page, today="2026-11-22"))
    assert "P106" not in found(read(page, today="2026-02-22"))


def test_what_an_action_uses_is_never_optional() -> None:
    settings = SETTINGS.replace('pattern: ".*"', 'pattern: ".*", required: false, help: Why it hangs.')
    parsed = read(acting(settings=settings))
    assert parsed.plan is not None
    assert parsed.plan.settings.params["word"].help == "Why it hangs."
    assert found(parsed).keys() == {"P520"}


def test_a_parameter_that_nobody_uses() -> None:
    settings = SETTINGS.replace("params:", "params:\n  spare: {type: bool, default: true}")
    parsed = read(acting(settings=settings))
    assert parsed.plan is not None
    assert found(parsed).keys() == {"P424"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: label.instance", "from: labels.instance", "write label.instance"),
        ("from: label.instance", "from: environ.PATH", "ask.…."),
        (', allow: "inventory:web"', "", "allow must be given, such as inventory:all."),
    ],
)
def test_says_what_would_be_right(old: str, new: str, said: str) -> None:
    assert old in SETTINGS
    parsed = read(acting(settings=SETTINGS.replace(old, new)))
    told = [render(text, PlainShow()) for one in parsed.problems for text in (one.sentence, one.fix) if text]
    assert any(text.endswith(said) for text in told), told
