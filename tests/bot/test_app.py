"""The composition root: what belongs together is one thing."""

from pathlib import Path

from pydantic import SecretStr

from bot.app import built
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
