"""Several scenes side by side: each mostly waits for Slack's rate limits."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 7


async def together(scenes: Mapping[str, Awaitable[T]]) -> dict[str, T | Exception]:
    """What came of each; no failure hides what became of the others."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(scene: Awaitable[T]) -> T | Exception:
        async with turns:
            try:
                return await scene
            except Exception as error:  # noqa: BLE001  # it is told in the end
                return error

    found = await asyncio.gather(*map(one, scenes.values()))
    return dict(zip(scenes, found, strict=True))


async def all_well(scenes: Mapping[str, Awaitable[None]]) -> None:
    """AssertionError with all that failed."""
    found = await together(scenes)
    assert "\n".join(f"{name}: {what!r}" for name, what in found.items() if what is not None) == ""
