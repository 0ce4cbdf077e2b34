"""Debian's own Alertmanager sends to the real program: grouped, repeated, in part, resolved."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App, built
from bot.clock import SystemClock
from bot.domain.state import Incident
from bot.ports import Viewer
from bot.settings import Settings
from bot.web.server import serve
from tests.waiting import looks

pytestmark = pytest.mark.slow

CONFIG = """
route: {receiver: tocsin, group_by: [alertname], group_wait: 500ms, group_interval: 1s, repeat_interval: 2s}
receivers:
  - name: tocsin
    webhook_configs:
      - url: http://127.0.0.1:%d/alerts/alertmanager
        send_resolved: true
        http_config: {authorization: {credentials: the-senders-token}}
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def program() -> str:
    found = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Alertmanager is not installed")
        pytest.skip("Alertmanager is not installed")
    return found


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[tuple[App, int]]:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'tocsin.db'}",
        config_dir=tmp_path / "config",
        runner_dir=tmp_path / "runner",
        alert_token=SecretStr("the-senders-token"),
        slack_api_url="http://127.0.0.1:9/api/",
    )
    async with built(settings) as app, serve(app.web, "127.0.0.1", 0) as port:
        yield app, port


@pytest.fixture
def alertmanager(program: str, bot: tuple[App, int], tmp_path: Path) -> Iterator[str]:
    (tmp_path / "am.yml").write_text(CONFIG % bot[1])
    port = _free_port()
    arguments = [
        f"--config.file={tmp_path / 'am.yml'}",
        f"--storage.path={tmp_path / 'am'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


async def _send(url: str, *names: str, over: bool = False) -> None:
    ended = datetime.fromtimestamp(SystemClock().now() / 1_000_000, UTC).isoformat()
    alerts = [
        {
            "labels": {"alertname": "QueueDeep", "queue": name, "job": "orders", "severity": "critical"},
            "annotations": {"summary": f"Queue {name} is deep <!channel>"},
            **({"endsAt": ended} if over else {}),
        }
        for name in names
    ]
    async for _ in looks(pause=0.1):
        try:
            async with aiohttp.ClientSession() as session:
                headers = {"Content-Type": "application/json"}
                async with session.post(f"{url}/api/v2/alerts", data=json.dumps(alerts), headers=headers) as answer:
                    assert answer.status == 200, await answer.text()
                    return
        except aiohttp.ClientConnectorError:
            continue
    pytest.fail("Alertmanager does not come up")


async def _until(app: App, what: Callable[[Incident], bool]) -> Incident:
    """The one incident, once it is so."""
    async for _ in looks(pause=0.1):
        async with app.store.read() as reads:
            found = await reads.incidents(Viewer("bot", all=True), open_only=False)
        if len(found) == 1 and what(found[0]):
            return found[0]
    pytest.fail(f"it is not so: {found}")


async def test_alertmanager_fires_repeats_and_resolves(bot: tuple[App, int], alertmanager: str) -> None:
    app, _ = bot
    await _send(alertmanager, "a", "b")
    incident = await _until(app, lambda i: i.alerts.firing == 2)
    assert incident.service == "orders"
    assert "<!channel>" in incident.title

    await _send(alertmanager, "c")
    await _until(app, lambda i: i.alerts.firing == 3)
    await asyncio.sleep(3.0)  # noqa: TID251  # repeats come after 2 s
    await _until(app, lambda i: i.alerts.firing == 3 and i.alerts.total == 3)

    await _send(alertmanager, "a", "b", over=True)
    await _until(app, lambda i: i.alerts.firing == 1)
    await _send(alertmanager, "c", over=True)
    incident = await _until(app, lambda i: i.alerts.firing == 0)
    assert incident.status.open, "it never resolves alone"
    assert incident.alerts.clear_since is not None
