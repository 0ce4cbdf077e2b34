"""F37: Slack is away for half an hour in which much was due. Nobody is judged, and afterwards one word says what was."""

from typing import Any

import pytest

from bot.workspace.deliver import Ack
from bot.workspace.gate import Fault
from tests.stories.alerts import alert, request
from tests.stories.player import Player
from tests.stories.story import Story

WAYS = pytest.mark.parametrize("way", ["socket", "http"])
JUDGING = {"PageSent", "RolePassed", "RoleTaken", "StepAssigned", "StepOverdue", "UpdateMissed", "ApprovalExpired"}
HELD = "Timers were held; nobody was counted as absent."


async def pulse(story: Story, minutes: int) -> None:
    """Time passes, and Slack is looked at: often at first, and then from time to time."""
    for seconds in (*[10] * 6, *[(minutes - 1) * 10] * 6):
        await story.running.watch.beat()
        await story.forward(seconds)
    await story.running.watch.beat()


async def goes_away(story: Story, minutes: int) -> None:
    story.workspace.gate.faults = [Fault("503", times=1_000_000)]
    await pulse(story, minutes)


async def comes_back(story: Story) -> None:
    story.workspace.gate.faults = []
    await story.running.watch.beat()
    await story.settle()


def words(player: Player, where: str = "") -> list[str]:
    """What was said of the absence, one line each."""
    return [line for line in player.sees(where) if HELD in line]


async def judged(story: Story, number: int = 1) -> list[str]:
    return [kind for kind in await story.kinds(number) if kind in JUDGING]


@WAYS
async def test_nobody_is_judged_while_slack_is_away(story: Story) -> None:
    """Two incidents: in one nobody has answered, in the other an approval and an update wait."""
    await story.alert("Hung", service="gateway", instance="gw-1")
    await story.ana.click("I have it", "@tocsin")
    await story.ben.actor.join(story.channel.id)
    await story.ana.click("No")
    await story.ana.types("update We look --next 20m")
    await story.alert(service="orders")
    await story.forward("30s")
    before = await judged(story), await judged(story, 2)
    called = len(story.workspace.calls("chat.postMessage"))
    began = story.clock.now()
    await goes_away(story, 30)
    assert (await judged(story), await judged(story, 2)) == before, "nobody moved, nobody paged as absent"
    assert {call.ok for call in story.workspace.calls("chat.postMessage")[called:]} <= {False}
    ended = story.clock.now()
    await comes_back(story)
    assert (await judged(story), await judged(story, 2)) == before, "what was left of their time counts on"
    [one, two] = [story.rooms[0].id, story.rooms[1].id]
    [first], [second] = words(story.ana, one), words(story.ana, two)
    assert "the approval of `restart` was due, an update was due, nothing was run" in first
    assert "step 1.1 was due" in second
    for number in (1, 2):
        [away] = (await story.incident(number)).outages
        assert abs(away.start - began) <= 15_000_000
        assert away.end == ended
    await story.forward("2m")
    assert "PageSent" in await judged(story, 2)
    assert len(await judged(story, 2)) > len(before[1]), "from now on it goes on as ever"


async def test_opened_and_ended_meanwhile(story: Story) -> None:
    """What begins while Slack is away is in it as well; what is still open when it comes back says so, once, after a restart."""
    await goes_away(story, 3)
    await story.alert(service="orders")
    await story.running.watch.beat()
    story.running.desk.doubts = lambda: False  # another replica, which has nothing to say to Slack
    await pulse(story, 3)
    assert await judged(story) == ["PageSent"]
    [away] = (await story.incident()).outages
    assert away.end is None
    story.workspace.gate.faults = []
    await story.restart()
    await goes_away(story, 2)
    assert (await story.incident()).outages == (away,), "one interval, also over a restart"
    assert "StepOverdue" not in await story.kinds()
    await comes_back(story)
    [known] = (await story.incident()).outages
    assert (known.start, known.value) == (away.start, "unreachable")
    assert known.end is not None
    await story.forward("1m")
    await story.settle()
    assert len(words(story.ana, story.channel.id)) == 1
    await pulse(story, 1)
    assert (await story.kinds()).count("OutageBegan") == (await story.kinds()).count("OutageEnded") == 1


async def test_what_is_due_after_it_comes_later(story: Story) -> None:
    """The timers that were made before come too early, and decide nothing."""
    await story.alert(service="orders")
    await story.forward("30s")
    before = await judged(story)
    await goes_away(story, 1)
    await comes_back(story)
    [away] = (await story.incident()).outages
    assert away.end is not None
    await story.forward("1m")
    assert await judged(story) == before
    assert words(story.ana, story.channel.id) == [], "nothing was due"
    await story.forward("1m")
    assert {"PageSent", "StepOverdue"} <= set((await judged(story))[len(before) :])
    await story.forward("95s")
    assert (await story.kinds()).count("RoleOffered") == 1, "the standby of the role comes a minute later, too"
    await story.forward("1m")
    assert (await story.kinds()).count("RoleOffered") == 2


async def test_slack_that_takes_and_brings_nothing(story: Story) -> None:
    """It takes what we post, and brings nothing: people are told, their time does not run, and it ends when something comes."""
    await story.alert(service="orders")
    await pulse(story, 1)
    way, story.workspace.deliver.way = story.workspace.deliver.way, Deaf()
    story.lossy = True
    await story.clears(service="orders")
    await pulse(story, 4)
    assert story.ana.reads("Slack does not bring me what you type and click", story.channel.id)
    before = await judged(story)
    await pulse(story, 20)
    assert await judged(story) == before
    story.workspace.deliver.way, story.lossy = way, False
    await pulse(story, 2)
    [said] = [line for line in story.ana.sees(story.channel.id) if "Slack did not bring me what you typed" in line]
    assert said.endswith((HELD, "Timers were held as soon as I knew.")), "as somebody was judged before, or not"
    [known] = (await story.incident()).outages
    assert (known.value, known.end is None) == ("deaf", False)


async def test_an_app_that_never_hears_itself_is_not_deaf(story: Story) -> None:
    """Its settings are wrong, and that is no outage: people can be judged."""
    story.running.chat.echo.us = "U0NOBODY"
    await story.alert(service="orders")
    await pulse(story, 4)
    assert (await story.incident()).outages == ()


async def test_a_restart_of_more_than_a_minute(unbegun: Story) -> None:
    """What was due meanwhile is said, and nobody is called, moved or late because of it."""
    story = unbegun
    story.pulses = True
    await story.start()
    await story.alert(service="orders")
    await story.forward("30s")
    before = await judged(story)
    await story.running.pulse.beat()
    await story.stop()
    await story.clock.forward("50s")
    await story.start()
    assert (await story.incident()).outages == (), "a minute without a pulse is no word worth"
    await story.running.pulse.beat()
    await story.stop()
    await story.clock.forward("10m")
    await story.start()
    await story.settle()
    assert await judged(story) == before
    [said] = words(story.ana, story.channel.id)
    assert "I was not running" in said
    assert "an answer for database lead was due, step 1.1 was due" in said
    await story.forward("2m")
    assert len(await judged(story)) > len(before)


class Deaf:
    """A way on which nothing arrives."""

    async def send(self, kind: str, payload: Any, attempt: int, reason: str) -> Ack:
        return Ack("away")


async def test_of_a_thousand_alerts_each_incident_says_how_it_stands(story: Story) -> None:
    """F6: they were taken all the same; people read what holds now, once, and not what came in between."""
    story.workspace.gate.faults = [Fault("503", times=1_000_000)]
    for n in range(40):
        service = ("gateway", "orders")[n % 2]
        now = story.clock.now()
        alerts = [alert("Hung", "firing", now, now, {"service": service, "instance": f"gw-{n}-{i}"}) for i in range(25)]
        code, _ = await story.post(request(alerts, service))
        assert code == 200
        await story.running.watch.beat()
        await story.forward("45s")
    assert story.rooms == []
    called = len(story.workspace.calls("chat.postMessage"))
    await comes_back(story)
    await story.forward("2m")
    assert {room.name for room in story.rooms} == {"inc-1-hung-on-gateway", "inc-2-hung-on-orders"}
    for room in story.rooms:
        cards = [post for post in room.posts if post.text_has("500 alerts, last")]
        assert (len(cards), cards[0].ts) == (1, room.posts[0].ts)
        said = [post for top in room.posts for post in (top, *top.replies)]
        assert len(said) < 12, [post.text for post in said]
    posted = [call for call in story.workspace.calls("chat.postMessage")[called:] if call.ok]
    assert len(posted) < 40
