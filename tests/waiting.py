"""Waiting for what happens elsewhere: for as long as it takes, and never for a time."""

import asyncio
from collections.abc import AsyncIterator

PATIENCE = 60.0
"""Real seconds that anything may take: a machine with other things to do is no failure."""


async def looks(seconds: float = PATIENCE, pause: float = 0.02) -> AsyncIterator[None]:
    """One turn for each look at what is waited for, real seconds apart; whoever saw it leaves. The end: it did not come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        yield
        await asyncio.sleep(pause)  # noqa: TID251
