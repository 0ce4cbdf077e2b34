"""The composition root: everything is built here, once, from the settings, and nothing is built at import time."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

from aiohttp import web
from pydantic import SecretStr

import integrations
from bot import config, locale
from bot.clock import KeptTasks, RandomIds, SystemClock
from bot.domain.organisation import Integration, Organisation
from bot.domain.state import Incident
from bot.errors import StoreAway
from bot.flows import brief, drilling, report, review
from bot.flows.absence import Absences
from bot.flows.courtesies import follows
from bot.flows.desk import Desk
from bot.flows.hears import Hearing
from bot.flows.ingest import Ingest
from bot.flows.plans import PlansFolder
from bot.flows.reactions import reactions
from bot.flows.retelling import Retelling
from bot.flows.rules import Rules, using
from bot.flows.waking import Links
from bot.http import GuardedHttp
from bot.metrics.incident import Figure
from bot.ports import Clock, Engine, Ids, LaneRunner, Reads, Tasks
from bot.secrets import Masker, readable, resolve
from bot.settings import Settings
from bot.slack import waking
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.connection import Connection
from bot.slack.edge import Edge
from bot.slack.effects import handlers as slack_handlers
from bot.slack.patience import Patience
from bot.slack.replies import Replies
from bot.slack.surfaces import Stage
from bot.slack.watch import Watch
from bot.text import English, render
from bot.web.acting import Acting
from bot.web.parts import Parts
from bot.web.quarantine import Quarantine
from bot.web.server import build_web
from bot.work.clocks import begin, common
from bot.work.embedded import Embedded
from bot.work.pulse import Pulse
from bot.work.worker import Worker
from commands import registry
from integrations import notify
from integrations.waking import Waking
from runbooks import catalogue, executors
from runbooks.actions import handlers as action_handlers
from runbooks.directory import Directory
from runbooks.problem import Problem
from storage.evidence import Folder
from storage.opening import open_store
from storage.store import SqlStore, unwatched

AT_ONCE = 1.0
"""Seconds that /readyz waits for the database."""


@dataclass
class App:
    """Tocsin, built and not yet running."""

    settings: Settings
    clock: Clock
    tasks: Tasks
    store: SqlStore
    desk: Desk
    engine: Engine
    client: SlackClient
    chat: SlackChat
    edge: Edge
    slack: Connection
    watch: Watch
    pulse: Pulse
    folder: PlansFolder
    web: web.Application
    warnings: tuple[str, ...]


@asynccontextmanager
async def built(
    settings: Settings,
    clock: Clock | None = None,
    ids: Ids | None = None,
    watch: Callable[[str], None] = unwatched,
) -> AsyncIterator[App]:
    """Everything from the settings; closed at the end of the block. watch: see storage.store.SqlStore."""
    ids, tasks = ids or RandomIds(), KeptTasks()
    clock = clock or common(settings.database_url, SystemClock())
    organisation, warnings = config.load(settings.config_dir)
    locale.speak(settings.language or organisation.language)
    locale.call(settings.command)
    store = await open_store(settings.database_url, clock, ids, watch=watch)
    client = SlackClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, clock.monotonic)
    try:
        await begin(clock, store)
        masker = Masker(_secrets(settings, organisation))
        runner = Directory(settings.runner_dir, ids, masker)
        tools = executors.Tools(runner, GuardedHttp(), tasks, masker, settings.runner == "unit")
        able = executors.load(tools)
        plans = catalogue.Catalogue()
        desk = Desk(store, clock, ids, organisation, plans, able, runner.id, settings.public_url)
        app = assembled(settings, desk, store, client, tools, warnings)
        await app.folder.look()
        app.warnings = (*warnings, *map(_said, desk.plans.problems))
        yield app
    finally:
        await tasks.stop()
        await client.close()
        await store.close()


def _secrets(settings: Settings, organisation: Organisation) -> list[str]:
    """The bot's own secrets and those of policy.yaml, which no program's output may carry on."""
    ours = ",".join(value.get_secret_value() for _, value in settings if isinstance(value, SecretStr))
    return [*map(str.strip, ours.split(",")), *readable(organisation.policy.automation.references)]


def assembled(
    settings: Settings,
    desk: Desk,
    store: SqlStore,
    client: SlackClient,
    tools: executors.Tools,
    warnings: tuple[str, ...],
) -> App:
    runner, tasks = tools.directory, tools.tasks
    links = Links(desk, _key(settings))
    ingest = Ingest(
        store, desk.clock, tasks, lambda: desk.organisation, lambda *told: follows(desk.organisation, *told)
    )
    desk.take_in = ingest.submit
    chat = SlackChat(client, desk.clock)
    edge = Edge(desk, registry.load(), Hearing(desk), chat, Replies(client), tasks)
    stage = _stage(settings, desk, chat, edge)
    does = {
        **slack_handlers(stage, Patience(desk.clock, desk.ids, client.answered)),
        **drilling.handlers(desk),
        **action_handlers(store, desk.executors, runner, desk.clock),
        **_waking(desk, stage, links, tools).handlers(),
    }
    worker = Worker(store, desk.clock, desk.ids, tasks, does, reactions(desk))
    pulse = Pulse(store, desk.clock, desk.ids.new(), runner.id, version("tocsin"), Absences(desk, store))
    engine = _engine(settings, store, desk, tasks, worker, pulse)
    store.engine = engine
    told = Retelling(store, lambda: brief.plan(desk, store))
    slack = Connection(settings, desk.clock, desk.ids, store, client, chat, edge, told.known)
    watch = Watch(desk, slack, chat.echo, store.shared)
    desk.doubts = lambda: client.silent or watch.doubt is not None or pulse.doubts
    rules = Rules(settings.config_dir, using(desk, store))
    folder = PlansFolder(desk, settings.config_dir / "plans", settings.plans_every, rules)
    parts = (settings, desk.clock, tasks, store, desk, engine, client, chat, edge, slack, watch, pulse, folder)
    app = App(*parts, web.Application(), warnings)
    app.web = build_web(_parts(app, ingest), [slack.door.route()] if slack.door else (), links, Acting(desk))
    return app


def _key(settings: Settings) -> bytes:
    """What links are proved with: of the secret that all replicas share, so that it is stored nowhere."""
    return hashlib.sha256(b"tocsin links\0" + settings.slack_bot_token.get_secret_value().encode()).digest()


def _waking(desk: Desk, stage: Stage, links: Links, tools: executors.Tools) -> Waking:
    """The people's own notifiers."""

    def setup(name: str) -> Integration:
        return desk.organisation.integrations.get(name, Integration())

    def secret(reference: str) -> str:
        return tools.masker.register(resolve(reference))

    notifiers = notify.load(tools.http, setup, secret)
    return Waking(lambda: desk.organisation, notifiers, tools.masker, waking.said(stage, links.url))


def _engine(settings: Settings, store: SqlStore, desk: Desk, tasks: Tasks, worker: LaneRunner, pulse: Pulse) -> Engine:
    """On SQLite the bot wakes itself; on PostgreSQL it shares the lanes with its replicas."""
    if settings.database_url.startswith("sqlite"):
        return Embedded(store, desk.clock, desk.ids, tasks, worker)
    from bot.work.postgres import Replica  # needs what only PostgreSQL needs

    return Replica(store, desk.clock, desk.ids, tasks, worker, desk.runner, lambda: pulse.back is not None)


def _stage(settings: Settings, desk: Desk, chat: SlackChat, edge: Edge) -> Stage:
    async def figures(reads: Reads, incident: Incident) -> list[Figure]:
        return report.figures_of(desk.organisation, incident)

    return Stage(
        chat=chat,
        store=desk.store,
        clock=desk.clock,
        organisation=lambda: desk.organisation,
        plan=desk.plan,
        figures=figures,
        draft=lambda reads, incident: review.draft(desk, reads, incident),
        instance=settings.public_url,
        names=edge.names,
        copies=Folder(settings.evidence, desk.clock, desk.ids),
    )


def _parts(app: App, ingest: Ingest) -> Parts:
    return Parts(
        settings=app.settings,
        store=app.store,
        ingest=ingest,
        sources=integrations.alert_sources(),
        organisation=lambda: app.desk.organisation,
        clock=app.clock,
        ids=app.desk.ids,
        tasks=app.tasks,
        quarantine=Quarantine(app.settings.runner_dir / "quarantine"),
        ready=lambda: _ready(app),
        back=lambda: app.pulse.back,
    )


def _said(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}: {problem.code} {render(problem.sentence, English())}"


async def _ready(app: App) -> Mapping[str, bool]:
    return {"database": app.pulse.beating and await _answers(app), "slack": await app.slack.well()}


async def _answers(app: App) -> bool:
    """Whether the database answers at once; whoever asks does not wait for one that hangs."""
    look = app.tasks.start(_look(app.store), "look")
    return await app.clock.wait(look, AT_ONCE) and look.result()


async def _look(store: SqlStore) -> bool:
    try:
        async with store.read() as reads:
            await reads.runner_seen("")
    except StoreAway:
        return False
    return True
