"""The bad night, from the first symptom to the review (docs/bad-night.md): what was played by hand, and what annoyed there."""

import re

import pytest

from bot.domain.events import PageSent
from bot.domain.terms import DAY, HOUR, MINUTE, Status
from tests.fakes import NINE
from tests.stories import alerts
from tests.stories.story import Story
from tests.stories.test_held import comes_back, goes_away

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)]

SYMPTOMS = ("web", "payments", "search")
NAMES = tuple(f"Symptom{n}" for n in range(10))
DATABASE = "  - {id: orders-db, owner: database, tier: 1, env: production}\n"


async def at(story: Story, days: int, hour: int, minute: int) -> None:
    """Time goes on until then; the night is that from Wednesday to Thursday."""
    there = NINE + (3 + days) * DAY + (hour - 9) * HOUR + minute * MINUTE
    await story.forward((there - story.clock.now()) / 1_000_000)
    await story.settle()


async def symptoms(story: Story, status: str) -> None:
    """Thirty alerts of three services, as Alertmanager groups them."""
    began = NINE + 3 * DAY - 6 * HOUR - 15 * MINUTE
    for service in SYMPTOMS:
        labels = {"service": service, "severity": "error"}
        some = [alerts.alert(name, status, story.clock.now(), began, labels) for name in NAMES]
        code, said = await story.post(alerts.request(some, f"{{}}:{{{service}}}"))
        assert code == 200, said
    await story.settle()


async def begin(story: Story) -> str:
    """02:46: thirty symptoms, then the database's own alert; one person answers and folds the symptoms in. Its channel."""
    symptom = "".join(f"  - {{id: {name}, owner: platform, tier: 3, depends_on: [orders-db]}}\n" for name in SYMPTOMS)
    story.configure("services.yaml", ("services:\n", f"services:\n{DATABASE}{symptom}"))
    await story.start()
    await at(story, 0, 2, 46)
    await symptoms(story, "firing")
    assert await story.alert(service="orders-db") == "open"
    assert story.ben.reads("Open, and depending on orders-db: *INC-1*, *INC-2*, *INC-3*.", story.channel.id)
    await story.ben.click("I have it", "@tocsin")
    assert story.ben.reads("Ben is commander, operations, database lead.", story.channel.id)
    await story.ben.click("Fold them in")
    assert "INC-1, INC-2, INC-3 go on in INC-4" in await story.ben.click("Fold 3 in")
    return story.channel.id


async def test_the_bad_night(unbegun: Story) -> None:
    story = unbegun
    room = await begin(story)
    await at(story, 0, 2, 58)
    pages = [event for n in (1, 2, 3) for event in await story.timeline(n) if isinstance(event.payload, PageSent)]
    assert len(pages) <= len(SYMPTOMS), "who works on the cause is not called for its symptoms again"
    await together(story, room)
    await at(story, 0, 3, 5)
    await healing(story)
    await at(story, 0, 3, 20)
    await without_slack(story, room)
    await at(story, 0, 4, 2)
    await a_wrong_click(story, room)
    await at(story, 0, 9, 46)
    await story.ana.click("Yes", room)
    await at(story, 1, 10, 1)
    await reviewed(story, room)


async def together(story: Story, room: str) -> None:
    """Two type `done` at once, the cause is found, and the commander hands over."""
    ana, ben = story.ana, story.ben
    await ana.actor.join(room)
    assert "Acknowledged" in await ana.types("ack", room)
    for who in (ben, ana):
        await who.actor.command("/tocsin done", room)
    await story.settle()
    assert ana.reads("Step 1.1 was ticked by Ben", room)
    await ben.types("done 1.3 no answer", room)
    await ben.types("answer yes", room)
    await ana.types("update We fail over --next 10m", room)
    await ben.types("handoff @ana", room)
    assert ana.reads("Ben hands command to you.", "@tocsin")
    await ana.click("I command", "@tocsin")


async def healing(story: Story) -> None:
    """The gateway hangs as well; its restart wants a yes, and Ben sleeps."""
    await story.alert("Hung", service="gateway")
    gateway = story.channel.id
    await story.ana.types("ack", gateway)
    assert story.ana.reads("Ana is commander, operations.", gateway)
    await story.ana.click("No", gateway)
    await story.forward("5m10s")
    await story.settle()
    assert story.li.reads("[Approve]", "@tocsin")
    assert not story.person("stranger").reads("[Approve]", "@tocsin"), "who may do nothing is not asked"
    await story.li.click("Approve", "@tocsin")
    assert story.machine.restarts == ["gw-1"]


async def without_slack(story: Story, room: str) -> None:
    """28 minutes, in which one alert comes; then people go on where they were."""
    ana, ben = story.ana, story.ben
    late = len([kind for kind in await story.kinds(4) if kind == "UpdateMissed"])
    await goes_away(story, 28)
    await story.alert(service="orders-db", instance="replica")
    await comes_back(story)
    assert ana.reads("In that time: 1 alert joined, nothing was run.", room)
    assert [*await story.kinds(4)].count("UpdateMissed") == late, "it was asked for before"
    assert "Now: commander confirms 2.1" in await ben.types("done 2.1", room)
    await ana.types("confirm 2.1", room)
    await ben.types("skip 2.2 no caches", room)
    await ben.types("done 2.3", room)
    await ana.types("confirm 2.3", room)


async def a_wrong_click(story: Story, room: str) -> None:
    """All clear; it is resolved by mistake, and kept open until after the opening."""
    await symptoms(story, "resolved")
    await story.clears(service="orders-db", instance="replica")
    await story.clears(service="orders-db")
    assert "is resolved" in await story.ben.click("Yes", room)
    await story.ben.click("Undo", room)
    assert (await story.incident(4)).status is Status.INVESTIGATING
    await story.ana.types("watch until 09:45", room)


async def reviewed(story: Story, room: str) -> None:
    """On the next day times are set right; on Monday it is closed."""
    ana = story.ana
    said = await ana.types("times mitigated 03:52 because the graph says so", room)
    assert "2033-01-06 03:52" in said, "it means the night, not this morning"
    assert ana.reads("Edited: Mitigated", room)
    drafts = [file.content for file in story.workspace.state.files.values() if file.name.startswith("INC-4")]
    assert re.search(r"\| 2033-01-06 03:\d\d:\d\d \|", (drafts[-1] or b"").decode())
    await at(story, 4, 9, 1)
    assert "INC-4 is closed." in await ana.types("close", room)
    assert ana.reads("Closed · after 6", room), "so long it took, whenever it was closed"
