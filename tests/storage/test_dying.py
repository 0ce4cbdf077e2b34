"""What a test of crashes stands on: after commit n the store is dead for good, and commit n is on the disk."""

from pathlib import Path

import pytest

from storage.opening import open_store
from tests.dying import Died, DiesAfter
from tests.fakes import FakeClock, FakeIds
from tests.storage.making import BOT, open_incident


async def test_after_its_last_commit_it_is_dead_for_good(tmp_path: Path) -> None:
    url, watch = f"sqlite:///{tmp_path / 'tocsin.db'}", DiesAfter(2)
    store = await open_store(url, FakeClock(), FakeIds(), watch=watch)
    assert await open_incident(store) == 1
    with pytest.raises(Died):
        await open_incident(store)
    for _ in range(2):
        with pytest.raises(Died):
            await open_incident(store)
        with pytest.raises(Died):
            async with store.read():
                pass
    await store.close()
    again = await open_store(url, FakeClock(), FakeIds())
    async with again.read() as reads:
        assert [incident.number for incident in await reads.incidents(BOT)] == [2, 1]
    await again.close()
