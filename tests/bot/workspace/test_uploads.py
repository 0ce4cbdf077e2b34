"""Files: three steps, in order, with the right number of bytes."""

from base64 import b64encode
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Workspace
from tests.bot.workspace.app import refused


@pytest.fixture
async def upload(client: AsyncWebClient) -> Any:
    """An upload that was asked for: `file_id`, `upload_url`, five bytes long."""
    return (await client.files_getUploadURLExternal(filename="a.md", length=5)).data


async def send(url: str, data: Any) -> tuple[int, str]:
    async with ClientSession() as http, http.post(url, data=data) as answer:
        return answer.status, await answer.text()


async def fetch(url: str, token: str) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


async def complete(client: AsyncWebClient, upload: Any, channel: str) -> Any:
    files = [{"id": upload["file_id"], "title": "A"}]
    return (await client.files_completeUploadExternal(files=files, channel_id=channel))["files"][0]


async def test_the_three_steps(ws: Workspace, client: AsyncWebClient, upload: Any) -> None:
    general = ws.channel("general").id
    files = [{"id": upload["file_id"]}]
    too_soon = await refused(client, "files.completeUploadExternal", files=files, channel_id=general)
    assert too_soon["error"] == "file_not_found"
    assert await send(upload["upload_url"], b"hell") == (400, "the length is not what was announced")
    assert await send(upload["upload_url"], b"hello") == (200, "OK - 5")
    file = await complete(client, upload, general)
    assert (file["title"], file["channels"]) == ("A", [general])
    assert ws.channel("general").last.text == "(file: A)"
    again = await refused(client, "files.completeUploadExternal", files=files, channel_id=general)
    assert again["error"] == "file_not_found"
    assert await fetch(file["url_private"], ws.bot_token) == (200, b"hello")
    assert (await fetch(file["url_private"], "xoxb-other"))[0] == 403
    assert (await fetch(file["url_private"].replace(file["id"], "F404"), ws.bot_token))[0] == 404


async def test_who_may_not_read_files_gets_a_page_to_sign_in_at(
    ws: Workspace, client: AsyncWebClient, upload: Any
) -> None:
    await send(upload["upload_url"], b"hello")
    file = await complete(client, upload, ws.channel("general").id)
    ws.state.manifest = replace(ws.state.manifest, scopes=("files:write",))
    status, page = await fetch(file["url_private"], ws.bot_token)
    assert (status, b"Sign in" in page) == (200, True)


async def test_people_share_files_too(ws: Workspace, client: AsyncWebClient) -> None:
    general, ben = ws.channel("general").id, ws.person("ben")
    root = await ben.say("general", "look")
    ts = await ben.share("general", "graph.png", b"PNG", "Since 02:45, @ana", thread=root)
    replies = (await client.conversations_replies(channel=general, ts=root))["messages"]
    assert (replies[1]["ts"], replies[1]["subtype"], replies[1]["text"]) == (ts, "file_share", "Since 02:45, <@U0ANA>")
    assert await fetch(replies[1]["files"][0]["url_private"], ws.bot_token) == (200, b"PNG")
    await ben.edit("general", ts, "Since 02:44")
    asked = {"as": "U0ANA", "what": "share", "channel": general, "name": "a.txt", "content": b64encode(b"a").decode()}
    async with ClientSession() as http:
        async with http.post(f"{ws.url}/page/do", json=asked) as answer:
            assert (await answer.json())["ok"]
        async with http.post(f"{ws.url}/page/do", json={**asked, "content": "?"}) as answer:
            assert answer.status == 400
    assert ws.channel("general").last.text == "(file: a.txt)"
    with pytest.raises(CannotDo, match="at least one byte"):
        await ben.share("general", "empty.txt", b"")
    with pytest.raises(CannotDo, match="not in that channel"):
        await ben.share(ws.add_channel("lobby", "ana").id, "a.txt", b"a")


async def test_a_form_will_do(ws: Workspace, client: AsyncWebClient, upload: Any) -> None:
    assert (await send(upload["upload_url"], {"file": BytesIO(b"hello")}))[0] == 200
    assert (await send(f"{ws.url}/upload/nothing", b"hello"))[0] == 404


async def test_where_a_file_may_go(ws: Workspace, client: AsyncWebClient, upload: Any) -> None:
    await send(upload["upload_url"], b"hello")
    lobby, secret = ws.add_channel("lobby", "ana").id, ws.add_channel("secret", "ana", private=True).id
    old = (await client.conversations_create(name="old"))["channel"]["id"]
    await client.conversations_archive(channel=old)
    codes = {
        lobby: "not_in_channel",
        secret: "channel_not_found",
        "C404": "channel_not_found",
        old: "posting_to_channel_denied",
    }
    for channel, code in codes.items():
        files = [{"id": upload["file_id"]}]
        answer = await refused(client, "files.completeUploadExternal", files=files, channel_id=channel)
        assert answer["error"] == code
    assert (await complete(client, upload, ws.channel("general").id))["id"] == upload["file_id"]
