from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import AlertsChanged, Opened
from bot.domain.joined import LONGEST, MOST_NAMED, Joined, read, worst, written
from bot.domain.terms import Kind, Severity, Status
from tests.bot.domain.log import Log, minute

JOINED = st.builds(Joined, st.booleans(), st.sampled_from(Severity), st.text(max_size=200), st.text(max_size=300))


@given(st.lists(JOINED, max_size=30))
def test_what_is_written_is_read_again_and_bounded(joined: list[Joined]) -> None:
    """Whatever foreign letters a title has: tabs, line ends, nothing at all."""
    found = read(written(joined))
    assert len(found) == min(MOST_NAMED, len(set(joined)))
    assert [one.rank for one in found] == sorted(one.rank for one in set(joined))[:MOST_NAMED]
    assert all(len(one.title) <= LONGEST and not set("\t\n") & set(one.title) for one in found)
    assert read(written(found)) == worst(found)


def test_what_is_urgent_is_named_first_and_each_once() -> None:
    small, tier1, bad = (
        Joined(urgent, Severity(severity), "s", severity)
        for urgent, severity in ((False, "sev4"), (True, "sev3"), (False, "sev1"))
    )
    assert worst([small, bad, tier1, small]) == (tier1, bad, small)
    assert read("") == ()


def test_a_storm_names_the_worst_of_all_its_requests() -> None:
    log = Log()
    log.add("alert:x", Opened(42, Kind.REAL, Severity.SEV3, Status.INVESTIGATING, "", "alert", rule="channel_cap"))
    for n in range(MOST_NAMED + 3):
        named = written([Joined(False, Severity.SEV3, "s", f"alert {n}")])
        log.add("alert:x", AlertsChanged("storm", "x", 1, 0, minute(n), minute(n), named=named))
    worse = Joined(False, Severity.SEV1, "s", "the cause")
    log.add("alert:x", AlertsChanged("storm", "x", 1, 0, minute(20), minute(20), named=written([worse])))
    named_now = log.state.alerts.named
    assert log.state.storm
    assert (len(named_now), named_now[0], named_now[1].title) == (MOST_NAMED, worse, "alert 0")
