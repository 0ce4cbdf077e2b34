"""What stands in Slack of open incidents follows a setting: drawn anew once, whenever the setting is another one than last time."""

from collections.abc import Awaitable, Callable, Iterable

from bot.domain.terms import ORG
from bot.ports import Effect, MessageAt, Reads, Store

Made = Callable[[Reads, str, str], Awaitable[Iterable[Effect]]]
"""What is to be drawn. Given the setting by which everything was drawn last ("" if nobody knows), and what its effects' keys end
with: the same for every replica, another one for each change."""


async def redraw(store: Store, key: str, setting: str, made: Made) -> None:
    """Also if the setting was changed while we were down; twice, or by two replicas, is once. StoreAway.

    key: `org:…`, of the row that says by which setting everything was drawn last, and how often that had changed.
    """
    async with store.read() as reads:
        row = await reads.message(key)
        last, times = (row.ts, int(row.channel) + 1) if row else ("", 0)
        if last == setting:
            return
        effects = list(await made(reads, last, f"{setting}:{times}"))
    async with store.begin() as tx:
        await tx.enqueue(effects)
        await tx.save([MessageAt(key, ORG, "setting", str(times), setting)])
