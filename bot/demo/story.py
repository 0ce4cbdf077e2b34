"""The story from an alert to the numbers: a real service hangs, people come together, the plan is walked, it is healed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import click

from bot import telemetry
from bot.app import App, built
from bot.clock import SystemClock
from bot.demo import place
from bot.demo.service import DemoService, write_demo_programs
from bot.errors import StartError
from bot.http import GuardedHttp
from bot.life import running
from bot.workspace import CannotDo, Workspace

PATIENCE = 15.0
"""Seconds that any scene may take."""


@dataclass
class Stage:
    """Everything that the story plays on."""

    folder: Path
    workspace: Workspace
    app: App
    service: DemoService
    alerts_url: str
    room: str = ""

    def sees(self, person: str, words: str) -> bool:
        return any(words in line for line in self.workspace.person(person).sees(self.room))


Scene = Callable[[Stage], Awaitable[str]]


async def play(stay: bool, keep: Path | None = None) -> None:
    """Play all scenes and print what happens. stay: then keep the page open until a key stops it; keep: see place.folder."""
    with place.folder(keep) as folder:
        async with setting(folder) as stage:
            click.echo(f"Local Slack workspace: {stage.workspace.url}   (open it and watch)\n")
            for number, scene in enumerate(SCENES, 1):
                click.echo(f"{_clock()}  {number}/{len(SCENES)}  {await _scene(stage, scene)}")
            click.echo("\n" + "\n".join(f"  {line}" for line in numbers(stage)))
            click.echo(f"\nThe post-mortem draft is a file in #{stage.room}.")
            if stay:
                click.echo(f"Now it is yours: {stage.workspace.url} (you are Ana, Ben or Li). Ctrl-C ends it.")
                await asyncio.Event().wait()


@asynccontextmanager
async def setting(folder: Path) -> AsyncIterator[Stage]:
    """Workspace, service and bot, all real, all on this machine, all gone at the end."""
    telemetry.configure("console", "error")
    programs = write_demo_programs(folder)
    service = DemoService(folder)
    await service.start()
    try:
        place.write_config(folder, programs["restart-service"].parent, service.host)
        async with place.workspace() as workspace:
            workspace.add_channel("general", *(person.id for person in place.PEOPLE))
            async with built(place.settings(folder, workspace)) as app, running(app, asyncio.Event()) as port:
                await workspace.until(lambda: app.slack.up, PATIENCE)
                yield Stage(folder, workspace, app, service, f"http://127.0.0.1:{port}/alerts/alertmanager")
    finally:
        await service.stop()


async def _scene(stage: Stage, scene: Scene) -> str:
    try:
        return await scene(stage)
    except (AssertionError, CannotDo, aiohttp.ClientError) as error:
        raise StartError(f"The demo failed in the scene {scene.__name__.strip('_')!r}: {error}") from error


def _clock() -> str:
    return datetime.fromtimestamp(SystemClock().now() / 1_000_000, UTC).strftime("%H:%M:%S")


async def _post(stage: Stage, name: str) -> dict[str, Any]:
    """Send a captured alert, its times moved to now."""
    body = json.loads((files("bot.demo") / "alerts" / f"{name}.json").read_text(encoding="utf-8"))
    now = datetime.fromtimestamp(stage.app.clock.now() / 1_000_000, UTC)
    alert = body["alerts"][0]
    if name == "firing":
        alert["startsAt"] = (now - timedelta(seconds=40)).isoformat()
        (stage.folder / "began").write_text(alert["startsAt"])
    else:
        alert["startsAt"] = (stage.folder / "began").read_text()
        alert["endsAt"] = now.isoformat()
    async with aiohttp.ClientSession() as session, session.post(stage.alerts_url, json=body) as answer:
        said: dict[str, Any] = await answer.json()
        assert answer.status == 200, said
        return said


async def _hang(stage: Stage) -> str:
    http = GuardedHttp()
    assert await stage.service.healthy(http), "the order gateway does not answer at the start"
    await stage.service.hang(http)
    assert not await stage.service.healthy(http), "the order gateway does not hang"
    return "The order gateway hangs: its health check gets no answer."


async def _alert(stage: Stage) -> str:
    said = await _post(stage, "firing")
    became = said["items"][0]
    await stage.workspace.until(lambda: any(c.name.startswith("inc-1") for c in _channels(stage)), PATIENCE)
    stage.room = next(c.name for c in _channels(stage) if c.name.startswith("inc-1"))
    return f"Alertmanager's alert was stored and answered ({became['decision']}); the channel #{stage.room} is open."


def _channels(stage: Stage) -> list[Any]:
    return list(stage.workspace.state.channels.values())


async def _answer(stage: Stage) -> str:
    ana = stage.workspace.person("ana")
    await stage.workspace.until(lambda: any("[I have it]" in line for line in ana.sees("@tocsin")), PATIENCE)
    await ana.click("I have it", "@tocsin")
    await stage.workspace.until(lambda: "Ana commands" in stage.workspace.channel(stage.room).topic, PATIENCE)
    return "Ana, on call, was told why and clicked [I have it]: she commands."


async def _evidence(stage: Stage) -> str:
    await stage.workspace.until(lambda: stage.sees("ana", "[No, it hangs by itself]"), PATIENCE)
    return "The plan was chosen by its matchers. Its first step only reads: Tocsin took a thread dump by itself."


async def _decide(stage: Stage) -> str:
    ben = stage.workspace.person("ben")
    await stage.workspace.until(lambda: "ben" in stage.workspace.channel(stage.room).members, PATIENCE)
    await ben.command("/tocsin role operations", stage.room)
    await ben.click("No, it hangs by itself", stage.room)
    await stage.workspace.until(lambda: stage.sees("ana", "[Approve]"), PATIENCE)
    return "Ben took operations and the plan's decision. The restart needs a person's yes; the card shows exactly what runs."


async def _approve(stage: Stage) -> str:
    await stage.workspace.person("ana").click("Approve", stage.room)
    await stage.workspace.until(lambda: stage.sees("ana", "Can orders be placed again"), PATIENCE)
    assert await stage.service.healthy(GuardedHttp()), "the order gateway does not answer after the restart"
    return "Ana approved. The gateway was restarted once on this machine, and its health check answers again."


async def _update(stage: Stage) -> str:
    ana = stage.workspace.person("ana")
    await ana.click("Yes", stage.room)
    await ana.command("/tocsin update Orders work again; we watch. --next 20m", stage.room)
    await stage.workspace.until(lambda: stage.sees("ben", "Orders work again"), PATIENCE)
    return "Ana placed an order and told everybody."


async def _resolve(stage: Stage) -> str:
    await _post(stage, "resolved")
    ana = stage.workspace.person("ana")
    await stage.workspace.until(lambda: stage.sees("ana", "Back to normal since"), PATIENCE)
    await ana.click("Yes", stage.room)
    channel = stage.workspace.channel(stage.room)
    await stage.workspace.until(lambda: bool(channel.files) and "Resolved" in channel.topic, PATIENCE)
    return "The alert cleared. Tocsin asked, Ana said yes: resolved. It never resolves alone."


SCENES: tuple[Scene, ...] = (_hang, _alert, _answer, _evidence, _decide, _approve, _update, _resolve)


def numbers(stage: Stage) -> list[str]:
    """The numbers as the channel shows them."""
    shown = next(line for line in reversed(stage.workspace.person("ana").sees(stage.room)) if "is resolved" in line)
    return shown.splitlines()
