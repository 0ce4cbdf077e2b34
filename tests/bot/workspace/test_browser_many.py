"""Thousands of messages and many people in a real browser: only what one looks at is drawn."""

import pytest
from playwright.async_api import Page, expect

from bot.workspace import Person, Workspace
from tests.bot.workspace.browser import Tabs, line, messages

pytestmark = pytest.mark.slow
MANY = 5_000


@pytest.fixture
async def crowd(ws: Workspace) -> str:
    """#general with thousands of messages; returns the ts of the third, which is pinned."""
    for n in range(200):
        ws.state.people[f"U8{n}"] = Person(f"U8{n}", f"guest{n}", f"Guest {n:03}")
    said = [await ws.person("ben").say("general", f"message {n} of *many*") for n in range(MANY)]
    ws.channel("general").channel.pins[said[2]] = ("U0BEN", 0)
    return said[2]


SCROLLED = "() => document.querySelector('.room .scroller').scrollTop"


async def up(page: Page) -> None:
    await page.evaluate("() => { document.querySelector('.room .scroller').scrollTop = 50 }")


async def test_the_end_is_drawn_first_and_the_rest_as_one_scrolls(ws: Workspace, tab: Tabs, crowd: str) -> None:
    page = await tab("ana")
    await expect(messages(page).last).to_contain_text(f"message {MANY - 1} ")
    assert await messages(page).count() == 100
    first = messages(page).first
    await expect(first).to_contain_text(f"message {MANY - 100} ")
    await up(page)
    await expect(messages(page)).to_have_count(300)
    await expect(messages(page).first).to_contain_text(f"message {MANY - 300} ")
    assert await page.evaluate(SCROLLED) > 400, "one reads on where one was"
    await page.get_by_role("button", name="Go to what is pinned").click()
    pinned = page.locator(f'[data-ts="{crowd}"]')
    await expect(pinned).to_be_focused()
    await expect(pinned).to_be_in_viewport()


async def test_what_comes_is_followed_and_old_ones_go(ws: Workspace, tab: Tabs, crowd: str) -> None:
    page = await tab("ana")
    for n in range(420):
        await ws.person("li").say("general", f"burst {n}")
    await expect(messages(page).last).to_contain_text("burst 419")
    await expect(messages(page).last).to_be_in_viewport()
    assert await messages(page).count() <= 500
    await line(page).fill("still here")
    await line(page).press("Enter")
    await expect(messages(page).last).to_contain_text("still here")
