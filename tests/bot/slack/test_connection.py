"""Slack is found again, however long it takes, and nobody knocks faster than is decent."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.app import built
from bot.errors import ChatError, StoreAway
from bot.ports import Store
from bot.settings import Settings
from bot.slack.connection import LOOK
from bot.workspace import Person, Workspace
from tests.fakes import FakeClock, FakeIds
from tests.waiting import looks


class Hurried(FakeClock):
    """Whoever sleeps wakes at once; for how long it was to be is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def settings(folder: Path, ws: Workspace, socket: bool = True) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/tocsin.db",
        config_dir=folder / "config",
        runner_dir=folder / "runner",
        slack_bot_token=SecretStr(ws.bot_token),
        slack_app_token=SecretStr(ws.app_token if socket else ""),
        slack_signing_secret=SecretStr(ws.signing_secret),
        slack_api_url=ws.api_url,
    )


@pytest.mark.parametrize(("chance", "share"), [(1.0, 1.0), (0.0, 0.75)])
async def test_pauses_grow_from_a_second_to_half_a_minute(
    tmp_path: Path, ws: Workspace, chance: float, share: float
) -> None:
    clock = Hurried()
    ws.fault("auth.test", "503", times=8)
    async with built(settings(tmp_path, ws), clock, FakeIds(chance)) as app:
        assert not app.slack.up
        app.tasks.start(app.slack.keep(app.pulse), "slack")
        await ws.until(lambda: app.slack.up)
    assert clock.slept == [share * pause for pause in (1, 2, 4, 8, 16, 30, 30, 30)]


class Away:
    """The store, away for the first questions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = 0

    def begin(self) -> Any:
        self.asked += 1
        if self.asked <= 3:
            raise StoreAway("it is away")
        return self._store.begin()


@pytest.mark.parametrize("away", ["database", "slack"])
async def test_people_are_read_again_after_something_was_away(
    tmp_path: Path, ws: Workspace, clock: FakeClock, away: str
) -> None:
    """Else nobody who joins the workspace later could act."""
    async with built(settings(tmp_path, ws), clock, FakeIds()) as app, AsyncExitStack() as stack:
        await app.slack.open(stack)
        ws.state.people["U77"] = Person("U77", "noor", "Noor")  # and no event tells of her
        if away == "slack":
            ws.fault("users.list", "error", code="missing_scope")
        else:
            app.slack._store = cast(Store, Away(app.store))
        app.tasks.start(app.slack.keep_directory(), "directory")
        async for _ in looks():
            await clock.forward(LOOK)
            async with app.store.read() as reads:
                if (found := await reads.person("U77")) is not None:
                    break
        assert found is not None


@pytest.mark.parametrize("socket", [True, False])
async def test_it_is_well_as_long_as_slack_answers_and_can_deliver(
    tmp_path: Path, ws: Workspace, clock: FakeClock, socket: bool
) -> None:
    """What /readyz says and `tocsin_ready` shows: somebody else than Slack has to tell that Slack is away."""
    async with built(settings(tmp_path, ws, socket), clock, FakeIds()) as app, AsyncExitStack() as stack:
        assert not await app.slack.well()
        await app.slack.open(stack)
        assert await app.slack.well()
        ws.fault("users.list", "503")
        with pytest.raises(ChatError):
            await app.chat.people()
        assert not await app.slack.well()
        await app.chat.people()
        assert await app.slack.well()
        ws.fault("users.info", "error", code="user_not_found")
        with pytest.raises(ChatError):
            await app.chat.person("U9")
        assert await app.slack.well(), "a refusal is an answer"
        ws.fault("apps.connections.open", "503", times=1000)
        await ws.link.close()
        async for _ in looks():
            if not socket or not await app.slack.well():
                break
        assert await app.slack.well() is not socket
