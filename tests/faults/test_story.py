"""kill -9 of the real bot at each of a dozen moments of the whole story: in the end everything is as if nothing had happened."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from tests.faults.killer import killing
from tests.faults.moments import MOMENTS, Moment
from tests.faults.scene import scene
from tests.faults.story import Ending, ending, play, rest
from tests.faults.together import together

STORIES = 3
"""Stories that share the moments."""


async def told(folder: Path, moments: Mapping[str, Moment]) -> Ending:
    """The ending of a story with these kills."""
    async with scene(folder) as here:
        await here.bot.start()
        async with killing(here, moments) as killer:
            await play(here)
            await rest(here)
            assert not killer.left, f"never came: {list(killer.left)}"
        assert await here.bot.stop() == 0
        assert here.bot.complaints() == []
        return await ending(here, killer.kills)


def difference(found: Ending | Exception, undisturbed: Ending) -> str:
    """In what a story's ending differs; nothing if it does not."""
    if isinstance(found, Exception):
        return str(found)
    both = [(field.name, getattr(found, field.name), getattr(undisturbed, field.name)) for field in fields(Ending)]
    return "; ".join(f"{name} {one} instead of {other}" for name, one, other in both if one != other)


async def compare(folder: Path, kills: Mapping[str, Mapping[str, Moment]]) -> None:
    """AssertionError: one of the stories with kills ends otherwise than the one without."""
    stories = {"nothing": {}, **kills}
    endings = await together({name: told(folder / str(n), each) for n, (name, each) in enumerate(stories.items())})
    undisturbed = endings.pop("nothing")
    assert isinstance(undisturbed, Ending), undisturbed
    assert (undisturbed.status, undisturbed.runs, undisturbed.undone) == ("resolved", 1, ())
    found = {name: difference(ending, undisturbed) for name, ending in endings.items()}
    assert "\n".join(f"{name}: {what}" for name, what in found.items() if what) == ""


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_kills_at_any_moment_change_nothing(tmp_path: Path) -> None:
    """Every moment once, several far from each other in one story."""
    moments = list(MOMENTS.items())
    await compare(tmp_path, {f"story {n}": dict(moments[n::STORIES]) for n in range(STORIES)})


@pytest.mark.soak
@pytest.mark.timeout(1200)
async def test_a_kill_at_any_moment_changes_nothing(tmp_path: Path) -> None:
    """Every moment in a story of its own, and all of them in one."""
    await compare(tmp_path, {"all of it": MOMENTS, **{name: {name: moment} for name, moment in MOMENTS.items()}})
