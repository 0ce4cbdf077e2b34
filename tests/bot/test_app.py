"""The composition root: what belongs together is one thing."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import built
from bot.errors import StartError
from bot.settings import Settings
from tests.runbooks.ground import order, program, settled


async def test_the_bots_own_secrets_are_masked_in_what_programs_write(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/tocsin.db",
        config_dir=tmp_path / "config",
        runner_dir=tmp_path / "runner",
        alert_token=SecretStr("first-token, second-token"),
        slack_signing_secret=SecretStr("signing-secret"),
    )
    what = order(program(tmp_path, "echo first-token second-token signing-secret"))
    async with built(settings) as app:
        run = app.desk.executors["run"]
        await run.start(what)
        assert (await settled(run, what)).output == "[masked] [masked] [masked]\n"


@pytest.mark.parametrize(
    ("bot", "app", "secret", "said"),
    [
        ("", "xapp-x", "s", "SLACK_BOT_TOKEN is not set. docs/slack.md says"),
        ("xoxb-x", "", "", "SLACK_APP_TOKEN .* is not set, nor is SLACK_SIGNING_SECRET"),
    ],
)
async def test_a_missing_token_is_named_before_slack_is_asked(
    tmp_path: Path, bot: str, app: str, secret: str, said: str
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/tocsin.db",
        config_dir=tmp_path / "config",
        runner_dir=tmp_path / "runner",
        slack_bot_token=SecretStr(bot),
        slack_app_token=SecretStr(app),
        slack_signing_secret=SecretStr(secret),
        slack_api_url="http://127.0.0.1:9/api/",
    )
    async with built(settings) as made, AsyncExitStack() as stack:
        with pytest.raises(StartError, match=said):
            await made.slack.open(stack)
