"""A plan walked in the local workspace, alone: its own alert opens an incident, and whoever opens the page is a responder.

Nothing is run: automation is off there, so every action says what a person would do instead.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import click
from ruamel.yaml import YAML

from bot import telemetry
from bot.app import App, built
from bot.demo import place
from bot.domain.plan import Plan
from bot.domain.policy import Automation, Hosts
from bot.errors import StartError
from bot.life import running
from bot.ports import EVERYTHING
from bot.text import PlainShow, render
from bot.workspace import CannotDo, Workspace
from runbooks import own_alert
from runbooks.experiment import KIND
from runbooks.pages import beside

PATIENCE = 15.0
"""Seconds that any part of it may take."""
HOST = "host-1"


@dataclass
class Trial:
    """Everything that a plan is tried with."""

    plan: Plan
    workspace: Workspace
    app: App
    alerts_url: str
    labels: dict[str, str]


async def walk(file: Path, plan: Plan, stay: bool) -> None:
    """Open the plan's incident and print where it is. stay: until a key stops it. StartError."""
    with place.folder(None) as folder:
        async with setting(folder, file, plan) as trial:
            try:
                room = await begin(trial)
            except (CannotDo, aiohttp.ClientError, AssertionError) as error:
                raise StartError(f"The plan could not be begun: {error}") from error
            click.echo(f"{trial.workspace.url}   #{room}   (you are Ana, Ben or Li; nothing is run)")
            if stay:
                click.echo("Ctrl-C ends it, and everything is forgotten.")
                await asyncio.Event().wait()


@asynccontextmanager
async def setting(folder: Path, file: Path, plan: Plan) -> AsyncIterator[Trial]:
    """Workspace and bot with this plan, on free ports."""
    telemetry.configure("console", "error")
    labels = _labels(plan)
    write_config(folder / "config", file, plan, labels)
    async with place.workspace() as workspace:
        workspace.add_channel("general", *(person.id for person in place.PEOPLE))
        async with built(place.settings(folder, workspace)) as app, running(app, asyncio.Event()) as port:
            await workspace.until(lambda: app.slack.up, PATIENCE)
            yield Trial(plan, workspace, app, f"http://127.0.0.1:{port}/alerts/alertmanager", labels)


def _labels(plan: Plan) -> dict[str, str]:
    try:
        return own_alert.labels(plan, inventory(plan))
    except own_alert.NoAlert as error:
        raise StartError(render(error.sentence, PlainShow())) from error


def inventory(plan: Plan) -> Automation:
    """A host for each entry of the inventory that the plan names."""
    allowed = [str(param.rest.get("allow", "")) for param in plan.settings.params.values()]
    names = dict.fromkeys([name.removeprefix("inventory:") for name in allowed if name], None)
    return Automation(inventory=tuple(Hosts(name, "trial", (HOST,), drill=plan.kind == KIND) for name in names))


async def begin(trial: Trial) -> str:
    """The alert comes in, or Ana begins the experiment, which no alert does; the name of the channel."""
    if trial.plan.kind == KIND:
        await trial.workspace.person("ana").command(f"/tocsin drill {trial.plan.id}", "general")
    else:
        await send(trial)
    channels = trial.workspace.state.channels
    await trial.workspace.until(lambda: any(c.name.startswith("inc-1") for c in channels.values()), PATIENCE)
    room = next(c.name for c in channels.values() if c.name.startswith("inc-1"))
    ana = trial.workspace.person("ana")
    await trial.workspace.until(lambda: any("Plan" in line for line in ana.sees(room)), PATIENCE)
    async with trial.app.store.read() as reads:
        incident = await reads.incident(1, EVERYTHING)
    if incident is None or incident.walk is None or incident.walk.plan != trial.plan.id:
        await ana.join(room)
        await ana.command(f"/tocsin plan {trial.plan.id}", room)
    await trial.workspace.until(lambda: any(f"Plan: {trial.plan.title}" in line for line in ana.sees(room)), PATIENCE)
    return room


async def send(trial: Trial) -> None:
    """The plan's own alert, from outside."""
    async with aiohttp.ClientSession() as session, session.post(trial.alerts_url, json=request(trial)) as answer:
        said = await answer.json()
        assert answer.status == 200, said


def request(trial: Trial) -> dict[str, Any]:
    """The plan's own alert as Alertmanager sends it."""
    began = datetime.fromtimestamp(trial.app.clock.now() / 1_000_000, UTC) - timedelta(seconds=40)
    alert = {
        "status": "firing",
        "labels": trial.labels,
        "annotations": {"summary": trial.plan.title},
        "startsAt": began.isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": "0" * 16,
    }
    return {
        "version": "4",
        "groupKey": "{}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "tocsin",
        "groupLabels": {},
        "commonLabels": trial.labels,
        "commonAnnotations": {},
        "externalURL": "",
        "alerts": [alert],
    }


def _machines(plan: Plan) -> dict[str, Any]:
    """An experiment is begun only where machines are there for drills: one that is not there at all."""
    entries = inventory(plan).inventory if plan.kind == KIND else ()
    return {entry.name: {"env": entry.env, "hosts": list(entry.hosts), "drill": True} for entry in entries}


def write_config(folder: Path, file: Path, plan: Plan, labels: dict[str, str]) -> None:
    """The plans beside the file, and people behind every name of the plan: Ben first, Li as standby, Ana on call."""
    shelf = beside(file)
    for path in {Path(os.path.abspath(file)), *filter(Path.is_file, shelf.pages)}:
        kept = folder / "plans" / path.relative_to(shelf.root)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kept)
    people = {person.name: {"slack": person.id} for person in place.PEOPLE}
    rotas: dict[str, list[str]] = {"default": ["ana", "ben"]}
    for role in plan.roles:
        rotas |= {name.removeprefix("@"): [who] for name, who in ((role.standby, "li"), (role.who, "ben")) if name}
    schedules = [{"id": name, "kind": "static", "people": who} for name, who in rotas.items()]
    service = labels.get("service", "")
    severity = plan.severity[0].value if plan.severity else "sev3"
    files: dict[str, Any] = {
        "oncall.yaml": {"people": people, "schedules": schedules},
        "policy.yaml": {"automation": {"mode": "off", "inventory": _machines(plan)}},
        "routes.yaml": {
            "routes": [{"match": [f'alertname="{labels["alertname"]}"'], "severity": {labels["severity"]: severity}}]
        },
    }
    if service:
        files["services.yaml"] = {"services": [{"id": service, "name": service, "owner": "default"}]}
    for name, what in files.items():
        with (folder / name).open("w", encoding="utf-8") as target:
            YAML(typ="safe").dump(what, target)
