"""The database breaks off while it saves: nobody is told "done" or "not done" of what is not known, and nothing is done twice."""

import asyncio
from typing import Any

import pytest

from bot.errors import StoreAway, StoreUnsure, TocsinError
from bot.flows.case import AGAIN, ALREADY, SAVED, surely
from bot.ports import Reply
from bot.text import t
from tests.fakes import FakeClock

DONE, UNSURE, AWAY = Reply((t("Noted."),)), StoreUnsure("the commit"), StoreAway("no answer")

TABLE: list[tuple[list[Reply | TocsinError], Reply | type[TocsinError], float]] = [
    ([DONE], DONE, 0.0),
    ([ALREADY], ALREADY, 0.0),  # a second delivery by Slack
    ([AWAY], StoreAway, 0.0),
    ([UNSURE, ALREADY], SAVED, 0.5),
    ([UNSURE, DONE], DONE, 0.5),
    ([UNSURE, AWAY, AWAY, ALREADY], SAVED, 7.5),
    ([UNSURE, AWAY, AWAY, AWAY], StoreUnsure, sum(AGAIN)),
    ([UNSURE, UNSURE, UNSURE, UNSURE], StoreUnsure, sum(AGAIN)),
]


@pytest.mark.parametrize(("happens", "said", "after"), TABLE)
async def test_what_people_are_told(happens: list[Any], said: Any, after: float) -> None:
    clock, left, ended = FakeClock(), list(happens), list[float]()

    async def attempt() -> Reply:
        found = left.pop(0)
        if isinstance(found, TocsinError):
            raise found
        assert isinstance(found, Reply)
        return found

    async def told() -> Reply | type[TocsinError]:
        try:
            return await surely(clock, attempt)
        except TocsinError as error:
            return type(error)
        finally:
            ended.append(clock.monotonic())

    waiting = asyncio.get_running_loop().create_task(told())
    await clock.forward("1m")
    assert await waiting == said
    assert (left, ended) == ([], [after])
