"""Questions: private incidents are for those in them, rows come back as they went in."""

from bot.domain.events import Acknowledged, ChannelMade, RoleOffered, StatusChanged
from bot.domain.terms import Status, stream_of
from bot.ports import AttemptRow, Effect, Group, MessageAt, Person, PlanText, Viewer
from storage.store import SqlStore
from tests.fakes import NINE
from tests.storage.making import ANA, BOT, drafts, open_incident

OUTSIDER, INSIDER = Viewer("U9"), Viewer("U1")


async def test_outsiders_see_a_private_incident_nowhere(store: SqlStore) -> None:
    number = await open_incident(store, Acknowledged(), RoleOffered("operations", "U2", "asked"), private=True)
    async with store.read() as reads:
        for viewer, sees in ((OUTSIDER, False), (INSIDER, True), (Viewer("U2"), True), (BOT, True)):
            assert (await reads.incident(number, viewer) is not None) == sees
            assert bool(await reads.incidents(viewer)) == sees
            assert bool(await reads.incidents(viewer, open_only=False)) == sees
            assert bool(await reads.timeline(number, viewer)) == sees
            assert bool(await reads.facts(viewer)) == sees


async def test_lists_are_newest_first_and_may_leave_out_the_ended(store: SqlStore) -> None:
    for _ in range(3):
        await open_incident(store)
    async with store.begin() as tx:
        await tx.lock(2)
        ended = StatusChanged(Status.INVESTIGATING, Status.RESOLVED)
        await tx.append("inc:2", drafts(ended, ChannelMade("C2", "inc-2")), ANA)
    async with store.read() as reads:
        assert [incident.number for incident in await reads.incidents(BOT)] == [3, 1]
        assert [incident.number for incident in await reads.incidents(BOT, open_only=False, limit=2)] == [3, 2]
        found = await reads.incident_in("C2")
        assert found is not None
        assert found.number == 2
        assert await reads.incident_in("") is None
        assert await reads.incident_in("C3") is None
        assert len(await reads.timeline(2, BOT, after=2)) == 1


async def test_facts_are_asked_for_by_time(store: SqlStore) -> None:
    await open_incident(store)
    async with store.read() as reads:
        assert [row["number"] for row in await reads.facts(BOT, since=NINE)] == [1]
        assert await reads.facts(BOT, since=NINE + 1) == []
        assert await reads.facts(BOT, until=NINE) == []


async def test_rows_come_back_as_they_went_in(store: SqlStore) -> None:
    ana = Person("U1", "Ana", "Europe/Berlin", seen_at=5)
    ben = Person("U2", "Ben", bot=True, deleted=True, stranger=True)
    dba = Group("S1", "dba", ("U1", "U2"), 7)
    card = MessageAt("inc:1:card", "inc:1", "card", "C1", "1.5")
    plan = PlanText("abc", "db-failover", "plans/db.md", "# Plan", "c0ffee")
    attempt = AttemptRow("a1", "inc:1", "runner", "running", {"executor": "run", "spec": {"argv": ["true"]}})
    async with store.begin() as tx:
        await tx.save([ana, ben, dba, card, plan, attempt])
    async with store.read() as reads:
        assert await reads.person("U1") == ana
        assert await reads.person("U7") is None
        assert await reads.people() == {"U1": ana, "U2": ben}
        assert await reads.groups() == [dba]
        assert await reads.message("inc:1:card") == card
        assert await reads.message_at("C1", "1.5") == card
        assert await reads.plan_text("abc") == plan
        assert await reads.attempt("a1") == attempt


async def test_a_row_is_written_over_but_a_plans_text_never(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.save([Person("U1", "Ana"), PlanText("abc", "p", "p.md", "first")])
        await tx.save([Person("U1", "Anna"), PlanText("abc", "p", "p.md", "second")])
    async with store.read() as reads:
        person, plan = await reads.person("U1"), await reads.plan_text("abc")
    assert person is not None
    assert person.name == "Anna"
    assert plan is not None
    assert plan.text == "first"


async def test_effects_of_a_stream_are_shown_whole(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.enqueue(
            [Effect("k1", "show", "lane", stream_of(1), {"surface": "card"}), Effect("k2", "say", "lane", "org")]
        )
    async with store.read() as reads:
        (effect,) = await reads.effects("inc:1")
    assert effect["key"] == "k1"
    assert effect["args"] == {"surface": "card"}
    assert effect["status"] == "planned"
