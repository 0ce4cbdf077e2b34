"""How soon commands are acknowledged that people type while very many incidents are open.

The bot is a process of its own on SQLite; workspace and typing people are this one, so that one clock stamps both ends. Plans are
chosen and people called before anybody types; what the open incidents ask of Slack was not done when the bot starts, so it is busy
with that meanwhile, within Slack's rate limits.
`python -m benchmarks.acks` measures it alone.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import perf_counter

from benchmarks import servers
from benchmarks.engines import new_file
from benchmarks.process import cpu_of
from benchmarks.restart import fill
from bot.clock import KeptTasks, SystemClock
from bot.demo import place
from bot.workspace import Workspace

PER_SECOND = 50
ALERTS = 5
"""Of each incident."""
LONGEST = 120.0
GOAL = 100.0
"""ms for the ack of 99 of 100 commands, at most."""
SAVING = "Saving …"
OPENING = "SELECT count(*) FROM effect WHERE kind = 'clock.opening' AND status IN ('planned', 'started')"
LINES = (
    "note INC-{n} the standby is 3 s behind",
    "summary INC-{n}",
    "ack INC-{n}",
    "timeline INC-{n}",
    "status INC-{n} identified the primary is read-only",
    "list",
    "update INC-{n} We fail over to the standby --next 20m",
    "plan INC-{n}",
    "dnoe INC-{n}",
    "help",
)
"""Half of them write."""


@dataclass(frozen=True, slots=True)
class Acks:
    """took: ms from typing to the ack, sorted; later: how many of them only said that it is being saved; cpu: ms of the bot's
    CPU for each, with all else that it did meanwhile; incidents: open ones."""

    took: tuple[float, ...]
    later: int
    cpu: float
    incidents: int


async def measured(folder: Path, incidents: int, commands: int) -> Acks:
    """So many commands, 50 in each second, whether the ones before are answered or not."""
    url = new_file(folder)
    await fill(url, incidents, ALERTS)
    async with place.workspace() as slack:
        room = slack.add_channel("general", *(person.id for person in place.PEOPLE)).id
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
        async with servers.bot(folder, {"SLACK_API_URL": slack.api_url, **tokens}, url) as (pid, _):
            await slack.until(lambda: slack.link.sockets, LONGEST)
            opening = servers.in_file(folder / "tocsin.db", OPENING)
            await slack.until(lambda: not opening(), LONGEST)
            before = cpu_of(pid)
            took = await _typed(slack, room, incidents, commands)
            used = (cpu_of(pid) - before) * 1000 / commands
    told = [message for message in slack.state.messages[room].values() if message.only_for]
    return Acks(took, sum(message.text == SAVING for message in told), used, incidents)


async def _typed(slack: Workspace, room: str, incidents: int, commands: int) -> tuple[float, ...]:
    clock, tasks = SystemClock(), KeptTasks()
    people, lines = cycle(place.PEOPLE), cycle(LINES)
    begun = perf_counter()
    under_way: list[asyncio.Task[float]] = []
    for n in range(commands):
        line = f"/tocsin {next(lines).format(n=n % incidents + 1)}"
        under_way.append(tasks.start(_once(slack, next(people).id, line, room), line))
        await clock.sleep(max(0.0, begun + (n + 1) / PER_SECOND - perf_counter()))
    async with asyncio.timeout(LONGEST):
        return tuple(sorted(await asyncio.gather(*under_way)))


async def _once(slack: Workspace, who: str, line: str, room: str) -> float:
    begun = perf_counter()
    await slack.person(who).command(line, room)
    return (perf_counter() - begun) * 1000


def line(found: Acks) -> str:
    """As a row of a table: figure, found, goal."""
    p50, p99 = found.took[len(found.took) // 2], found.took[int(len(found.took) * 0.99)]
    about = f"{len(found.took)} commands, {PER_SECOND}/s, {found.incidents:,} open incidents: typed → ack, p50 / p99"
    told = f"{p50:.1f} / {p99:.1f} ms ({found.later} “saving …”, {found.cpu:.1f} ms of CPU each)"
    return f"| {about} | {told} | p99 ≤ {GOAL:g} ms |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as temporary:
        print(line(asyncio.run(measured(Path(temporary) / "acks", 1000, 1500))))
