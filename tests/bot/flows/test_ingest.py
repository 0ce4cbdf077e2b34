"""Alerts in: decisions stored with their events, rows and effects, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.events import AlertsChanged, AllClear, Opened, PageSent, SeverityChanged, StatusChanged
from bot.domain.organisation import Organisation, Storm
from bot.domain.service import Service, Services
from bot.domain.terms import MINUTE, Kind, Severity, Status
from integrations.alerts.alertmanager import Alertmanager
from storage.audit import broken
from storage.rebuild import differing
from storage.sql import Sql
from storage.store import SqlStore
from tests.bot.flows.sending import CAUSE, Sender, alert, sending, short
from tests.fakes import NINE
from tests.storage.making import ANA, BOT, drafts

CAPTURED = Path(__file__).parents[2] / "integrations" / "alerts" / "alertmanager"

_COUNTS = Sql("SELECT fingerprint, count FROM alert")
_FLAPS = Sql("SELECT flaps FROM alert_group")


@pytest.fixture
async def sender(store: SqlStore) -> AsyncIterator[Sender]:
    async with sending(store) as made:
        yield made
    async with store.read() as reads:
        assert await broken(reads) == []
        assert await differing(reads) == []


async def _events(store: SqlStore, number: int) -> list[object]:
    async with store.read() as reads:
        return [event.payload for event in await reads.timeline(number, BOT)]


async def _decisions(store: SqlStore, number: int) -> list[tuple[str, int, int]]:
    found = await _events(store, number)
    return [(p.decision, p.fired, p.cleared) for p in found if isinstance(p, AlertsChanged)]


async def test_an_alert_opens_an_incident_with_all_that_follows(store: SqlStore, sender: Sender) -> None:
    assert await sender.send(alert("DbDown")) == [("open", 1)]
    opened, changed = await _events(store, 1)
    assert isinstance(opened, Opened)
    assert (opened.name, opened.title, opened.severity) == ("inc-1-dbdown-is-broken", "DbDown is broken", Severity.SEV2)
    assert isinstance(changed, AlertsChanged)
    assert (changed.decision, changed.fired, changed.groups, changed.fingerprints) == ("open", 1, 1, ("DbDown",))
    async with store.read() as reads:
        kinds = {effect["kind"] for effect in await reads.effects("inc:1")}
        (stored,) = await reads.incident_alerts(1)
        incident = await reads.incident(1, BOT)
    assert {"channel", "show", "pin", "topic"} <= kinds
    assert (stored.fingerprint, stored.raw_ref, stored.labels) == ("DbDown", "sha", {"alertname": "DbDown"})
    assert incident is not None
    assert incident.alerts.firing == 1


async def test_alerts_of_one_request_are_one_event(store: SqlStore, sender: Sender) -> None:
    answers = await sender.send(*(alert(f"a{n}", group="g") for n in range(30)))
    assert answers == [("open", 1)] + [("attach", 1)] * 29
    assert await _decisions(store, 1) == [("open", 30, 0)]


async def test_what_was_sent_before_changes_nothing(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A"))
    async with store.read() as reads:
        before = await reads.timeline(1, BOT), await reads.effects("inc:1")
    for _ in range(3):
        assert await sender.send(alert("A"), alert("A")) == [("repeat", 1)] * 2
    async with store.read() as reads:
        assert before == (await reads.timeline(1, BOT), await reads.effects("inc:1"))
        rows = await reads.rows(_COUNTS)
    assert rows == [{"fingerprint": "A", "count": 7}]


async def test_the_last_alert_that_ends_asks_people_and_ends_nothing(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A", group="g"), alert("B", group="g"))
    assert await sender.send(alert("A", "resolved", group="g")) == [("resolve", 1)]
    assert not any(isinstance(payload, AllClear) for payload in await _events(store, 1))
    assert await sender.send(alert("B", "resolved", group="g")) == [("resolve", 1)]
    assert (await _events(store, 1))[-1] == AllClear(NINE)
    async with store.read() as reads:
        incident = await reads.incident(1, BOT)
    assert incident is not None
    assert incident.status is Status.INVESTIGATING
    assert await sender.send(alert("B", "resolved", group="g")) == [("repeat", 1)]


async def test_left_out_alerts_hold_the_all_clear(store: SqlStore, sender: Sender) -> None:
    """The top-level status lies when a request is truncated; and its end may come without any new alert."""
    await sender.send(alert("A", group="g", truncated=3))
    await sender.send(alert("A", "resolved", group="g", truncated=3))
    assert not any(isinstance(payload, AllClear) for payload in await _events(store, 1))
    assert await sender.send(alert("A", "resolved", group="g")) == [("repeat", 1)]
    assert isinstance((await _events(store, 1))[-1], AllClear)


async def test_resolved_before_firing_opens_nothing_ever(store: SqlStore, sender: Sender) -> None:
    assert await sender.send(alert("A", "resolved")) == [("record_only", None)]
    assert await sender.send(alert("A")) == [("repeat", None)], "the late firing of the same episode"
    assert await sender.send(alert("A", start=NINE)) == [("open", 1)], "a newer episode"


async def _end(store: SqlStore, number: int) -> None:
    async with store.begin() as tx:
        incident = await tx.lock(number)
        await tx.append(f"inc:{number}", drafts(StatusChanged(incident.status, Status.RESOLVED)), ANA)


async def test_it_fires_again(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A"))
    await sender.send(alert("A", "resolved"))
    await _end(store, 1)
    assert await sender.send(alert("A", start=NINE)) == [("reopen", 1)]
    async with store.read() as reads:
        incident = await reads.incident(1, BOT)
        rows = await reads.rows(_FLAPS)
    assert incident is not None
    assert (incident.status, len(incident.reopened)) == (Status.INVESTIGATING, 1)
    assert rows == [{"flaps": 1}]


async def test_what_is_worse_raises_the_severity(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A", group="g", severity="warning"))
    assert await sender.send(alert("B", group="g", severity="critical")) == [("worse", 1)]
    assert any(isinstance(payload, SeverityChanged) for payload in await _events(store, 1))


async def test_a_storm_is_one_incident(store: SqlStore, sender: Sender) -> None:
    answers = await sender.send(*(alert(f"a{n}", service="") for n in range(9)))
    assert answers == [("open", n) for n in range(1, 6)] + [("storm", 6)] * 4
    assert await sender.send(alert("late", service="")) == [("storm", 6)]
    assert await sender.send(alert("a8", "resolved", service="")) == [("resolve", 6)]
    assert await _decisions(store, 6) == [("storm", 4, 0), ("storm", 1, 0), ("resolve", 0, 1)]
    async with store.read() as reads:
        assert len(await reads.incidents(BOT)) == 6


async def test_the_cause_is_not_buried_by_its_symptoms(store: SqlStore) -> None:
    services = Services({"db": Service("db", tier=1, owner="U7"), "shop": Service("shop", depends_on=("db",))})
    organisation = Organisation(services=services, storm=Storm(channels=1, urgent=1))
    async with sending(store, organisation) as sender:
        assert await sender.send(alert("x", service="")) == [("open", 1)]
        assert await sender.send(alert("y", service="")) == [("storm", 2)]
        assert await sender.send(alert("cause", service="db")) == [("open", 3)], "tier 1 has its own channel"
        assert await sender.send(alert("symptom", service="shop")) == [("symptom", 3)]
        assert await sender.send(alert("cause 2", service="db")) == [("storm", 2)], "its own cap"
    assert any(isinstance(payload, PageSent) and payload.person == "U7" for payload in await _events(store, 2))


async def test_a_drill_touches_nothing_real(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A"))
    assert await sender.send(alert("A", kind=Kind.DRILL)) == [("open", 2)]
    assert await sender.send(alert("A", "resolved", kind=Kind.DRILL)) == [("resolve", 2)]
    async with store.read() as reads:
        real = await reads.incident(1, BOT)
    assert real is not None
    assert real.alerts.firing == 1


async def test_requests_at_once_share_a_commit_and_an_incident(store: SqlStore, sender: Sender) -> None:
    answers = await asyncio.gather(*(sender.send(alert(f"a{n}", group="g")) for n in range(40)))
    assert {number for answer in answers for _, number in answer} == {1}
    assert [decision for answer in answers for decision, _ in answer].count("open") == 1
    assert sum(fired for _, fired, _ in await _decisions(store, 1)) == 40


async def test_one_bad_request_fails_alone(store: SqlStore, sender: Sender) -> None:
    bad = alert("lone surrogate \ud800")
    answers = await asyncio.gather(
        sender.send(alert("A")), sender.send(bad), sender.send(alert("B")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [list, type(answers[1]), list]
    assert isinstance(answers[1], Exception)
    assert await sender.send(alert("A"), alert("B")) == [("repeat", 1), ("repeat", 2)]


async def test_writers_side_by_side_agree(store: SqlStore) -> None:
    """Two replicas (on PostgreSQL), each with batches over the same groups in another order."""
    async with sending(store) as one, sending(store) as two:
        groups = [f"g{n}" for n in range(8)]

        async def send(sender: Sender, names: list[str], round_: int) -> None:
            await sender.send(*(alert(f"{name}-{round_}", group=name, service="") for name in names))

        work = [send(one, groups, n) for n in range(10)]
        work += [send(two, groups[::-1], n) for n in range(5, 15)]
        await asyncio.gather(*work)
    async with store.read() as reads:
        incidents = await reads.incidents(BOT)
        assert await broken(reads) == []
        assert await differing(reads) == []
    assert len(incidents) == 6
    assert sum(incident.alerts.firing for incident in incidents) == 8 * 15


CAPTURES = {
    "a group, ended in two requests": {
        "firing_group_of_5": ["open"] + ["attach"] * 4,
        "resolved_group_of_2": ["resolve"] * 2,
    },
    "one alert by two receivers": {
        "firing_group_of_5": ["open"] + ["attach"] * 4,
        "truncated_max_alerts_2_of_5_firing": ["repeat"] * 2,
        "resolved_single_ungrouped": ["resolve"],
    },
    "the end before the beginning": {
        "resolved_single_ungrouped": ["record_only"],
        "firing_group_of_5": ["open", "attach", "repeat", "attach", "attach"],
    },
}


@pytest.mark.parametrize("requests", CAPTURES.values(), ids=CAPTURES.keys())
async def test_captured_requests(sender: Sender, requests: dict[str, list[str]]) -> None:
    for name, decisions in requests.items():
        for wanted in (decisions, ["repeat"] * len(decisions)):  # the sender retries: the same bytes again
            alerts = Alertmanager().parse((CAPTURED / f"{name}.json").read_bytes(), {}, NINE)
            answers = await sender.ingest.submit(alerts, "sha", CAUSE)
            assert [decision for decision, _ in short(answers)] == wanted
            assert {number for _, number in short(answers)} <= {1, None}


async def test_one_alert_in_two_groups_ends_where_it_began(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A", group="g1"), alert("B", group="g1"))
    assert await sender.send(alert("A", group="g2", truncated=1)) == [("repeat", 1)]
    assert await sender.send(alert("A", "resolved", group="g2", truncated=1)) == [("resolve", 1)]
    assert await sender.send(alert("B", start=NINE, group="g2")) == [("attach", 1)]
    assert await sender.send(alert("B", "resolved", start=NINE, group="g1")) == [("resolve", 1)]
    assert isinstance((await _events(store, 1))[-1], AllClear)


async def test_an_alert_named_in_a_foreign_group_counts_once(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A", group="g1"), alert("B", group="g2"))
    await sender.send(alert("A", group="g2", truncated=2))
    assert await sender.send(alert("A", "resolved", group="g2")) == [("resolve", 1)]
    async with store.read() as reads:
        firing = {incident.number: incident.alerts.firing for incident in await reads.incidents(BOT)}
    assert firing == {1: 0, 2: 1}


async def test_an_old_resolve_of_an_older_episode_is_a_repeat(store: SqlStore, sender: Sender) -> None:
    await sender.send(alert("A"))
    assert await sender.send(alert("A", "resolved", start=NINE - 5 * MINUTE)) == [("repeat", 1)]
