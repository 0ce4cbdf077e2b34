"""Slack wakes nobody: what is not answered there goes by the person's own notifier, and is answered by a link without Slack."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.domain.events import Event, PersonWoken
from bot.workspace.gate import Fault
from tests.integrations.notify.servers import Pager, pager
from tests.stories.story import Story

NOTIFY = ("ana: {slack: U0ANA}", "ana: {slack: U0ANA, zone: Europe/Lisbon, notify: [env:TOCSIN_TEST_ANA]}")


@pytest.fixture
async def rings(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pager]:
    """Ana's telephone."""
    async with pager() as found:
        monkeypatch.setenv("TOCSIN_TEST_ANA", found.address)
        yield found


@pytest.fixture
async def woken(unbegun: Story, rings: Pager) -> Story:
    """Ana can be woken, Ben cannot; people reach Tocsin by a link."""
    unbegun.configure("oncall.yaml", NOTIFY)
    unbegun.public_url = "https://tocsin.example.com"
    await unbegun.start()
    return unbegun


async def opened(story: Story, link: str, method: str = "GET") -> tuple[int, str]:
    """What a browser shows at the link."""
    url = link.replace("https://tocsin.example.com", f"http://127.0.0.1:{story.port}")
    async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, re.sub(r"<style>.*?</style>|<[^>]+>", " ", await answer.text())


async def test_a_call_that_slack_did_not_get_answered_rings(woken: Story, rings: Pager) -> None:
    await woken.alert("Odd", service="gateway", severity="critical")
    await woken.forward("1m50s")
    assert rings.sent == [], "two minutes are hers to answer in Slack"
    await woken.forward("20s")
    await woken.settle()
    [said] = rings.sent
    assert re.fullmatch(
        r"SEV\d .+, INC-1, \d\d:\d\d\. I have it: https://tocsin\.example\.com/have/1-c1-\S{22}", said["text"]
    )
    assert len(said["text"]) <= 160
    assert woken.ben.reads("You are on call for gateway", "@tocsin"), "the next level is called meanwhile"
    await woken.forward("10m")
    await woken.settle()
    assert len(rings.sent) == 2, "called again, it rings at once"
    [first, again] = [e.payload.why for e in await woken.timeline() if isinstance(e.payload, PersonWoken)]
    assert (first, again) == ("unanswered", "again")


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_who_is_in_do_not_disturb_is_rung_at_once(woken: Story, rings: Pager) -> None:
    """And once: the two minutes that others have are over for her. Where Slack does not say, they hold."""
    await woken.ana.actor.dnd()
    await woken.alert("Odd", service="gateway", severity="critical")
    assert len(rings.sent) == 1
    await woken.forward("2m10s")
    await woken.settle()
    assert len(rings.sent) == 1
    [why] = [e.payload.why for e in await woken.timeline() if isinstance(e.payload, PersonWoken)]
    assert why == "dnd"
    assert woken.ben.reads("Ana is in do-not-disturb, and is called by their notifier, too.", woken.channel.id)
    assert len(woken.workspace.calls("dnd.info")) == 1, "Ben has no notifier: nobody asks about him"
    woken.workspace.fault("dnd.info", "error", times=9, code="missing_scope")
    await woken.alert("Hung", service="gateway")
    await woken.forward("2m10s")
    await woken.settle()
    [why] = [e.payload.why for e in await woken.timeline(2) if isinstance(e.payload, PersonWoken)]
    assert why == "unanswered", "what Slack does not say keeps nobody from being called"


async def test_what_was_answered_in_slack_does_not_ring(woken: Story, rings: Pager) -> None:
    await woken.alert("Odd", service="gateway")
    await woken.ben.types("ack INC-1", "general")
    await woken.forward("5m")
    assert rings.sent == []


async def test_the_link_shows_what_it_is_and_takes_it_once(woken: Story, rings: Pager) -> None:
    """A mail scanner follows the link, and nothing happens; Ana presses the button; the link is used then."""
    await woken.alert("Odd", service="gateway")
    await woken.forward("2m10s")
    await woken.settle()
    link = rings.sent[0]["link"]
    for _ in range(3):
        status, page = await opened(woken, link)
        assert (status, "Nobody else has answered yet." in page, "I have it" in page) == (200, True, True)
    assert (await woken.incident()).answered == ()
    status, page = await opened(woken, link, "POST")
    assert (status, "You have it." in page) == (200, True)
    incident = await woken.incident()
    assert (incident.commander, incident.answered) == ("U0ANA", ("U0ANA",))
    count = len(await woken.timeline())
    status, page = await opened(woken, link, "POST")
    assert (status, "You have it." in page, "I have it" in page) == (200, True, False)
    assert len(await woken.timeline()) == count
    await woken.settle()
    assert woken.ben.reads("✓ Ana has it.", "@tocsin")


async def test_the_link_says_who_was_quicker(woken: Story, rings: Pager) -> None:
    await woken.alert("Odd", service="gateway")
    await woken.forward("2m10s")
    await woken.settle()
    await woken.ben.click("I have it", "@tocsin")
    for method in ("GET", "POST"):
        _, page = await opened(woken, rings.sent[0]["link"], method)
        assert ("Ben has it." in page, "I have it" in page) == (True, False)
    assert (await woken.incident()).answered == ("U0BEN",)


async def test_a_link_that_is_not_ours_or_too_old(woken: Story, rings: Pager) -> None:
    await woken.alert("Odd", service="gateway")
    await woken.forward("2m10s")
    await woken.settle()
    link = rings.sent[0]["link"]
    flipped = link[:-1] + ("A" if link[-1] != "A" else "B")
    for wrong in (flipped, link.replace("1-c1", "1-c2"), link.replace("1-c1", "9-c1"), link[:-4], link + "/x"):
        for method in ("GET", "POST"):
            url = wrong.replace("https://tocsin.example.com", f"http://127.0.0.1:{woken.port}")
            async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
                assert answer.status == 404, wrong
    assert (await woken.incident()).answered == ()
    woken.running.desk.clock.jump("13h")  # type: ignore[attr-defined]
    assert "too old" in (await opened(woken, link, "POST"))[1]
    assert (await woken.incident()).answered == ()


async def test_a_call_is_answered_by_the_link_while_slack_is_away(woken: Story, rings: Pager) -> None:
    """Nothing reaches Slack; what rings waits for none of it, and what was answered stands there when Slack is back."""
    woken.workspace.gate.faults = [Fault("503", times=1_000_000)]
    await woken.alert("Odd", service="gateway")
    await woken.forward("2m10s")
    _, page = await opened(woken, rings.sent[0]["link"], "POST")
    assert "You have it." in page
    assert (await woken.incident()).commander == "U0ANA"
    woken.workspace.gate.faults = []
    await woken.forward("2m")
    await woken.settle()
    assert woken.channel.posts[0].text_has("Ana commands")
    assert not woken.ana.reads("[I have it]", "@tocsin")


async def test_an_approval_that_sleeps_rings_without_a_link(woken: Story, rings: Pager) -> None:
    """Nobody says yes to a command that they have not read."""
    await woken.alert("Hung", service="gateway")
    await woken.ben.types("take commander INC-1", "general")
    await woken.ben.actor.join(woken.channel.id)
    await woken.ben.click("No")
    await woken.forward("2m10s")
    await woken.settle()
    said = [one for one in rings.sent if "Approve" in one["text"]]
    assert [one["link"] for one in said] == [""]
    assert "Answer in Slack." in said[0]["text"]


async def test_while_slack_is_away_the_next_is_called_if_who_was_called_could_answer(
    woken: Story, rings: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ana's telephone rang, so that her silence counts; nobody's silence in Slack does."""
    monkeypatch.setenv("TOCSIN_TEST_BEN", rings.address)
    people = woken.running.desk.organisation.oncall.people
    oncall = replace(
        woken.running.desk.organisation.oncall,
        people={**people, "ben": replace(people["ben"], notify=("env:TOCSIN_TEST_BEN",))},
    )
    woken.running.desk.organisation = replace(woken.running.desk.organisation, oncall=oncall)
    await woken.alert("Odd", service="gateway")
    woken.workspace.gate.faults = [Fault("503", times=1_000_000)]
    for _ in range(15):
        await woken.running.watch.beat()
        await woken.forward(20)
    assert (await woken.incident()).away is not None
    assert {page.person for page in (await woken.incident()).pages} == {"U0ANA", "U0BEN"}
    assert len(rings.sent) >= 2


def whys(events: list[Event]) -> list[str]:
    return [event.payload.why for event in events if isinstance(event.payload, PersonWoken)]


async def test_while_slack_is_away_nobody_has_failed_to_answer_in_it(woken: Story, rings: Pager) -> None:
    """She was asked before; it rings in time, and says why."""
    await woken.alert("Odd", service="gateway")
    woken.workspace.gate.faults = [Fault("503", times=1_000_000)]
    for _ in range(7):
        await woken.running.watch.beat()
        await woken.forward(20)
    assert len(rings.sent) == 1
    assert whys(await woken.timeline()) == ["away"]


async def test_what_slack_has_not_taken_was_not_left_unanswered(woken: Story, rings: Pager) -> None:
    woken.workspace.fault("conversations.open", "503", times=99)
    await woken.alert("Odd", service="gateway")
    await woken.forward("2m10s")
    assert len(rings.sent) == 1
    assert whys(await woken.timeline()) == ["unsent"]
    assert woken.ben.reads("Slack has not taken the message yet", woken.channel.id)


async def test_one_person_is_rung_once_for_one_incident(unbegun: Story, rings: Pager) -> None:
    """He is on call, and the plan wants him for a role: one telephone, one word about it."""
    ben = "ben: {slack: U0BEN, notify: [env:TOCSIN_TEST_ANA]}"
    unbegun.configure("oncall.yaml", ("ben: {slack: U0BEN}", ben), ("people: [ana, ben]", "people: [ben, ana]"))
    await unbegun.start()
    await unbegun.alert("DatabaseDown", service="orders")
    await unbegun.forward("2m10s")
    await unbegun.settle()
    incident = await unbegun.incident()
    assert ["U0BEN" in [one.person for one in asked] for asked in (incident.pages, incident.offers)] == [True, True]
    assert len(rings.sent) == 1
    assert whys(await unbegun.timeline()) == ["unanswered"]
    await unbegun.forward("10m")
    await unbegun.settle()
    assert len(rings.sent) == 2, "called again, it rings again"


async def test_a_test_rings_nobody(woken: Story, rings: Pager) -> None:
    """Whatever is said in it, and however long its commander says nothing."""
    await woken.ben.types("test", "general")
    await woken.ben.types("take commander INC-1", "general")
    await woken.ben.types("sev INC-1 1 it looks bad", "general")
    for line in ("escalate INC-1", "page INC-1 @ana"):
        assert "This is a test: nobody is called." in await woken.ben.types(line, "general")
    await woken.forward("40m")
    await woken.settle()
    assert (await woken.incident()).pages == ()
    assert not woken.ana.reads("INC-1", "@tocsin")
    await woken.ben.types("handoff INC-1 @ana", "general")
    assert woken.ana.reads("INC-1", "@tocsin"), "who is named is asked"
    await woken.forward("5m")
    assert rings.sent == []
