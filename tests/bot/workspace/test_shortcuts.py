"""Shortcuts: what hangs on a message, and what is found everywhere."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Workspace
from tests.bot.workspace.app import modal, question
from tests.fakes import FakeClock


def listen(bolt: AsyncApp, callback_id: str) -> list[dict[str, Any]]:
    """Ack the shortcut and keep what came."""
    seen: list[dict[str, Any]] = []

    @bolt.shortcut(callback_id)
    async def taken(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)

    return seen


async def test_a_message_shortcut_brings_the_message(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    seen = listen(bolt, "again")
    root = await ws.person("ben").say("general", "orders fail & nobody knows why")
    reply = await ws.person("li").say("general", "since 02:45", thread=root)
    await ws.person("ana").shortcut("Say again", "general", root)
    await ws.person("ana").shortcut("Say again", "general", reply)
    first, second = seen
    assert first["message"]["text"] == "orders fail &amp; nobody knows why"
    assert (first["message"]["user"], first["user"]["id"]) == ("U0BEN", "U0ANA")
    assert first["channel"] == {"id": ws.channel("general").id, "name": "general"}
    assert (first["message_ts"], second["message_ts"], second["message"]["thread_ts"]) == (root, reply, root)
    assert first["message"]["reply_count"] == 1


async def test_its_trigger_opens_a_form_and_its_response_url_answers_that_person(
    ws: Workspace, bolt: AsyncApp, connected: Any
) -> None:
    @bolt.shortcut("again")
    async def ask(ack: Any, body: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(question("Why?", "why")))
        await respond(text="As you like.")

    ana = ws.person("ana")
    await ana.shortcut("Say again", "general", await ws.person("ben").say("general", "no"))
    await ws.until(lambda: ana.modal and "👁 As you like." in ana.sees("general"))
    assert "As you like." not in "".join(ws.person("ben").sees("general"))


async def test_the_app_gets_it_from_channels_that_it_is_not_in(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    seen = listen(bolt, "again")
    room = ws.add_channel("secret", "ana", private=True)
    await ws.person("ana").shortcut("Say again", room.id, await ws.person("ana").say(room.id, "psst"))
    assert seen[0]["channel"]["name"] == "privategroup"
    assert seen[0]["message"]["text"] == "psst"


async def test_a_global_shortcut_knows_no_place(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    seen = listen(bolt, "sing")
    await ws.person("li").shortcut("Sing")
    assert seen[0]["type"] == "shortcut"
    assert seen[0]["user"]["id"] == "U0LI"
    assert seen[0].keys() & {"channel", "message", "response_url"} == set()


async def test_shortcuts_that_are_not_there(ws: Workspace, client: AsyncWebClient) -> None:
    ana = ws.person("ana")
    with pytest.raises(CannotDo, match=r"ana sees no message shortcut 'Sing', but \['Say again'\]"):
        await ana.shortcut("Sing", "general", await ana.say("general", "x"))
    only = await client.chat_postEphemeral(channel="#general", user="U0ANA", text="psst")
    with pytest.raises(CannotDo, match="no shortcuts"):
        await ana.shortcut("Say again", "general", only["message_ts"])
    ws.state.manifest = replace(ws.state.manifest, interactive=False)
    with pytest.raises(CannotDo, match="not configured to handle interactive responses"):
        await ana.shortcut("Sing")


async def test_a_shortcut_that_is_not_acked_is_told_and_not_sent_again(
    ws: Workspace, bolt: AsyncApp, connected: Any, clock: FakeClock
) -> None:
    taken = asyncio.gather(ws.person("ana").shortcut("Sing"), return_exceptions=True)
    await ws.until(lambda: ws.deliver.under_way)
    await clock.forward("1h")
    assert "isn't responding" in str((await taken)[0])
    assert [each.id for each in ws.state.journal if each.kind == "delivery"].count("interactive") == 1
