"""A person declares: what is open already is named and never blocks, titles of any kind, a form that is there at once."""

import asyncio

import pytest

from bot.domain.events import Pinned
from bot.domain.reading import posted
from bot.domain.terms import Severity
from bot.workspace import CannotDo
from tests.stories.story import Story
from tests.stories.ways import WAYS


@WAYS
async def test_what_seems_to_be_open_is_named_and_never_blocks(story: Story) -> None:
    await story.ana.types("declare Orders cannot be placed sev1 orders", "general")
    said = await story.ben.types("declare Orders can't be placed", "general")
    assert "This may be open already. Nothing was opened yet." in said
    assert "*INC-1* · SEV1 · Investigating" in said
    assert "[Join INC-1] [Open anyway]" in said
    assert len(story.rooms) == 1
    await story.ben.click("Open anyway", "general")
    assert len(story.rooms) == 2
    assert (await story.incident(2)).title == "Orders can't be placed"
    assert "[Join INC-1]" in await story.li.types("declare It hangs sev3 ORDERS", "general"), "the same service"
    assert "is open as" in await story.li.types("declare The lift is stuck sev4", "general")


async def test_two_declare_at_the_same_moment(story: Story) -> None:
    """One incident; the other is told of it."""
    ana, ben = story.ana, story.ben
    line = "/tocsin declare Orders cannot be placed sev2 orders"
    await asyncio.gather(ana.actor.command(line, "general"), ben.actor.command(line, "general"))
    await story.settle()
    assert len(story.rooms) == 1
    told = [ana.reads("This may be open already", "general"), ben.reads("This may be open already", "general")]
    assert sorted(told) == [False, True]


@pytest.mark.parametrize(
    ("title", "channel"),
    [
        ("订单无法提交", "inc-1"),
        ("Größte Störung im Café: <!channel> *down*", "inc-1-grosste-storung-im-cafe-channel"),
        ("x" * 400, f"inc-1-{'x' * 74}"),
        ("https://grafana.example/d/1 is red", "inc-1-https-grafana-example-d-1-is-red"),
    ],
)
@pytest.mark.slow
async def test_titles(story: Story, title: str, channel: str) -> None:
    assert "INC-1 is open" in await story.ana.types(f"declare {title}", "general")
    assert story.channel.name == channel
    assert len((await story.incident()).title) <= 150


async def test_a_name_that_is_taken(story: Story) -> None:
    story.workspace.add_channel("inc-1-orders-are-slow", "U0BEN")
    await story.ana.types("declare Orders are slow", "general")
    assert [room.name for room in story.rooms] == ["inc-1-orders-are-slow", "inc-1-orders-are-slow-2"]
    assert "ana" in story.rooms[1].members


async def test_the_form_is_there_at_once_and_is_filled_in_later(story: Story) -> None:
    """Also what is refused is said in it."""
    calls = story.workspace.state.calls
    before = len(calls)
    await story.ana.types("declare sev1", "general")
    assert [call.method for call in calls[before:] if call.method.startswith("views.")] == [
        "views.open",
        "views.update",
    ]
    assert "What is broken?" in story.ana.form
    await story.ana.fills(title="Orders are slow", private="private")
    incident = await story.incident()
    assert (incident.severity, incident.private) == (Severity.SEV1, True)
    stranger = story.person("stranger")
    await stranger.types("declare", "general")
    assert "only people of this workspace" in stranger.form


async def test_a_private_incident_is_seen_by_its_people_alone(story: Story) -> None:
    """No announcement, no list, no duplicate that names it; whoever is invited sees it."""
    await story.ana.types("declare Salaries were leaked sev2 --private", "general")
    room = story.channel
    assert (room.channel.kind, room.channel.name) == ("private", "inc-1-salaries-were-leaked")
    assert "incidents" not in {each.name for each in story.workspace.state.channels.values()}
    assert "Salaries" in await story.ana.types("list", "general")
    assert "No incident is open." in await story.ben.types("list", "general")
    assert "There is no INC-1" in await story.ben.types("timeline INC-1", "general")
    assert "is open as" in await story.ben.types("declare Salaries were leaked sev2", "general"), "he is told of none"


async def test_from_a_message(story: Story) -> None:
    """Its first line is the title, and its words stand on the timeline at their own time."""
    text = "@li checkout fails for everybody\nsince about nine"
    ts = await story.ben.says(text, "general")
    await story.forward("3m")
    await story.ana.actor.shortcut("Declare an incident", "general", ts)
    await story.settle()
    assert story.ana.actor.modal is not None
    assert "checkout fails for everybody" in str(story.ana.actor.modal.body)
    await story.ana.fills(severity="sev2")
    incident = await story.incident()
    assert (incident.title, incident.severity) == ("checkout fails for everybody", Severity.SEV2)
    [pinned] = [event for event in await story.timeline() if isinstance(event.payload, Pinned)]
    assert isinstance(pinned.payload, Pinned)
    assert (pinned.payload.by, pinned.occurred_at) == ("U0BEN", posted(ts))
    assert "since about nine" in await story.ana.types("timeline")


async def test_from_a_recorded_alert(unbegun: Story) -> None:
    """Its group is the incident's from then on; twice at once is one incident."""
    story = unbegun
    story.configure("routes.yaml", ("do: open", "do: record"))
    await story.start()
    assert await story.alert() == "record_only"
    assert "No alert was heard of for `tills`" in await story.ana.types("alerts tills", "general")
    assert len(await story.ana.types(f"alerts {'x' * 2_000}", "general")) < 200
    said = await story.ana.types("alerts orders", "general")
    assert "no incident; its route says `record`" in said
    button = story.ana.keeps("Declare DatabaseDown on orders", "general")
    await story.ana.clicks(button)
    await story.ana.fills(severity="sev2")
    incident = await story.incident()
    assert (incident.alerts.firing, incident.alerts.groups, incident.service) == (1, 1, "orders")
    assert "in *INC-1*" in await story.ana.types("alerts", "general")
    await story.ana.clicks(button)
    with pytest.raises(CannotDo, match="belongs to INC-1"):
        await story.ana.fills()
    await story.ana.actor.close()
    await story.clears()
    assert story.channel.has("Back to normal since")
