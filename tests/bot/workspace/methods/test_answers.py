"""What the methods answer, and what is to be seen afterwards."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.bot.workspace.app import actions, button, refused


async def test_metadata_is_shown_only_to_who_asks(ws: Workspace, client: AsyncWebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "inc:1:card"}}
    posted = await client.chat_postMessage(channel="#general", text="x", metadata=metadata)
    channel = posted["channel"]
    assert "metadata" not in (await client.conversations_history(channel=channel))["messages"][0]
    told = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert told["messages"][0]["metadata"] == metadata
    await client.chat_update(channel=channel, ts=posted["ts"], text="y")
    told = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert told["messages"][0]["metadata"] == metadata
    assert told["messages"][0]["edited"]["user"] == ws.state.bot_user


async def test_history_goes_back_page_by_page(ws: Workspace, client: AsyncWebClient) -> None:
    sent = [(await client.chat_postMessage(channel="#general", text=str(n)))["ts"] for n in range(5)]
    assert sent == sorted(set(sent))
    found: list[str] = []
    cursor = ""
    while True:
        answer = await client.conversations_history(
            channel=ws.channel("general").id, oldest=sent[0], inclusive=True, limit=2, cursor=cursor
        )
        found += [each["text"] for each in answer["messages"]]
        cursor = answer["response_metadata"]["next_cursor"]
        assert answer["has_more"] is bool(cursor)
        if not cursor:
            break
    assert found == ["4", "3", "2", "1", "0"]
    between = await client.conversations_history(channel=ws.channel("general").id, oldest=sent[0], latest=sent[2])
    assert [each["text"] for each in between["messages"]] == ["1"]


async def test_threads(ws: Workspace, client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="#general", text="root")
    channel, ts = root["channel"], root["ts"]
    reply = await ws.person("ben").say("general", "a reply", thread=ts)
    await client.chat_postMessage(channel=channel, text="to the root all the same", thread_ts=reply)
    answer = await client.conversations_replies(channel=channel, ts=ts)
    assert [each["text"] for each in answer["messages"]] == ["root", "a reply", "to the root all the same"]
    assert answer["messages"][0]["reply_count"] == 2
    assert {each["thread_ts"] for each in answer["messages"]} == {ts}
    history = await client.conversations_history(channel=channel)
    assert "a reply" not in [each["text"] for each in history["messages"]]
    assert ws.channel("general").last.replies[0].text == "a reply"


async def test_channels_are_made_filled_and_closed(ws: Workspace, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="inc-42-orders"))["channel"]
    assert made["is_member"] is True
    await client.conversations_invite(channel=made["id"], users=["U0ANA", "U0BEN"])
    await client.conversations_setTopic(channel=made["id"], topic="SEV1")
    await client.conversations_setPurpose(channel=made["id"], purpose="orders")
    room = ws.channel("inc-42…")
    assert (room.topic, room.members) == ("SEV1", ["parrot", "ana", "ben"])
    assert (await client.conversations_members(channel=made["id"]))["members"] == room.channel.members
    bookmark = await client.bookmarks_add(channel_id=made["id"], title="Bridge", type="link", link="https://x.test")
    assert (await client.bookmarks_list(channel_id=made["id"]))["bookmarks"] == [bookmark["bookmark"]]
    at = {"channel_id": made["id"], "bookmark_id": bookmark["bookmark"]["id"]}
    changed = (await client.bookmarks_edit(**at, link="https://y.test"))["bookmark"]
    assert (changed["title"], changed["link"]) == ("Bridge", "https://y.test"), "what is not given stays"
    assert changed["date_updated"] >= changed["date_created"]
    assert (await client.bookmarks_list(channel_id=made["id"]))["bookmarks"] == [changed]
    for wrong, code in (({"link": "ftp://x"}, "invalid_link"), ({"title": "x" * 257}, "invalid_arguments")):
        assert (await refused(client, "bookmarks.edit", **at, **wrong))["error"] == code
    await client.conversations_archive(channel=made["id"])
    assert room.archived
    names = [each["name"] for each in (await client.conversations_list())["channels"]]
    assert names == ["general", "inc-42-orders"]
    names = [each["name"] for each in (await client.conversations_list(exclude_archived=True))["channels"]]
    assert names == ["general"]
    mine = await client.users_conversations(types="public_channel,private_channel,im")
    assert [each.get("name") for each in mine["channels"]] == ["general", "inc-42-orders"]
    joined = await client.conversations_join(channel=ws.channel("general").id)
    assert joined["warning"] == "already_in_channel"


async def test_do_not_disturb_is_told_by_its_times(ws: Workspace, client: AsyncWebClient) -> None:
    awake = await client.dnd_info(user="U0ANA")
    assert (awake["dnd_enabled"], awake["next_dnd_end_ts"]) == (False, 1)
    await ws.person("ana").dnd()
    asleep = await client.dnd_info(user="U0ANA")
    assert asleep["next_dnd_start_ts"] <= ws.state.seconds() < asleep["next_dnd_end_ts"]
    assert asleep.get("snooze_enabled") is None, "that is told to themselves alone"
    await ws.person("ana").dnd(on=False)
    assert (await client.dnd_info(user="U0ANA"))["dnd_enabled"] is False


async def test_pins_people_groups_and_links(ws: Workspace, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#general", text="card", blocks=[actions(button("Go"))])
    channel, ts = posted["channel"], posted["ts"]
    await client.pins_add(channel=channel, timestamp=ts)
    (item,) = (await client.pins_list(channel=channel))["items"]
    assert item["message"]["text"] == "card"
    assert [each.text for each in ws.channel("general").pinned] == ["[Go]"]
    await client.pins_remove(channel=channel, timestamp=ts)
    assert ws.channel("general").pinned == []
    link = (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
    assert link == f"{ws.url}/archives/{channel}/p{ts.replace('.', '')}"
    people = (await client.users_list())["members"]
    assert [each["id"] for each in people][:3] == ["U0ANA", "U0BEN", "U0LI"]
    assert (await client.users_info(user="U0LI"))["user"]["tz"] == "Asia/Shanghai"
    dm = (await client.conversations_open(users="U0LI"))["channel"]["id"]
    assert (await client.chat_postMessage(channel="U0LI", text="hello"))["channel"] == dm
    assert ws.person("li").sees("@parrot") == ["hello"]


async def test_text_is_cut_and_said_so(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="#general", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


async def test_an_ephemeral_is_nobody_elses(ws: Workspace, client: AsyncWebClient) -> None:
    channel = ws.channel("general").id
    ts = (await client.chat_postEphemeral(channel=channel, user="U0ANA", text="psst"))["message_ts"]
    assert (await refused(client, "chat.update", channel=channel, ts=ts, text="x"))["error"] == "message_not_found"
    assert (await refused(client, "reactions.add", channel=channel, timestamp=ts, name="x"))[
        "error"
    ] == "message_not_found"
    assert (await refused(client, "conversations.replies", channel=channel, ts=ts))["error"] == "thread_not_found"
    history = await client.conversations_history(channel=channel)
    assert "psst" not in [each["text"] for each in history["messages"]]
