"""The Chat port in the local workspace."""

import asyncio

import pytest

from bot.domain.saying import Post
from bot.errors import ChatError
from bot.ports import Message
from bot.slack import blocks
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.replies import Replies
from bot.workspace import Group, Person, Workspace
from tests.fakes import FakeClock


def said(text: str) -> Message:
    return blocks.message([blocks.section(text)], text)


async def test_a_channel_from_its_making_to_its_people(ws: Workspace, chat: SlackChat) -> None:
    made = await chat.create_channel("inc-42-orders", private=False)
    assert (made.name, made.member, made.private, made.purpose) == ("inc-42-orders", True, False, "")
    await chat.set_purpose(made.id, "INC-42 · here")
    await chat.set_topic(made.id, "SEV1 · Investigating")
    await chat.invite(made.id, ["U1", "U2"])
    found = await chat.find_channel("inc-42-orders")
    assert found is not None
    assert (found.id, found.purpose) == (made.id, "INC-42 · here")
    assert set(ws.channel(made.id).members) >= {"ana", "ben"}
    assert ws.channel(made.id).topic == "SEV1 · Investigating"
    assert await chat.find_channel("inc-43") is None
    with pytest.raises(ChatError, match="name_taken"):
        await chat.create_channel("inc-42-orders", private=False)


async def test_a_private_channel_is_found_too(chat: SlackChat) -> None:
    made = await chat.create_channel("inc-7-secret", private=True)
    found = await chat.find_channel("inc-7-secret")
    assert found is not None
    assert found.id == made.id
    assert found.private


async def test_a_post_is_found_by_its_key(ws: Workspace, chat: SlackChat) -> None:
    room = await chat.create_channel("inc-1-x", private=False)
    ts = await chat.post(room.id, said("card"), "inc:1:card")
    for n in range(3):
        await chat.post(room.id, said(f"line {n}"), f"inc:1:line:{n}", ts)
    assert await chat.find_post(room.id, "inc:1:card") == ts
    assert await chat.find_post(room.id, "inc:1:line:1") is None
    in_thread = await chat.find_post(room.id, "inc:1:line:1", ts)
    assert in_thread is not None
    assert in_thread > ts
    await chat.update(room.id, ts, said("new card"), "inc:1:card")
    assert await chat.find_post(room.id, "inc:1:card") == ts
    assert ws.channel(room.id).has("new card")
    with pytest.raises(ChatError, match="message_not_found"):
        await chat.update(room.id, "1.000001", said("x"), "k")


async def test_history_is_read_page_by_page(chat: SlackChat) -> None:
    room = await chat.create_channel("inc-2-x", private=False)
    first = await chat.post(room.id, said("first"), "k0")
    for n in range(1, 205):
        await chat.post(room.id, said(str(n)), f"k{n}")
    assert await chat.find_post(room.id, "k0") == first


async def test_the_newest_post_of_a_long_thread_is_found(ws: Workspace, chat: SlackChat, clock: FakeClock) -> None:
    """Slack reads threads from their beginning, and we read so many pages only."""
    room = await chat.create_channel("inc-2-x", private=False)
    card = await chat.post(room.id, said("card"), "inc:2:card")
    ana = ws.person("ana")
    await ana.join(room.id)
    for n in range(1_005):
        await ana.say(room.id, str(n), card)
    clock.jump("1h")
    asked = clock.now()
    late = await chat.post(room.id, said("line"), "inc:2:line:13", card)
    assert await chat.find_post(room.id, "inc:2:line:13", card) is None
    assert await chat.find_post(room.id, "inc:2:line:13", card, asked) == late


async def test_pin_permalink_and_direct_messages(ws: Workspace, chat: SlackChat) -> None:
    room = await chat.create_channel("inc-3-x", private=False)
    ts = await chat.post(room.id, said("card"), "k")
    await chat.pin(room.id, ts)
    assert [post.text for post in ws.channel(room.id).pinned]
    with pytest.raises(ChatError, match="already_pinned"):
        await chat.pin(room.id, ts)
    assert (await chat.permalink(room.id, ts)).startswith("http")
    dm = await chat.open_dm("U1")
    assert dm == await chat.open_dm("U1")
    await chat.post(dm, said("hello"), "d")


async def test_a_file_is_found_by_its_name(ws: Workspace, chat: SlackChat) -> None:
    room = await chat.create_channel("inc-4-x", private=False)
    text = "# Draft\nzwölf\n".encode()
    await chat.upload(room.id, "INC-4-review-9.md", "INC-4: draft of the review", text, "")
    assert len(ws.channel(room.id).files) == 1
    assert await chat.find_post(room.id, "file:INC-4-review-9.md") is not None
    assert await chat.find_post(room.id, "file:INC-4-review-10.md") is None


async def test_people_and_groups(ws: Workspace, chat: SlackChat) -> None:
    ws.add_person(Person(id="U9", name="old", real_name="Old Hand", deleted=True))
    ws.add_group(Group(id="S1", handle="dba", name="DBA", members=["U1", "U2"]))
    people = {person.id: person for person in await chat.people()}
    assert people["U1"].name == "Ana"
    assert people["U1"].zone == "Europe/Lisbon"
    assert people["U9"].deleted
    assert people[ws.state.bot_user].bot
    assert not people["U1"].stranger
    groups = await chat.groups()
    assert [(group.handle, group.members) for group in groups] == [("dba", ("U1", "U2"))]
    assert (await chat.person("U2")).name == "Ben"


async def test_a_long_list_of_people_waits_for_slacks_limit(ws: Workspace, chat: SlackChat, clock: FakeClock) -> None:
    """In a large workspace it has more pages than Slack gives in a minute; to begin anew each time would never end."""
    ws.fault("users.list", "ratelimited", after=12)
    reading = asyncio.ensure_future(chat.people())  # noqa: TID251
    await ws.until(lambda: ws.calls("users.list"))
    await ws.quiet()
    await clock.forward("11s")
    assert not reading.done()
    await clock.forward("1s")
    assert {person.name for person in await reading} >= {"Ana", "Ben", "Li"}
    assert len(ws.calls("users.list")) == 2
    ws.fault("conversations.list", "ratelimited", after=12)
    with pytest.raises(ChatError, match="ratelimited"):
        await chat.find_channel("nobody-waits-for-this-one")


async def test_a_plan_without_groups_has_none(ws: Workspace, chat: SlackChat) -> None:
    ws.fault("usergroups.list", "error", code="plan_upgrade_required")
    assert await chat.groups() == []
    ws.fault("usergroups.list", "error", code="internal_error")
    with pytest.raises(ChatError):
        await chat.groups()


def test_people_of_other_workspaces_are_strangers(chat: SlackChat, ws: Workspace) -> None:
    member = {"id": "U5", "name": "eve", "team_id": "T-OTHER", "profile": {"display_name": ""}}
    assert chat.person_of(member).stranger
    assert chat.person_of({**member, "team_id": ws.state.team, "is_stranger": True}).stranger
    assert not chat.person_of({**member, "team_id": ws.state.team}).stranger


async def test_the_words_of_a_message_in_a_thread(ws: Workspace, chat: SlackChat) -> None:
    room = await chat.create_channel("inc-5-x", private=False)
    await chat.invite(room.id, ["U1"])
    root = await ws.person("ana").say(room.id, "the primary is gone")
    reply = await ws.person("ana").say(room.id, "and its standby", thread=root)
    await ws.person("ana").react(room.id, reply, "pushpin")
    assert await chat.words(room.id, root) == Post(room.id, root, "U1", "the primary is gone")
    assert await chat.words(room.id, reply) == Post(
        room.id, reply, "U1", "and its standby", marks=frozenset({"pushpin"}), thread=root
    )
    assert await chat.words(room.id, "1.000001") is None


async def test_replies(ws: Workspace, chat: SlackChat, client: SlackClient) -> None:
    room = await chat.create_channel("inc-6-x", private=False)
    await chat.invite(room.id, ["U1", "U2"])
    replies = Replies(client)
    await replies.ephemeral(room.id, "U1", said("only you"))
    assert any("only you" in line for line in ws.person("ana").sees(room.id))
    assert not any("only you" in line for line in ws.person("ben").sees(room.id))
    await replies.direct("U2", said("just so"))
    with pytest.raises(ChatError):
        await replies.form("bogus", {"type": "modal"})
    with pytest.raises(ChatError, match="http_"):
        await replies.respond(f"{ws.url}/hook/none", said("x"))
