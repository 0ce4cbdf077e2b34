"""F3 for what is tried again and what is undone: the bot, or the whole machine, dies in the middle of it. Nothing happens once more
than the card said, and nothing is left as running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.process import until
from tests.faults.scene import Scene
from tests.faults.story import rest
from tests.faults.test_programs import BUTTONS, attempts, running
from tests.faults.together import all_well

pytestmark = pytest.mark.timeout(240)
HANDED = "Say what you will do next"


@pytest.mark.slow
async def test_a_second_try_outlives_its_bot_and_nobody_knows_of_half_an_undoing(tmp_path: Path) -> None:
    await all_well({scene.__name__: scene(tmp_path / scene.__name__) for scene in (retried, undo_lost)})


@pytest.mark.soak
async def test_what_else_may_become_of_them(tmp_path: Path) -> None:
    scenes = (between_tries, retry_lost, before_the_undo, undo_attached)
    await all_well({scene.__name__: scene(tmp_path / scene.__name__) for scene in scenes})


@asynccontextmanager
async def sick(folder: Path) -> AsyncIterator[Scene]:
    """The first try runs, and it will not help."""
    async with running(folder, "Broken", "before") as here:
        here.hold("sick")
        yield here


async def second(here: Scene) -> None:
    """The first try has failed, and the second hangs."""
    here.let_go("before")
    await until((here.folder / "ends").exists, what="the end of the first try")
    here.hold("before")
    await until(lambda: len(here.runs()) == 2, what="the second try")


async def dying_at(here: Scene, started: int) -> None:
    """The bot dies right after it has written down its `started`th attempt."""
    dying = asyncio.create_task(asyncio.to_thread(here.database.wait_for, "action_started", started, here.bot.kill))  # noqa: TID251
    here.let_go("before")
    await dying


async def found_again(here: Scene) -> None:
    """The bot alone dies, and the next one finds what still runs."""
    here.bot.kill()
    await here.bot.start()
    assert len(here.bot.shims()) == 1


async def settled(here: Scene) -> list[str]:
    """What is said of the attempts in the end, those that never began left out. Nothing runs any more."""
    await rest(here)
    assert here.bot.shims() == []
    found = [attempt.state for attempt in await attempts(here) if attempt.state != "never_started"]
    assert not {"running", "exited"} & set(found)
    return found


async def retried(folder: Path) -> None:
    """The bot alone dies in the second try: the next one finds it, and nobody is asked again."""
    async with sick(folder) as here:
        await second(here)
        await found_again(here)
        here.let_go("sick")
        here.let_go("before")
        await until(lambda: here.reads("[It answers]"), what="the next step")
        assert (await settled(here), len(here.runs()), here.undone()) == (["failed", "ok"], 2, [])
        assert [a.state for a in (await here.database.incident()).approvals] == ["given"]


async def between_tries(folder: Path) -> None:
    """Killed when the second try was decided and perhaps not begun: there are two in all, whatever that was."""
    async with sick(folder) as here:
        await dying_at(here, 3)
        here.let_go("sick")
        await here.bot.start()
        await until(lambda: here.reads("[It answers]"), what="the next step")
        assert (await settled(here), len(here.runs()), here.undone()) == (["failed", "ok"], 2, [])


async def retry_lost(folder: Path) -> None:
    """The machine dies in the last try: people are asked, nothing is tried again, and nothing is undone by itself."""
    async with sick(folder) as here:
        await second(here)
        here.bot.kill()
        here.bot.kill_shims()
        await here.bot.start()
        await until(lambda: here.reads(BUTTONS[0]), what="the question to a person")
        assert (await settled(here), len(here.runs()), here.undone()) == (["failed", "unknown"], 2, [])


async def before_the_undo(folder: Path) -> None:
    """Killed when the undoing was decided and perhaps not begun: it is done once."""
    async with sick(folder) as here:
        await dying_at(here, 4)
        await here.bot.start()
        await until(lambda: here.reads(HANDED), what="the next step")
        assert (await settled(here), len(here.undone())) == (["failed", "failed", "ok"], 1)


async def undo_attached(folder: Path) -> None:
    """The bot alone dies while it undoes: the next one finds it, and people go on."""
    async with sick(folder) as here:
        await undoing(here)
        await found_again(here)
        here.let_go("undoing")
        await until(lambda: here.reads(HANDED), what="the next step")
        assert (await settled(here), len(here.undone())) == (["failed", "failed", "ok"], 1)


async def undoing(here: Scene) -> None:
    """Both tries have failed, and what undoes them hangs."""
    here.hold("undoing")
    here.let_go("before")
    await until(here.undone, what="the undoing")


async def undo_lost(folder: Path) -> None:
    """The machine dies while it undoes: nobody knows, nothing is undone twice; who approved is called, and people decide."""
    async with sick(folder) as here:
        await undoing(here)
        here.bot.kill()
        here.bot.kill_shims()
        await here.bot.start()
        await until(lambda: here.reads(BUTTONS[0]), what="the question to a person")
        assert (await settled(here), len(here.undone())) == (["failed", "failed", "unknown"], 1)
        assert here.reads("nobody knows what became of the undoing of *restart*", "@tocsin")
        await here.click("ana", "It was done", here.room.id, lambda: here.reads(HANDED))
        assert ((await settled(here))[-1], len(here.undone())) == ("ok", 1)
