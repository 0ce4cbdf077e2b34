"""F3: the bot, or the whole machine, dies while a program runs. It is never run a second time by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.domain.run_state import Attempt
from bot.workspace import CannotDo
from runbooks.actions import SOON
from tests.faults.process import until
from tests.faults.scene import Scene, scene
from tests.faults.story import rest, to_the_approval, to_the_end
from tests.faults.together import all_well

pytestmark = pytest.mark.timeout(240)

BUTTONS = ("[It was done]", "[It was not]", "[Run again: new approval]", "[By hand]")


@asynccontextmanager
async def running(folder: Path, name: str, hold: str) -> AsyncIterator[Scene]:
    """The restart was approved and runs, and hangs."""
    async with scene(folder) as here:
        here.hold(hold)
        await here.bot.start()
        await to_the_approval(here, name)
        await here.click("ana", "Approve", here.room.id, lambda: here.runs())
        yield here


async def attempts(here: Scene) -> list[Attempt]:
    return [a for a in (await here.database.incident()).attempts if a.action == "restart"]


@pytest.mark.slow
async def test_a_program_outlives_its_bot_or_is_never_run_again_by_itself(tmp_path: Path) -> None:
    await all_well({scene.__name__: scene(tmp_path / scene.__name__) for scene in (attached, it_was_done, proved)})


@pytest.mark.soak
async def test_what_else_may_become_of_a_program(tmp_path: Path) -> None:
    await all_well({scene.__name__: scene(tmp_path / scene.__name__) for scene in (read, once_more, switched_off)})


async def attached(folder: Path) -> None:
    """The bot alone dies, and the program goes on: the next bot finds it and reads its result."""
    async with running(folder, "Hung", "before") as here:
        here.bot.kill()
        await here.bot.start()
        assert len(here.bot.shims()) == 1
        here.let_go("before")
        await until(lambda: here.reads("[It answers]"), what="the next step")
        [attempt] = await attempts(here)
        assert (attempt.state, attempt.verified, len(here.runs())) == ("ok", True, 1)


async def read(folder: Path) -> None:
    """The bot dies, and the program ends while nobody is there: its result is read, with its true time."""
    async with running(folder, "Hung", "before") as here:
        here.bot.kill()
        here.let_go("before")
        await until(lambda: any(here.folder.glob(f"runner/attempts/{here.runs()[0]}/exit.json")), what="its end")
        ended = (here.folder / "ends").stat().st_mtime
        await here.pause(3.0)
        await here.bot.start()
        await until(lambda: here.reads("[It answers]"), what="the next step")
        [attempt] = await attempts(here)
        assert (attempt.state, len(here.runs())) == ("ok", 1)
        [(at,)] = here.database.rows(
            "SELECT occurred_at FROM event WHERE kind = 'action_ended' ORDER BY seq DESC LIMIT 1"
        )
        assert abs(at / 1e6 - ended) < 1.0, "it ended when it ended, not when somebody looked"


async def lost(here: Scene) -> None:
    """Bot, shim and program die while the restart runs: nobody knows, nothing is run again, a person is asked."""
    here.bot.kill()
    here.bot.kill_shims()
    await here.bot.start()
    await until(lambda: here.reads(BUTTONS[0]), what="the question to a person")
    assert all(here.reads(button) for button in BUTTONS)
    [attempt] = await attempts(here)
    assert (attempt.state, len(here.runs()), here.bot.shims()) == ("unknown", 1, [])


async def it_was_done(folder: Path) -> None:
    """Lost with the machine, and a person says that it was done: the plan goes on."""
    async with running(folder, "Hung", "before") as here:
        await lost(here)
        here.bot.kill()  # a second crash asks nobody twice and runs nothing
        await here.bot.start()
        await rest(here)
        assert sum(BUTTONS[0] in line for line in here.sees("ana")) == 1
        await here.click("ana", "It was done", here.room.id, lambda: here.reads("[It answers]"))
        await to_the_end(here, "Hung")
        [attempt] = await attempts(here)
        assert (attempt.settled_by, len(here.runs())) == ("U0ANA", 1)


async def once_more(folder: Path) -> None:
    """Lost with the machine, and a person wants it again: that needs a new approval."""
    async with running(folder, "Hung", "before") as here:
        await lost(here)
        here.let_go("before")
        await here.click("ana", "Run again: new approval", here.room.id, lambda: here.reads("[Approve]"))
        assert len(here.runs()) == 1
        await here.click("ben", "Approve", "@tocsin", lambda: here.reads("[It answers]"))  # who asks does not approve
        first, second = await attempts(here)
        assert (first.settled_by, second.state, len(here.runs())) == ("U0ANA", "ok", 2)


async def switched_off(folder: Path) -> None:
    """Killed between the approval and the start, and automation was switched off before the bot came back."""
    async with scene(folder) as here:
        await here.bot.start()
        await to_the_approval(here, "Hung")
        dying = asyncio.create_task(asyncio.to_thread(here.database.wait_for, "action_started", 2, here.bot.kill))  # noqa: TID251
        with suppress(CannotDo):
            await here.workspace.person("ana").click("Approve", here.room.id)
        await dying
        policy = here.folder / "config" / "policy.yaml"
        policy.write_text(policy.read_text().replace("mode: ask", "mode: off"))
        await here.pause(SOON)
        await here.bot.start()
        await rest(here)
        [attempt] = await attempts(here)
        if here.runs():  # on a busy machine the program may be quicker than the kill
            assert (attempt.state, len(here.runs())) == ("ok", 1)
        else:
            assert (attempt.state, here.database.happened("action_refused")) == ("never_started", True)


async def proved(folder: Path) -> None:
    """An idempotent one, killed after it had its effect: its check passes, so nobody is asked and nothing runs again."""
    async with running(folder, "Stuck", "after") as here:
        await until(lambda: (here.folder / "ends").exists(), what="the effect")
        here.bot.kill()
        here.bot.kill_shims()
        await here.bot.start()
        await until(lambda: here.reads("[It answers]"), what="the next step")
        [attempt] = await attempts(here)
        assert (attempt.state, attempt.verified, len(here.runs())) == ("ok", True, 1)
        assert here.database.effects("unknown") == []
        assert not here.reads(BUTTONS[0])
