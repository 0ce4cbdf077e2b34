"""One walk through everything: each method answered ok once, each kind of payload sent once."""

import asyncio
import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Group, Workspace
from tests.bot.workspace.app import actions, button, modal, question, section


def listen(bolt: AsyncApp, bodies: list[Any]) -> None:
    """Ack everything, keep the bodies, and answer /parrot with a form."""

    @bolt.middleware
    async def keep(body: Any, next: Any) -> None:
        bodies.append(body)
        await next()

    @bolt.command("/parrot")
    async def form(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = modal(question("Why?", "why"), callback_id="form", notify_on_close=True)
        opened = (await client.views_open(trigger_id=body["trigger_id"], view=view))["view"]
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=view)

    @bolt.action("press")
    async def pressed(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        if "view" in body:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(section("On top"), callback_id="form"))

    @bolt.view("form")
    async def update(ack: Any) -> None:
        blocks = [section("More?", accessory=button("Push")), question("Why?", "why")]
        await ack(response_action="update", view=modal(*blocks, callback_id="form", notify_on_close=True))

    bolt.view_closed("form")(_taken)
    for each in ("again", "sing"):
        bolt.shortcut(each)(_taken)
    bolt.event(re.compile(".*"))(_taken)


async def _taken(ack: Any) -> None:
    await ack()


async def forms(ws: Workspace) -> None:
    """Command, form, click inside it, submit, close."""
    ana = ws.person("ana")
    await ana.command("/parrot", "general")
    await ws.until(lambda: ws.calls("views.update") and ws.calls("views.update")[-1].ok)
    await ana.fill(why="because").submit()
    await ana.fill(why="because").click("Push")
    await ws.until(lambda: len(ws.state.stacks[ana.id]) == 2)
    await ana.close()
    await ana.close()
    await ana.open_home()


async def channels(ws: Workspace, client: AsyncWebClient) -> str:
    made = str((await client.conversations_create(name="tour"))["channel"]["id"])
    await client.conversations_invite(channel=made, users="U0ANA")
    await client.conversations_setTopic(channel=made, topic="a")
    await client.conversations_setPurpose(channel=made, purpose="b")
    await client.conversations_join(channel=made)
    await client.conversations_info(channel=made, include_num_members=True)
    await client.conversations_list(types="public_channel,private_channel,im")
    await client.conversations_members(channel=made)
    await client.conversations_open(users="U0BEN", return_im=True)
    await client.bookmarks_add(channel_id=made, title="x", type="link", link="https://x.test", emoji=":eyes:")
    [kept] = (await client.bookmarks_list(channel_id=made))["bookmarks"]
    await client.bookmarks_edit(channel_id=made, bookmark_id=kept["id"], link="https://y.test")
    sent = await client.files_upload_v2(channel=made, filename="a.md", content="# a", initial_comment="Here.")
    await client.files_info(file=sent["file"]["id"])
    return made


async def messages(ws: Workspace, client: AsyncWebClient, channel: str) -> None:
    metadata = {"event_type": "a", "event_payload": {"key": "b"}}
    blocks = [section("x"), actions(button("Press", value="1"))]
    root = (await client.chat_postMessage(channel=channel, text="x", blocks=blocks, metadata=metadata))["ts"]
    await ws.person("ana").say(channel, "@parrot reply", thread=root)
    await ws.person("ana").react(channel, root, "eyes")
    await ws.person("ana").react(channel, root, "eyes", on=False)
    await client.chat_update(channel=channel, ts=root, text="y", blocks=blocks)
    await client.chat_postEphemeral(channel=channel, user="U0ANA", text="psst")
    await client.chat_getPermalink(channel=channel, message_ts=root)
    await client.reactions_add(channel=channel, timestamp=root, name="eyes")
    await client.pins_add(channel=channel, timestamp=root)
    await client.pins_list(channel=channel)
    await client.conversations_history(channel=channel, include_all_metadata=True)
    await client.conversations_replies(channel=channel, ts=root)
    await ws.person("ana").click("Press", channel)
    await ws.person("ana").shortcut("Say again", channel, root)
    await ws.person("ana").shortcut("Sing")
    await client.pins_remove(channel=channel, timestamp=root)
    await client.reactions_remove(channel=channel, timestamp=root, name="eyes")
    await client.chat_delete(channel=channel, ts=root)


async def tour(ws: Workspace, bolt: AsyncApp, client: AsyncWebClient) -> list[Any]:
    """Returns the bodies that the app was sent."""
    bodies: list[Any] = []
    listen(bolt, bodies)
    ws.add_group(Group("S0DB", "database", "Database", ["U0BEN"]))
    ws.change_person("li", title="Manager")
    await forms(ws)
    channel = await channels(ws, client)
    await messages(ws, client, channel)
    people = [
        client.users_list(),
        client.users_info(user="U0LI"),
        client.dnd_info(user="U0LI"),
        client.users_conversations(user="U0ANA"),
    ]
    groups = [client.usergroups_list(include_users=True), client.usergroups_users_list(usergroup="S0DB")]
    await asyncio.gather(*people, *groups, client.auth_test())
    home = {"type": "home", "blocks": [section("Home")]}
    await client.views_publish(user_id="U0ANA", view=home)
    await client.conversations_archive(channel=channel)
    await ws.person("ana").archive("general")
    await ws.quiet()
    return bodies
