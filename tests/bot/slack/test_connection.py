"""Slack is found again, however long it takes, and nobody knocks faster than is decent."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import built
from bot.settings import Settings
from bot.workspace import Workspace
from tests.fakes import FakeClock, FakeIds


class Hurried(FakeClock):
    """Whoever sleeps wakes at once; for how long it was to be is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.parametrize(("chance", "share"), [(1.0, 1.0), (0.0, 0.75)])
async def test_pauses_grow_from_a_second_to_half_a_minute(
    tmp_path: Path, ws: Workspace, chance: float, share: float
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/tocsin.db",
        config_dir=tmp_path / "config",
        runner_dir=tmp_path / "runner",
        slack_bot_token=SecretStr(ws.bot_token),
        slack_app_token=SecretStr(ws.app_token),
        slack_api_url=ws.api_url,
    )
    clock = Hurried()
    ws.fault("auth.test", "503", times=8)
    async with built(settings, clock, FakeIds(chance)) as app, AsyncExitStack() as stack:
        assert not app.slack.up
        await app.slack.keep_trying(stack)
        assert app.slack.up
    assert clock.slept == [share * pause for pause in (1, 2, 4, 8, 16, 30, 30, 30)]
