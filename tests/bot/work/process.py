"""A replica in a process of its own, with the machine's clock: `python -m tests.bot.work.process URL SECONDS`.

Each call takes SECONDS and is written down in the table `called` before it begins. Ends with SIGTERM.
"""

import asyncio
import os
import signal
import sys

from bot.clock import KeptTasks, RandomIds, SystemClock
from bot.ports import Call, Done, Outcome
from bot.work.effects import KINDS, Policy
from bot.work.postgres import Replica
from bot.work.worker import Worker
from storage.bounded import connect
from storage.opening import open_store


async def main(url: str, seconds: float) -> None:
    clock, ids, tasks, stop = SystemClock(), RandomIds(), KeptTasks(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    KINDS["plain"] = Policy("repeat_marked", "record", lambda effect: ())
    store = await open_store(url, clock, ids)

    async def handle(call: Call) -> Outcome:
        row = (os.getpid(), call.effect.key, call.again, clock.now())
        async with await connect(url) as connection:
            await connection.execute("INSERT INTO called VALUES (%s, %s, %s, %s)", row)
        await clock.sleep(seconds)
        return Done()

    worker = Worker(store, clock, ids, tasks, {"plain": handle, "action.start": handle}, {})
    store.engine = engine = Replica(store, clock, ids, tasks, worker)
    await engine.run(stop)
    await tasks.stop()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
