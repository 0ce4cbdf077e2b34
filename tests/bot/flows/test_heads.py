"""The heads of all chains, in the log."""

import json

import pytest

from bot import telemetry
from bot.domain.events import Draft, PolicyChanged
from bot.domain.terms import BOT, ORG, Source
from bot.flows.heads import Heads
from bot.ports import Cause
from storage.store import SqlStore
from tests.fakes import FakeClock

BY = Cause("x", BOT, Source.AUTOMATION)


async def test_each_chain_that_grew_is_named(store: SqlStore, capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json", "info")
    heads = Heads(store, FakeClock())

    async def told() -> list[dict[str, object]]:
        await heads.tell()
        out = capsys.readouterr()
        return [json.loads(line) for line in (out.out + out.err).splitlines()]

    first = await told()
    assert [line["event"] for line in first] == ["chains", "chain"]
    async with store.begin() as tx:
        await tx.append(ORG, [Draft(PolicyChanged("a"))], BY)
    all_, org = await told()
    assert (org["stream"], org["seq"], len(str(org["hash"]))) == ("org", 1, 64)
    assert all_["all"] != first[0]["all"]
    again = await told()
    assert [line["event"] for line in again] == ["chains"], "nothing grew"
    assert again[0]["all"] == all_["all"]
