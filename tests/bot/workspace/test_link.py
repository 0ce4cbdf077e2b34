"""Socket Mode against an unchanged Bolt app."""

import asyncio
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import CannotDo, Workspace
from tests.bot.workspace.app import actions, button, modal, question, section
from tests.fakes import FakeClock


async def test_a_command_is_acked_to_that_person_alone(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    @bolt.command("/parrot")
    async def parrot(ack: Any, command: dict[str, Any]) -> None:
        await ack(text=f"{command['user_name']} says {command['text']} in {command['channel_name']}")

    await ws.person("ana").command("/parrot hello @ben & <all> in #general", "general")
    general = ws.channel("general").id
    assert ws.person("ana").sees("general")[-1] == "👁 ana says hello @ben & <all> in #general in general"
    assert ws.state.messages[general][list(ws.state.messages[general])[-1]].text.startswith(
        f"ana says hello <@U0BEN|ben> &amp; &lt;all&gt; in <#{general}|general>"
    )
    assert not ws.channel("general").has("ana says")
    assert "ana says" not in "".join(ws.person("ben").sees("general"))


async def test_a_click_reaches_the_app_with_the_message(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: Any
) -> None:
    seen: list[dict[str, Any]] = []

    @bolt.action("press")
    async def pressed(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Pressed.")

    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Ack", value="v1"))])
    await ws.person("ben").click("Ack", "general")
    await ws.until(lambda: "👁 Pressed." in ws.person("ben").sees("general"))
    (body,) = seen
    assert body["actions"][0]["value"] == "v1"
    assert body["message"]["blocks"][0]["block_id"] == body["actions"][0]["block_id"]
    assert body["user"]["id"] == "U0BEN"


async def test_a_form_is_opened_refused_and_taken(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    taken: list[str] = []

    @bolt.command("/parrot")
    async def ask(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        view = modal(question("What is broken?", "what"), callback_id="why")
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.view("why")
    async def why(ack: Any, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["what"]["answer"]["value"]
        if len(value) < 4:
            await ack(response_action="errors", errors={"what": "Say more."})
            return
        taken.append(value)
        await ack()

    ana = ws.person("ana")
    await ana.command("/parrot", "general")
    await ws.until(lambda: ana.modal)
    assert ana.sees_modal() == "== Form ==\nWhat is broken?: ____\n[Send]"
    with pytest.raises(CannotDo, match="required"):
        await ana.fill().submit()
    with pytest.raises(CannotDo, match="Say more") as refused:
        await ana.fill(what="db").submit()
    assert refused.value.errors == {"what": "Say more."}
    await ana.fill({"What is broken?": "orders"}).submit()
    assert taken == ["orders"]
    assert ana.modal is None


async def test_what_is_never_acked_fails_after_three_seconds(
    ws: Workspace, bolt: AsyncApp, connected: Any, clock: FakeClock
) -> None:
    command = asyncio.gather(ws.person("ana").command("/parrot", "general"), return_exceptions=True)
    await ws.until(lambda: ws.deliver.under_way)
    await clock.forward(2.9)
    assert not command.done()
    await clock.forward(0.1)
    (failed,) = await command
    assert 'failed with the error "operation_timeout"' in str(failed)


async def test_nobody_there_is_another_error(ws: Workspace) -> None:
    with pytest.raises(CannotDo, match="dispatch_failed"):
        await ws.person("ana").command("/parrot", "general")


async def test_an_event_is_sent_again_until_it_is_acked(
    ws: Workspace, bolt: AsyncApp, client: Any, clock: FakeClock, connected: Any
) -> None:
    seen: list[Any] = []

    @bolt.event("message")
    async def heard(body: dict[str, Any], request: Any) -> None:
        seen.append({"id": body["event_id"], "try": request.headers["x-slack-retry-num"][0]})

    ws.link.mute = True
    await ws.person("ana").say("general", "is anybody there?")
    for length in ("3s", "3s", "60s", "3s"):
        await clock.forward(length)
    assert len(seen) == 0
    ws.link.mute = False
    await clock.forward("5m")
    await ws.until(lambda: seen)
    await clock.forward("1h")
    await ws.quiet()
    assert [each["try"] for each in seen] == ["3"]


async def test_drop_acks_and_twice_repeat_the_same_event(
    ws: Workspace, bolt: AsyncApp, clock: FakeClock, connected: Any
) -> None:
    seen: list[str] = []

    @bolt.event("message")
    async def heard(body: dict[str, Any]) -> None:
        seen.append(body["event_id"])

    ws.link.drop_acks = True
    await ws.person("ana").say("general", "once")
    await ws.until(lambda: len(seen) == 1)
    await clock.forward("3s")
    ws.link.drop_acks = False
    await clock.forward("3s")
    await ws.quiet()
    assert len(seen) >= 2
    assert len(set(seen)) == 1


async def test_disconnect_brings_a_new_socket(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def hear(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    before = ws.link.sockets[0]
    await ws.link.disconnect("refresh_requested")
    await ws.until(lambda: [each for each in ws.link.sockets if each is not before])
    await ws.person("ana").say("general", "still there?")
    await ws.until(lambda: heard == ["still there?"])


async def test_section_of_an_ephemeral_is_clickable(ws: Workspace, bolt: AsyncApp, connected: Any, client: Any) -> None:
    seen: list[dict[str, Any]] = []

    @bolt.action("press")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)

    blocks = [section("Only you", accessory=button("Yes"))]
    await client.chat_postEphemeral(channel="#general", user="U0LI", text="x", blocks=blocks)
    with pytest.raises(CannotDo, match=r"ana sees no \[Yes\]"):
        await ws.person("ana").click("Yes", "general")
    await ws.person("li").click("Yes", "general")
    assert seen[0]["container"]["is_ephemeral"] is True
    assert "message" not in seen[0]


async def test_unescaped_commands_keep_names(ws: Workspace, bolt: AsyncApp, connected: Any) -> None:
    seen: list[str] = []

    @bolt.command("/plain")
    async def plain(ack: Any, command: dict[str, Any]) -> None:
        await ack()
        seen.append(command["text"])

    await ws.person("ana").say("general", "/plain tell @ben & #general https://x.test")
    assert seen == ["tell @ben &amp; #general https://x.test"]


async def test_two_sockets_share_the_work(ws: Workspace, client: AsyncWebClient) -> None:
    heard: dict[str, list[str]] = {"one": [], "two": []}
    handlers: list[Any] = []
    for name in heard:
        app = AsyncApp(client=client, signing_secret="x")

        def hear(name: str = name, app: AsyncApp = app) -> None:
            @app.event("message")
            async def heard_it(event: dict[str, Any]) -> None:
                heard[name].append(event["text"])

        hear()
        handlers.append(AsyncSocketModeHandler(app, ws.app_token))
        await handlers[-1].connect_async()
    await ws.until(lambda: len(ws.link.sockets) == 2)
    for n in range(4):
        await ws.person("ana").say("general", str(n))
    await ws.until(lambda: sum(map(len, heard.values())) == 4)
    assert [len(each) for each in heard.values()] == [2, 2]
    await handlers[0].close_async()
    await ws.until(lambda: len(ws.link.sockets) == 1)
    await ws.person("ana").say("general", "one left")
    await ws.until(lambda: heard["two"][-1] == "one left")
    await handlers[1].close_async()


async def test_what_needs_an_interaction_is_not_asked_twice(
    ws: Workspace, bolt: AsyncApp, connected: Any, client: AsyncWebClient, clock: FakeClock
) -> None:
    await client.chat_postMessage(channel="#general", text="x", blocks=[actions(button("Dead", "dead"))])
    click = asyncio.gather(ws.person("ana").click("Dead", "general"), return_exceptions=True)
    await ws.until(lambda: ws.deliver.under_way)
    await clock.forward("1h")
    (failed,) = await click
    assert str(failed) == "This app isn't responding. Please try again."
