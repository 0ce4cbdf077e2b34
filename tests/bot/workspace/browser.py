"""A real browser that looks at the page: `tab("ana")` is one more tab, as Ana, in #general."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.workspace import Workspace

PATIENCE = 15_000
"""Milliseconds that a browser on a busy machine may take for anything."""

expect.set_options(timeout=PATIENCE)


class Tabs:
    """Opens tabs, each in a browser of its own as far as storage goes, and collects what they complain about."""

    def __init__(self, workspace: Workspace, browser: Browser) -> None:
        self._workspace, self._browser = workspace, browser
        self.complaints: list[str] = []

    async def __call__(self, name: str, width: int = 1280, touch: bool = False, **options: Any) -> Page:
        person = self._workspace.person(name).id
        room = self._workspace.channel("general").id
        context = await self._browser.new_context(
            viewport={"width": width, "height": 844}, has_touch=touch, is_mobile=touch, **options
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(f"{self._workspace.url}/#/{person}/{room}")
        await page.get_by_role("log", name="Messages").wait_for()
        return page


@asynccontextmanager
async def browsing(workspace: Workspace) -> AsyncIterator[Tabs]:
    """Tabs on this workspace. Without Chromium the test is skipped, but fails where CI=true promises one."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no program called chromium was found, and CI has to have one")
        pytest.skip("no program called chromium was found")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tabs = Tabs(workspace, browser)
        yield tabs
        await browser.close()
        assert tabs.complaints == []


def line(page: Page) -> Locator:
    """Where one types in the channel."""
    return page.get_by_role("main").get_by_role("combobox")


def messages(page: Page) -> Locator:
    """The messages of the channel, oldest first."""
    return page.get_by_role("log", name="Messages").get_by_role("article")


WIDE = """() => Math.max(...[...document.querySelectorAll("html, .scroller, .message, .top")].map(
    (box) => box.scrollWidth - box.clientWidth))"""


async def wide(page: Page) -> int:
    """By how many pixels something is wider than its place: to be scrolled, or cut off."""
    return int(await page.evaluate(WIDE))
