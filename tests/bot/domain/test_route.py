"""What an alert means: defaults, routes in order, and `continue`."""

from dataclasses import replace

import pytest

from bot.domain.alert import Alert, AlertStatus
from bot.domain.matcher import parse
from bot.domain.route import LONGEST_TITLE, NOT_GIVEN, REOPEN_WITHIN, STALE_AFTER, Do, Route, Routed, Routes
from bot.domain.terms import HOUR, Kind, Severity


def alert(severity: str = "", title: str = "Down", group: str = "g", **labels: str) -> Alert:
    service = labels.get("service", "")
    return Alert("alertmanager", "f1", AlertStatus.FIRING, 1, None, group, severity, service, title, labels=labels)


@pytest.mark.parametrize(
    ("word", "severity", "given"),
    [
        ("critical", Severity.SEV2, True),
        ("page", Severity.SEV2, True),
        ("Error", Severity.SEV3, True),
        ("WARNING", Severity.SEV3, True),
        ("info", Severity.SEV4, True),
        ("", NOT_GIVEN, False),
        ("disaster", NOT_GIVEN, False),
        ("sev1", NOT_GIVEN, False),
    ],
)
def test_severity_without_routes(word: str, severity: Severity, given: bool) -> None:
    routed = Routes().route(alert(word))
    assert (routed.severity, routed.severity_given) == (severity, given)


def test_the_other_defaults() -> None:
    assert Routes().route(alert(service="orders")) == Routed(
        NOT_GIVEN, False, "orders", Do.OPEN, "Down", "g", False, REOPEN_WITHIN, STALE_AFTER, 0
    )


FIRST = Route(match=(parse('team="dba"'),), service="orders-db", severity={"critical": Severity.SEV1}, line=2)
SECOND = Route(match=(parse('team=~"d.*"'),), service="other", do=Do.PAGE, triage=True, stale_after=HOUR, line=9)


def test_the_first_route_that_matches_decides() -> None:
    routed = Routes((FIRST, SECOND)).route(alert("critical", team="dba"))
    assert (routed.severity, routed.service, routed.do, routed.line) == (Severity.SEV1, "orders-db", Do.OPEN, 2)
    assert Routes((FIRST, SECOND)).route(alert(team="dev")).do is Do.PAGE
    assert Routes((FIRST, SECOND)).route(alert(team="web")).line == 0


def test_a_routes_map_leaves_the_other_words_as_they_are() -> None:
    assert Routes((FIRST,)).route(alert("info", team="dba")).severity is Severity.SEV4


def test_continue_lets_the_next_set_the_rest() -> None:
    on = Route(match=FIRST.match, service="orders-db", triage=False, go_on=True, line=2)
    routed = Routes((on, SECOND, FIRST)).route(alert("critical", team="dba"))
    assert (routed.service, routed.do, routed.triage, routed.stale_after) == ("orders-db", Do.PAGE, False, HOUR)
    assert routed.severity is Severity.SEV2  # the third was not reached


def test_a_route_may_be_for_one_source_only() -> None:
    routes = Routes((Route(source="grafana", do=Do.RECORD),))
    assert routes.route(alert()).do is Do.OPEN


def test_groups_by_labels() -> None:
    routes = Routes((Route(group_by=("cluster", "team")),))
    assert routes.route(alert(cluster="a", team="b")).group_key == 'cluster="a", team="b"'
    assert routes.route(alert(cluster="a")).group_key == 'cluster="a", team=""'
    assert Routes().route(alert(group="")).group_key == "f1"


def test_each_drill_is_a_group_of_its_own() -> None:
    """Also where routes.yaml groups by labels that two drills have in common; everything else is as for a real alert."""
    routes = Routes((Route(group_by=("cluster",), service="orders"),))
    one, other = (replace(alert(cluster="a"), kind=Kind.DRILL, fingerprint=name) for name in ("f1", "f2"))
    assert [routes.route(drill).group_key for drill in (one, other)] == [
        'cluster="a", drill="f1"',
        'cluster="a", drill="f2"',
    ]
    assert replace(routes.route(one), group_key="") == replace(routes.route(alert(cluster="a")), group_key="")


def test_a_title_is_one_line_of_bounded_length() -> None:
    assert Routes().route(alert(title="a\n b\tc ")).title == "a b c"
    assert len(Routes().route(alert(title="x" * 1000)).title) == LONGEST_TITLE
    assert Routes().route(alert(title="")).title == "f1"
