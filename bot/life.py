"""The life of the program that `bot.app` builds: everything runs until a signal asks to stop."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot import telemetry
from bot.app import App, built
from bot.errors import StartError, StoreAway
from bot.flows.heads import Heads
from bot.settings import Settings, unknown
from bot.web.server import serve as listen

SWITCH = 0.0005
"""Seconds after which a thread lets others go on that have something to compute, a tenth of Python's own: the database's thread and
those that write files ask for the interpreter after each call of the system, and somebody waits for each of them."""


async def serve(settings: Settings) -> None:
    """Run until a signal asks to stop. Alerts are taken from the first moment, also while Slack cannot be reached."""
    if settings.lost_config:
        raise StartError(
            f"TOCSIN_CONFIG_DIR names {settings.config_dir}, and there is no such folder."
            " Make it, or leave the name out: then everybody may do everything."
        )
    telemetry.configure(settings.log, settings.log_level)
    stop = asyncio.Event()
    async with built(settings) as app:
        for name in (signal.SIGINT, signal.SIGTERM):  # until here it just ends: there is nothing to put away
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        for warning in (*unknown(os.environ), *app.warnings):
            telemetry.log("configuration", level="warning", what=warning)
        async with running(app, stop) as port:
            gc.freeze()  # what is there now stays: looking through it again and again held everybody up for 80 ms
            gc.enable()
            telemetry.log("listening", host=settings.http_host, port=port)
            await stop.wait()


@asynccontextmanager
async def running(app: App, stop: asyncio.Event) -> AsyncIterator[int]:
    """Everything runs inside the block: web, engine, Slack; the port that was taken."""
    sys.setswitchinterval(SWITCH)
    async with listen(app.web, app.settings.http_host, app.settings.http_port) as port:
        await app.pulse.beat()
        pulse = app.tasks.start(app.pulse.run(), "pulse")
        engine = app.tasks.start(app.engine.run(stop), "engine")
        slack = app.tasks.start(app.slack.keep(app.pulse), "slack")
        app.tasks.start(app.slack.keep_directory(), "directory")
        app.tasks.start(app.folder.run(), "plans")
        app.tasks.start(Heads(app.store, app.clock).run(), "heads")
        app.tasks.start(app.watch.run(app.pulse), "watch")
        yield port
        stop.set()
        slack.cancel()
        await engine
        pulse.cancel()
        await asyncio.gather(slack, pulse, return_exceptions=True)
        with suppress(StoreAway):
            await app.pulse.end()
