"""A drill goes the way of a real alarm, says so everywhere, and touches nothing real."""

from bot.domain.events import ActionRefused, DrillBegan, DrillFound, DrillSigned, DrillStopped
from bot.domain.terms import Kind, Status
from bot.workspace.screens import message_text
from tests.stories.story import Story

INJECTS = """## Injects

| After | Tell | Text |
| ----- | ---- | ---- |
| 2 min | Commander | A journalist calls. |
| 3 min | everybody | The second gateway hangs, too. |

## Settings
"""


def said(story: Story) -> list[str]:
    """All messages of ours in the newest incident's channel and in direct messages."""
    state = story.workspace.state
    ours = [
        m
        for room in state.messages.values()
        for m in room.values()
        if m.blocks and not m.only_for and m.user == state.bot_user
    ]
    return [message_text(state, m) for m in ours]


async def test_the_way_of_a_real_alarm(story: Story) -> None:
    """Detection, routing, paging, the plan; and DRILL on every message, page, topic and channel."""
    told = await story.ana.types("drill restart gateway", "general")
    assert "The drill of *Restart the order gateway* has begun: INC-1." in told
    incident = await story.incident()
    assert (incident.kind, incident.service, incident.via) == (Kind.DRILL, "gateway", "alert")
    assert story.channel.name == "inc-1-drill-restart-the-order-gateway"
    assert story.channel.topic.startswith("DRILL · ")
    walk = incident.walk
    assert walk is not None
    assert (walk.plan, walk.why) == ("restart", "matched"), "by its own matchers"
    [began] = [event.payload for event in await story.timeline() if isinstance(event.payload, DrillBegan)]
    assert (began.by, began.live) == ("U0ANA", False)
    everything = said(story)
    assert len(everything) > 5
    assert [text for text in everything if not text.replace("*", "").startswith("DRILL")] == []
    assert incident.attempts, "what only reads really runs"


async def test_what_would_change_a_machine_is_asked_and_not_run(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ana.click("Approve")
    assert [a.state for a in (await story.incident()).approvals] == ["open"], (
        "whoever began the drill asked for all of it"
    )
    await story.ben.click("Approve")
    assert not story.machine.restarts
    assert story.ana.reads("Not run: this is a drill, and `gw-1` is not there for drills.")
    refused = [event.payload for event in await story.timeline() if isinstance(event.payload, ActionRefused)]
    assert [one.code for one in refused] == ["drill"]
    await story.alert("Hung", service="gateway")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve")
    await story.until(lambda: story.machine.restarts)
    assert story.machine.restarts == ["gw-1"], "no pause, no lock and no rate of the drill stands in the way"


async def test_a_machine_that_is_there_for_drills(unbegun: Story) -> None:
    story = unbegun
    story.configure(
        "policy.yaml", ("env: production, hosts: [gw-1, gw-2, gw-3]", "env: test, drill: true, hosts: [gw-7]")
    )
    await story.start()
    await story.ana.types("drill restart gateway", "general")
    assert story.ana.reads("Its machines are there for drills")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Does it answer again"))
    assert story.machine.restarts == ["gw-7"]
    async with story.running.store.read() as reads:
        facts = await reads.facts(await story.running.desk.viewer(reads, "U0ANA"))
    assert [one["kind"] for one in facts] == ["drill"]
    await story.alert("Hung", service="gateway", instance="gw-7", env="test")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve")
    await story.until(lambda: len(story.machine.restarts) > 1)
    assert story.machine.restarts == ["gw-7", "gw-7"], "the pause of the drill is not the pause of the real thing"


async def test_something_real_stops_every_drill(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ben.types("take INC-1 commander", "general")
    await story.alert("DatabaseDown")
    drill, real = await story.incident(1), await story.incident(2)
    assert (drill.status, real.kind, real.status.open) == (Status.RESOLVED, Kind.REAL, True)
    assert story.ana.reads("The drill stops: INC-2 is real. Everybody is needed there.", story.rooms[0].id)
    [report] = [text for text in story.ana.sees(story.rooms[0].id) if "Report of the drill" in text]
    assert "– It is back to normal: it did not come to that" in report, "that it was stopped is no recovery"
    assert "✓ Somebody has seen it" in report, "he has taken command"
    assert "INC-2 is real and needs everybody" in await story.ana.types("drill restart gateway", "general")
    assert [e.payload.why for e in await story.timeline(1) if isinstance(e.payload, DrillStopped)] == ["real"]
    await story.ana.types("resolve INC-2", "general")
    assert "has begun" in await story.ana.types("drill restart gateway", "general")
    assert (await story.incident(2)).alerts.total == 1, "it has touched nothing real"


async def test_a_smaller_incident_stops_none(story: Story) -> None:
    await story.ana.types("drill restart gateway", "general")
    await story.ana.types("declare Slow reports sev3", "general")
    assert (await story.incident(1)).status.open
    await story.ana.types("sev INC-2 1 it is worse", "general")
    assert not (await story.incident(1)).status.open


async def test_the_end_and_the_report(story: Story) -> None:
    """Objectives, what has to be mended, a person's name; never in production numbers."""
    await story.person("mia").types("drill failover orders", "general")
    await story.ana.click("I have it", "@tocsin")
    assert "goes on" in await story.ana.types("drill sign")
    await story.ben.click("Done")  # 1.1
    await story.forward("4m")
    await story.ben.types("done 1.3 no answer")
    await story.ben.click("No, it answers")
    await story.ana.types("done 3.1")
    await story.ana.types("done 1.2")
    assert story.ana.reads("Back to normal since"), "the drill's alert is over with its plan"
    await story.ana.click("Yes")
    await story.ana.types("drill finding the standby's number was wrong")
    await story.ana.click("Sign")
    [report] = [text for text in story.ana.sees() if "Report of the drill" in text]
    for words in (
        "✓ The plan was walked to its end",
        "✗ Step *1.3*: 4 min",
        "– All required roles are there: it did not come to that (target 5 min)",
        "To mend: the standby's number was wrong (found by Ana)",
        "Signed by Ana",
    ):
        assert words in report.replace("\u00a0", " "), report
    [signed] = [event.payload for event in await story.timeline() if isinstance(event.payload, DrillSigned)]
    marks = [report.count(f"\n{mark} ") for mark in "✓✗"]
    assert [signed.met, signed.missed] == marks, "what it did not come to is neither"
    assert "The report is signed already" in await story.ana.types("drill sign")
    assert "Incidents (`n.incidents`): 0" in (await story.ana.types("metrics 30d", "general")).replace("\u00a0", " ")
    assert len((await story.incident()).told.followups) == 1, "the finding does not end with the report"
    told = (await story.ana.types("metrics 30d", "general")).replace("\u00a0", " ")
    assert "Plans that were drilled (`drill.plans`): 33 % (1 of 3)" in told
    assert "last drill" in await story.ana.types("plans", "general")


async def test_injects_come_in_their_time(unbegun: Story) -> None:
    story = unbegun
    story.configure("plans/restart.md", ("## Settings\n", INJECTS))
    await story.start()
    await story.ana.types("drill restart gateway", "general")
    await story.ana.types("take commander")
    await story.forward("1m50s")
    assert not story.ana.reads("A journalist calls.")
    await story.forward("20s")
    assert story.ana.reads("For Ana: A journalist calls.")
    assert story.ana.reads("DRILL For Ana: A journalist calls.", "@tocsin")
    await story.ana.types("drill stop enough for today")
    assert story.ana.reads("Ana stopped the drill. enough for today")
    await story.forward("2m")
    assert not story.ana.reads("The second gateway")


async def test_an_alert_that_gets_another_plan_is_a_finding(unbegun: Story) -> None:
    story = unbegun
    text = (story.folder / "config/plans/restart.md").read_text().replace("id: restart", "id: better", 1)
    text = text.replace("match: ['alertname=\"Hung\"']", "match: ['alertname=\"Hung\"', 'instance!=\"\"']")
    (story.folder / "config/plans/better.md").write_text(text)
    await story.start()
    await story.ana.types("drill restart gateway", "general")
    found = [event.payload for event in await story.timeline() if isinstance(event.payload, DrillFound)]
    assert [(one.what, one.plan) for one in found] == [("other_plan", "better")]
    walk = (await story.incident()).walk
    assert walk is not None
    assert walk.plan == "restart"


async def test_an_alert_that_nobody_hears_of(unbegun: Story) -> None:
    story = unbegun
    story.configure("routes.yaml", ("do: open", "do: record"))
    await story.start()
    assert "nobody would have heard of it" in await story.ana.types("drill restart gateway", "general")
    assert "no plan `nonsense`" in (await story.ana.types("drill nonsense", "general")).replace("There is ", "")
    assert "There is no service `nonsense`" in await story.ana.types("drill restart nonsense", "general")
    assert "Which plan is drilled" in await story.ana.types("drill", "general")
    assert not story.rooms
