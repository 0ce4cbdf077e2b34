"""The bare reference: an aiohttp handler that stores alerts in SQLite (WAL, synchronous=FULL) by group commit before it answers.

No token, no grouping, no incidents, no events: the least that a durable receiver can do on this machine with these libraries.
Run as its own process: `python -m benchmarks.reference PORT DATABASE`.
"""

import asyncio
import queue
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

SCHEMA = """
CREATE TABLE body(id INTEGER PRIMARY KEY, raw BLOB);
CREATE TABLE alert(fingerprint TEXT PRIMARY KEY, status TEXT, starts_at TEXT, body INTEGER, n INTEGER);
"""
UPSERT = """
INSERT INTO alert VALUES (?, ?, ?, ?, 1) ON CONFLICT(fingerprint) DO UPDATE
SET status = excluded.status, starts_at = excluded.starts_at, body = excluded.body, n = alert.n + 1
"""


class Writer(threading.Thread):
    """One connection, one thread: takes what is queued, commits it, then answers all of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.queue: queue.SimpleQueue[tuple[bytes, asyncio.Future[None]]] = queue.SimpleQueue()
        self._path = path
        self._loop = asyncio.get_running_loop()

    def run(self) -> None:
        db = sqlite3.connect(self._path, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.executescript(SCHEMA)
        while True:
            batch = [self.queue.get()]
            while len(batch) < 256 and not self.queue.empty():
                batch.append(self.queue.get())
            db.execute("BEGIN IMMEDIATE")
            for raw, _ in batch:
                row = db.execute("INSERT INTO body(raw) VALUES (?)", (raw,)).lastrowid
                alerts = orjson.loads(raw)["alerts"]
                db.executemany(UPSERT, [(a["fingerprint"], a["status"], a["startsAt"], row) for a in alerts])
            db.execute("COMMIT")
            self._loop.call_soon_threadsafe(_answer, [future for _, future in batch])


def _answer(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


async def _serve(port: int, path: Path) -> None:
    writer = Writer(path)
    writer.start()

    async def take(request: web.Request) -> web.Response:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        writer.queue.put((await request.read(), future))
        await future
        return web.json_response({"status": "ok"})

    app = web.Application(client_max_size=5 * 2**20)
    app.router.add_post("/alerts/alertmanager", take)
    runner: Any = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
