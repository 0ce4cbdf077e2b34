"""Take the pictures of the documentation: the demo's story, seen by a browser, at the approval and at the end.

`.venv/bin/python docs/pictures.py` writes docs/pictures/*.png; it needs Chromium and the dev dependencies.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from bot.demo import story

PICTURES = Path(__file__).parent / "pictures"
Scheme = Literal["light", "dark"]
SIZES = {"1280": (1280, 1180), "390": (390, 844)}
ANA = "U0ANA"


async def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: no program called chromium was found.")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"  # its path is read in the pictures
        folder.mkdir()
        async with story.setting(folder) as stage, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            await tell(stage, browser)
            await browser.close()


async def tell(stage: story.Stage, browser: Browser) -> None:
    """Play the scenes; before the yes to the approval, and after the last scene, look."""
    for scene in story.SCENES:
        if scene.__name__ == "_approve":
            await pictures(stage, browser, "approval", "light")
        await scene(stage)
    await pictures(stage, browser, "resolved", "light")
    await pictures(stage, browser, "resolved-dark", "dark")


async def pictures(stage: story.Stage, browser: Browser, name: str, scheme: Scheme) -> None:
    for size, (width, height) in SIZES.items():
        page = await opened(stage, browser, width, height, scheme)
        await page.screenshot(path=PICTURES / f"{name}-{size}.png")
        await page.close()


async def opened(stage: story.Stage, browser: Browser, width: int, height: int, scheme: Scheme) -> Page:
    """The incident's channel as Ana sees it, all the way down."""
    page = await browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    await page.goto(f"{stage.workspace.url}/#/{ANA}/{stage.workspace.channel(stage.room).id}")
    await page.get_by_role("log", name="Messages").get_by_role("article").last.wait_for()
    await page.wait_for_timeout(300)
    return page


if __name__ == "__main__":
    asyncio.run(main())
