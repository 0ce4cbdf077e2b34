"""Every method says no in Slack's own words."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.bot.workspace.app import refused

REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("conversations.create", {"name": ""}, "invalid_name_required"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {"name": "Upper"}, "invalid_name_specials"),
    ("conversations.create", {"name": "with space"}, "invalid_name_specials"),
    ("conversations.create", {"name": "---"}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "general"}, "name_taken"),
    ("conversations.create", {"name": "old"}, "name_taken"),
    ("conversations.create", {"name": "everyone"}, "name_taken"),
    ("conversations.info", {"channel": "#general"}, "channel_not_found"),
    ("conversations.info", {"channel": "U0ANA"}, "channel_not_found"),
    ("conversations.info", {"channel": ""}, "channel_not_found"),
    ("conversations.replies", {"channel": "{general}", "ts": ""}, "thread_not_found"),
    ("conversations.archive", {"channel": "{general}"}, "cant_archive_general"),
    ("conversations.archive", {"channel": "{direct}"}, "method_not_supported_for_channel_type"),
    ("conversations.invite", {"channel": "{general}", "users": "{bot}"}, "cant_invite_self"),
    ("conversations.invite", {"channel": "{general}", "users": ",".join(["U0ANA"] * 101)}, "invalid_arguments"),
    ("conversations.join", {"channel": "{old}"}, "is_archived"),
    ("conversations.open", {"users": "U0ANA,U0BEN,U0LI,U1,U2,U3,U4,U5,U6"}, "too_many_users"),
    ("conversations.info", {"channel": "C404"}, "channel_not_found"),
    ("conversations.info", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.history", {"channel": "{lobby}"}, "not_in_channel"),
    ("conversations.history", {"channel": "{general}", "oldest": "yesterday"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "{general}", "cursor": "what"}, "invalid_cursor"),
    ("conversations.list", {"types": "public_channel,tent"}, "invalid_types"),
    ("conversations.list", {"limit": 5000}, "invalid_limit"),
    ("conversations.replies", {"channel": "{general}", "ts": "1.000000"}, "thread_not_found"),
    ("conversations.invite", {"channel": "{general}", "users": "U0ANA"}, "already_in_channel"),
    ("conversations.invite", {"channel": "{general}", "users": "U0ANA,U404"}, "already_in_channel"),
    ("conversations.invite", {"channel": "{general}", "users": "U404"}, "user_not_found"),
    ("conversations.invite", {"channel": "{general}", "users": ""}, "no_user"),
    ("conversations.invite", {"channel": "{general}", "users": "USLACKBOT"}, "cant_invite"),
    ("conversations.invite", {"channel": "{old}", "users": "U0LI"}, "is_archived"),
    ("conversations.invite", {"channel": "{lobby}", "users": "U0LI"}, "not_in_channel"),
    ("conversations.setTopic", {"channel": "{general}", "topic": "x" * 251}, "too_long"),
    ("conversations.archive", {"channel": "{old}"}, "already_archived"),
    ("conversations.open", {"users": ""}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U404"}, "user_not_found"),
    ("chat.postMessage", {"channel": "{general}"}, "no_text"),
    ("chat.postMessage", {"channel": "{old}", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "{lobby}", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "{secret}", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{general}", "text": "x", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
    ("chat.postMessage", {"channel": "{general}", "blocks": "{"}, "invalid_blocks_format"),
    (
        "chat.postMessage",
        {"channel": "{general}", "text": "x", "metadata": {"event_type": 1}},
        "invalid_metadata_format",
    ),
    (
        "chat.postMessage",
        {"channel": "{general}", "text": "x", "metadata": {"event_type": "a"}},
        "invalid_metadata_schema",
    ),
    ("chat.postEphemeral", {"channel": "{general}", "user": "U404", "text": "x"}, "user_not_in_channel"),
    ("chat.update", {"channel": "{general}", "ts": "1.000000", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "{general}", "ts": "{hers}", "text": "x"}, "cant_update_message"),
    ("chat.update", {"channel": "{general}", "ts": "{mine}", "text": "x" * 4_001}, "msg_too_long"),
    ("chat.update", {"channel": "#general", "ts": "{mine}", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "{old}", "ts": "{older}", "text": "x"}, "is_inactive"),
    (
        "chat.postEphemeral",
        {"channel": "{general}", "user": "U0ANA", "text": "x", "thread_ts": "1.000000"},
        "cannot_reply_to_message",
    ),
    ("pins.add", {"channel": "{general}", "timestamp": "{joined}"}, "not_pinnable"),
    (
        "bookmarks.add",
        {"channel_id": "{general}", "title": "x", "type": "link", "link": "https://x", "emoji": "eyes"},
        "invalid_emoji",
    ),
    (
        "bookmarks.add",
        {"channel_id": "{general}", "title": "x" * 257, "type": "link", "link": "https://x"},
        "invalid_arguments",
    ),
    ("views.update", {"view": {"type": "home", "blocks": []}}, "invalid_arguments"),
    ("chat.update", {"channel": "{general}", "ts": "{mine}"}, "no_text"),
    ("chat.delete", {"channel": "{general}", "ts": "{hers}"}, "cant_delete_message"),
    ("pins.add", {"channel": "{general}", "timestamp": "{pinned}"}, "already_pinned"),
    ("pins.add", {"channel": "{general}", "timestamp": "now"}, "bad_timestamp"),
    ("pins.add", {"channel": "{general}"}, "no_item_specified"),
    ("pins.remove", {"channel": "{general}", "timestamp": "{mine}"}, "no_pin"),
    ("reactions.add", {"channel": "{general}", "timestamp": "{pinned}", "name": "eyes"}, "already_reacted"),
    ("reactions.add", {"channel": "{general}", "timestamp": "{mine}", "name": "Big Eyes"}, "invalid_name"),
    ("reactions.remove", {"channel": "{general}", "timestamp": "{mine}", "name": "eyes"}, "no_reaction"),
    ("bookmarks.add", {"channel_id": "{general}", "title": "x", "type": "link", "link": "ftp://x"}, "invalid_link"),
    ("bookmarks.add", {"channel_id": "{general}", "title": "x", "type": "list"}, "invalid_bookmark_type"),
    ("bookmarks.add", {"channel_id": "{lobby}", "title": "x", "type": "link"}, "permission_denied"),
    ("bookmarks.edit", {"channel_id": "{general}", "bookmark_id": "Bk404"}, "not_found"),
    ("bookmarks.edit", {"channel_id": "{lobby}", "bookmark_id": "Bk404"}, "permission_denied"),
    ("users.info", {"user": "U404"}, "user_not_found"),
    ("dnd.info", {"user": "U404"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
    ("files.getUploadURLExternal", {"filename": "x"}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
    ("views.open", {"trigger_id": "x", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
    ("views.update", {"view_id": "V404", "view": {"type": "home", "blocks": []}}, "not_found"),
    ("views.publish", {"user_id": "U404", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
]


@pytest.mark.parametrize(("method", "args", "code"), REFUSALS)
async def test_refusals(ws: Workspace, client: AsyncWebClient, method: str, args: dict[str, Any], code: str) -> None:
    general = ws.channel("general").id
    old = (await client.conversations_create(name="old"))["channel"]["id"]
    older = (await client.chat_postMessage(channel=old, text="older"))["ts"]
    await client.conversations_archive(channel=old)
    mine = (await client.chat_postMessage(channel=general, text="mine"))["ts"]
    pinned = (await client.chat_postMessage(channel=general, text="pinned"))["ts"]
    await client.pins_add(channel=general, timestamp=pinned)
    await client.reactions_add(channel=general, timestamp=pinned, name="eyes")
    names = {
        "general": general,
        "bot": ws.state.bot_user,
        "direct": ws.state.open_dm(ws.state.bot_user, "U0ANA").id,
        "joined": next(each.ts for each in ws.state.lasting(general) if each.subtype == "channel_join"),
        "older": older,
        "old": old,
        "mine": mine,
        "pinned": pinned,
        "hers": await ws.person("ana").say("general", "hers"),
        "lobby": ws.add_channel("lobby", "ana").id,
        "secret": ws.add_channel("secret", "ana", private=True).id,
    }
    filled = {
        key: names.get(str(value)[1:-1], value) if str(value)[:1] == "{" else value for key, value in args.items()
    }
    assert (await refused(client, method, **filled))["error"] == code
    assert not ws.calls(method)[-1].ok
