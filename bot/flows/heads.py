"""The heads of the chains go where a rewritten database cannot take them back: to the log, hour by hour."""

from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from bot import telemetry
from bot.domain.terms import ORG
from bot.errors import StoreAway
from bot.ports import Clock, Store

EVERY = 3600.0
"""Seconds between two lines of the log that name all heads."""


@dataclass
class Heads:
    """Says what every chain ends with."""

    store: Store
    clock: Clock
    _said: dict[str, tuple[int, str]] = field(default_factory=dict)

    async def run(self) -> None:
        """At once, and every hour, for ever. An hour without the database is left out."""
        while True:
            with suppress(StoreAway):
                await self.tell()
            await self.clock.sleep(EVERY)

    async def tell(self) -> None:
        """One line for all chains together, and one for each that has grown since it was said last."""
        async with self.store.read() as reads:
            heads = await reads.heads()
        whole = "\n".join(f"{stream} {seq} {hash_}" for stream, (seq, hash_) in sorted(heads.items()))
        telemetry.log("chains", streams=len(heads), all=sha256(whole.encode()).hexdigest())
        grown = {stream: head for stream, head in heads.items() if self._said.get(stream) != head}
        for stream, (seq, hash_) in sorted(grown.items()) if self._said else [(ORG, heads.get(ORG, (0, "")))]:
            telemetry.log("chain", stream=stream, seq=seq, hash=hash_)
        self._said = heads
