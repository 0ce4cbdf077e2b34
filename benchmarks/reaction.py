"""From the commit of an alert that opens an incident to the first call that Slack receives, and from a click to its ack.

Bot and workspace run in this process, over real sockets, so that one clock stamps both ends. Between two alerts the bot's
clock leaps, so that no rate limit of Slack's is waited for.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from benchmarks.client import Pool
from benchmarks.shapes import TOKEN, Shape, requests
from bot.app import App, built
from bot.clock import SystemClock
from bot.demo import place
from bot.domain.terms import SECOND, Micros
from bot.life import running
from bot.workspace import Workspace
from bot.workspace.things import Called

OPENS = Shape("first", "1 alert that opens an incident", 1, 1)
LEAP = 20.0
QUIET = 0.25
"""Seconds without a call after which the bot counts as at rest."""
LONGEST = 15.0
TAKE = "Take it"
"""The card's button for a role that is free."""
CONFIG = "storm: {channels: 1000, per: 1m}\n"


class Leaping(SystemClock):
    """The machine's clock, some seconds ahead."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> Micros:
        return super().now() + round(self._ahead * SECOND)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    def leap(self, seconds: float) -> None:
        self._ahead += seconds


@dataclass(frozen=True, slots=True)
class Reaction:
    """ms, sorted. commit: from the commit to the first call received; alert: from the POST to it; click: from a click on the
    incident's card to its ack, which comes after the commit."""

    commit: tuple[float, ...]
    alert: tuple[float, ...]
    click: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A bot and its workspace in this process. commits: when each one ended; port: of the bot's web."""

    slack: Workspace
    clock: Leaping
    commits: list[Micros]
    port: int


@asynccontextmanager
async def beside(folder: Path) -> AsyncIterator[Beside]:
    """Both run inside the block, connected. folder: has the `config` of the bot; its database comes there, too."""
    clock, commits = Leaping(), list[Micros]()

    def watch(moment: str) -> None:
        if moment == "committed":
            commits.append(SystemClock().now())

    async with place.workspace() as slack:
        slack.add_channel("general", *(person.id for person in place.PEOPLE))
        settings = place.settings(folder, slack).model_copy(update={"alert_token": SecretStr(TOKEN)})
        async with built(settings, clock, watch=watch) as app, running(app, asyncio.Event()) as port:
            await _until_connected(app)
            yield Beside(slack, clock, commits, port)


async def measured(folder: Path, times: int) -> Reaction:
    """Let so many alerts open incidents, one after the other."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "tocsin.yaml").write_text(CONFIG)
    async with beside(folder) as b:
        took = [await _once(b.slack, b.clock, b.commits, data, b.port) for data in _bodies(times)]
    commit, alert, click = (tuple(sorted(one)) for one in zip(*took))
    return Reaction(commit, alert, click)


def _bodies(times: int) -> Iterator[bytes]:
    for n in range(times):
        yield requests(Shape(f"first{n}", OPENS.about, 1, 1))[0]


async def _until_connected(app: App) -> None:
    async with asyncio.timeout(LONGEST):
        while not app.slack:
            await SystemClock().sleep(0.05)


async def _once(
    slack: Workspace, clock: Leaping, commits: list[Micros], data: bytes, port: int
) -> tuple[float, float, float]:
    """One alert; ms from its commit, and from its POST, to the first call; and ms from a click to its ack."""
    clock.leap(LEAP)
    await _rest(slack, commits)
    pool = Pool(port)
    await pool.open(1)
    done_calls, done_commits, sent = len(slack.state.calls), len(commits), SystemClock().now()
    pool.send(data)
    await pool.answered()
    async with asyncio.timeout(LONGEST):
        while not (made := [c for c in slack.state.calls[done_calls:] if c.method == "conversations.create"]):
            await SystemClock().sleep(0.002)
    pool.close()
    await _rest(slack, commits)
    click = await _click(slack, slack.state.calls[done_calls:])
    return (made[0].at - commits[done_commits]) / 1000, (made[0].at - sent) / 1000, click


async def _click(slack: Workspace, calls: Sequence[Called]) -> float:
    """The first of the people there takes the command of the incident whose channel was made just now; ms to the ack."""
    made = (call.answer["channel"] for call in calls if call.method == "conversations.create" and call.answer)
    room = next(channel["id"] for channel in made if channel["name"].startswith("inc-"))
    begun = perf_counter()
    await slack.person(place.PEOPLE[0].id).click(TAKE, room)
    return (perf_counter() - begun) * 1000


async def _rest(slack: Workspace, commits: list[Micros]) -> None:
    """Wait until there is neither a call nor a commit for a while."""
    async with asyncio.timeout(LONGEST):
        seen = -1
        while seen != (seen := len(slack.state.calls) + len(commits)):
            await SystemClock().sleep(QUIET)
