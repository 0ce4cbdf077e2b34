"""Shortcuts and files in a real browser: on a message, and beside the line where one types."""

from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.bot.workspace.app import modal, question
from tests.bot.workspace.browser import Tabs, messages

pytestmark = pytest.mark.slow


async def test_a_shortcut_of_a_message_opens_a_form(ws: Workspace, tab: Tabs, bolt: AsyncApp, connected: Any) -> None:
    @bolt.shortcut("again")
    async def ask(ack: Any, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        words = shortcut["message"]["text"]
        view = modal(question("What?", "what", initial_value=words), title="Say it again")
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    await ws.person("ben").say("general", "orders fail")
    page = await tab("ana")
    await messages(page).last.hover()
    await page.get_by_role("toolbar").get_by_role("button", name="More").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Say again"])
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Say it again")
    await expect(dialog.get_by_label("What?")).to_have_value("orders fail")


async def test_a_global_shortcut_and_what_an_app_that_is_away_looks_like(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana", 390, touch=True)
    await page.get_by_role("main").get_by_role("button", name="Shortcuts").tap()
    await page.get_by_role("menuitem", name="Sing").tap()
    await expect(page.get_by_role("alert")).to_contain_text("Parrot: This app isn't responding")


async def test_a_file_is_attached(ws: Workspace, tab: Tabs) -> None:
    page = await tab("ana")
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("main").get_by_role("button", name="Attach a file").click()
    await (await chooser.value).set_files({"name": "notes.md", "mimeType": "text/markdown", "buffer": b"# Seen"})
    await messages(page).last.get_by_role("button", name="notes.md").click()
    await expect(page.get_by_role("dialog").get_by_role("heading", name="Seen")).to_be_visible()
