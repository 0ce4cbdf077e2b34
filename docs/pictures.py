"""Take the pictures of the documentation: the demo's story, seen by a browser at its most important screens.

`.venv/bin/python docs/pictures.py` writes docs/pictures/*.png; it needs Chromium and the dev dependencies.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from bot.demo import story

PICTURES = Path(__file__).parent / "pictures"
Scheme = Literal["light", "dark"]
SIZES = {"1280": (1280, 1180), "390": (390, 844)}
ANA = "U0ANA"


@dataclass(frozen=True)
class Camera:
    """Looks at what Ana sees."""

    stage: story.Stage
    browser: Browser

    async def take(self, name: str, place: str = "", scheme: Scheme = "light", form: bool = False) -> None:
        """A picture in each size. place: what stands behind Ana in the address, the incident's channel if nothing; form: of
        the open form, too."""
        for size, (width, height) in SIZES.items():
            page = await self.browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            await page.goto(f"{self.stage.workspace.url}/#/{ANA}/{place or self.room}")
            await self._drawn(page, form)
            await page.screenshot(path=PICTURES / f"{name}-{size}.png")
            await page.close()

    async def _drawn(self, page: Page, form: bool) -> None:
        newest = page.get_by_role("log").get_by_role("article").last
        await newest.or_(page.get_by_text("What waits for you")).first.wait_for()
        if form:
            await page.get_by_role("dialog").wait_for()
        await page.wait_for_timeout(300)

    @property
    def room(self) -> str:
        return self.stage.workspace.channel(self.stage.room).id

    async def form(self, name: str, line: str) -> None:
        """The form that a command opens."""
        ana = self.stage.workspace.person("ana")
        await ana.command(line, self.stage.room)
        await self.stage.workspace.until(lambda: ana.modal is not None)
        await self.take(name, form=True)
        await ana.close()

    async def answer(self, name: str, line: str) -> None:
        """What a command that reads is answered."""
        await self.stage.workspace.person("ana").command(line, self.stage.room)
        await self.stage.workspace.quiet()
        await self.take(name)

    async def home(self) -> None:
        """The Home tab."""
        await self.stage.workspace.person("ana").open_home()
        await self.stage.workspace.quiet()
        await self.take("home", "home")


async def invited(camera: Camera) -> None:
    workspace = camera.stage.workspace
    ana = workspace.person("ana")
    await workspace.until(lambda: any("[I have it]" in line for line in ana.sees("@tocsin")))
    await camera.take("invite", workspace.state.open_dm(ana.id, workspace.state.bot_user).id)


async def stepping(camera: Camera) -> None:
    await camera.take("step")


async def approving(camera: Camera) -> None:
    await camera.take("approval")
    await camera.home()
    await camera.form("update", "/tocsin update")
    await camera.form("declare", "/tocsin declare")
    await camera.answer("list", "/tocsin list")


async def ended(camera: Camera) -> None:
    await camera.take("resolved")
    await camera.take("resolved-dark", scheme="dark")
    card = camera.stage.workspace.channel(camera.stage.room).pinned[0]
    await camera.take("thread", f"{camera.room}/{card.ts}")
    for name in ("timeline", "help"):
        await camera.answer(name, f"/tocsin {name}")


BEFORE: dict[str, Callable[[Camera], Awaitable[None]]] = {
    "_answer": invited,
    "_decide": stepping,
    "_approve": approving,
}
"""Scene of the story → what is looked at before it."""


async def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: no program called chromium was found.")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as name:
        folder = Path(name) / "demo"  # its path is read in the pictures
        folder.mkdir()
        async with story.setting(folder) as stage, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            camera = Camera(stage, browser)
            for scene in story.SCENES:
                if scene.__name__ in BEFORE:
                    await BEFORE[scene.__name__](camera)
                await scene(stage)
            await ended(camera)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
