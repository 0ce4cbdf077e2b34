"""A storm's incident: what joined it is named, it is as bad as the worst of it, and what may not wait calls its people."""

from bot.domain.events import AlertsChanged, NobodyCalled, PageSent, SeverityChanged
from bot.domain.joined import read
from bot.domain.oncall import OnCall, Schedule
from bot.domain.organisation import Organisation, Storm
from bot.domain.service import Service, Services
from bot.domain.terms import Severity
from bot.ports import Group, Person
from storage.store import SqlStore
from tests.bot.flows.sending import alert, sending
from tests.storage.making import BOT

SERVICES = Services({"db": Service("db", tier=1, owner="keepers"), "till": Service("till", tier=1, owner="nobody")})
ONCALL = OnCall(schedules={"keepers": Schedule("keepers", group="dba")})
SMALL = Organisation(services=SERVICES, oncall=ONCALL, storm=Storm(channels=1, urgent=0))


async def _events(store: SqlStore, number: int) -> list[object]:
    async with store.read() as reads:
        return [event.payload for event in await reads.timeline(number, BOT)]


async def test_people_of_a_slack_group_are_called_once_however_much_joins(store: SqlStore) -> None:
    async with store.begin() as tx:
        people = [Person("U7", "seven", "UTC"), Person("U8", "eight", "UTC", deleted=True)]
        await tx.save([*people, Group("S1", "dba", ("U8", "U7"), tx.now)])
    async with sending(store, SMALL) as sender:
        answers = await sender.send(*(alert(f"a{n}", service="db") for n in range(3)), alert("b", service="till"))
        assert answers == [("storm", 1)] * 4
        assert await sender.send(alert("a9", service="db"), alert("b9", service="till")) == [("storm", 1)] * 2
    events = await _events(store, 1)
    assert [(p.person, p.service) for p in events if isinstance(p, PageSent)] == [("U7", "db")]
    nobody = [(p.service, p.names) for p in events if isinstance(p, NobodyCalled)]
    assert nobody == [("till", "nobody, default")]


async def test_a_storm_names_what_joined_and_is_as_bad_as_the_worst_of_it(store: SqlStore) -> None:
    """Also what another alert of its group, which grew worse in the same request, says less of."""
    async with sending(store, SMALL) as sender:
        assert await sender.send(alert("x", service="")) == [("open", 1)]
        assert await sender.send(alert("y", service="", severity="info", group="g")) == [("storm", 2)]
        both = alert("z", service="", severity="critical", group="g"), alert("w", service="", severity="warning")
        assert await sender.send(*both) == [("worse", 2), ("storm", 2)]
    events = await _events(store, 2)
    raised = [(p.before, p.after) for p in events if isinstance(p, SeverityChanged)]
    assert raised == [(Severity.SEV4, Severity.SEV2)]
    named = [[one.title for one in read(p.named)] for p in events if isinstance(p, AlertsChanged)]
    assert named == [["y is broken"], ["z is broken"], ["w is broken"]]
