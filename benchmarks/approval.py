"""From the last yes to an action to the start of its program, with everything between them: commits, gates, lanes, shim.

Bot and workspace run in this process as in reaction.py. The program is `date`, which says itself when it began; the reference is
the same program by the same shim, and nothing else. `python -m benchmarks.approval` measures it alone.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from aiohttp import ClientSession

from benchmarks.reaction import CONFIG, LEAP, QUIET, Leaping, beside
from benchmarks.shapes import TOKEN
from bot.clock import RandomIds, SystemClock
from bot.demo import place
from bot.domain.terms import SECOND, Micros
from bot.ports import Order
from bot.secrets import Masker
from bot.telemetry import configure
from bot.workspace import Workspace
from runbooks.directory import Directory
from runbooks.shimmed import Shimmed

T = TypeVar("T")
LONGEST = 60.0
GOAL = 50.0
"""ms, the median."""
MOST = 50
"""So many hosts, one for each time: each is the target once."""
PLAN = """---
plan: 1
id: measured
owner: benchmarks
match: ['alertname="Measured"']
---

# What is measured

## Do

- [ ] Say what time it is.

  ```yaml action
  id: date
  run: [@ENV@, "HOST=${host}", @DATE@, "--iso-8601=ns"]
  changes: true
  timeout: 30s
  verify: {run: [@TRUE@, "${host}"], timeout: 30s}
  rollback: none
  rollback_reason: It only looks at the clock.
  ```

## Settings

```yaml settings
params:
  host: {type: host, from: label.instance, allow: "inventory:measured"}
limits: {cooldown: 0s, at_most: 1000 per 24h, concurrency: {key: "${host}"}}
approval:
  default: {need: 1, from: [owners], not: [starter]}
```
"""
POLICY = """groups: {{owners: [{people}]}}
automation:
  programs: [{env}, {true}]
  inventory: {{measured: {{env: test, hosts: [{hosts}]}}}}
"""


@dataclass(frozen=True, slots=True)
class Starts:
    """ms, sorted. yes: from the end of the commit of the last yes to what `date` says; bare: from the order of a shim to it."""

    yes: tuple[float, ...]
    bare: tuple[float, ...]


async def measured(folder: Path, times: int) -> Starts:
    """Let so many alerts ask for their action, one after the other, and say yes to each; then as many programs alone."""
    times = min(times, MOST)
    _write(folder / "config")
    async with beside(folder) as b:
        took = [await _once(b.slack, folder, b.clock, b.commits, n, b.port) for n in range(times)]
    bare = [await _bare(folder / "bare", n) for n in range(times)]
    return Starts(tuple(sorted(took)), tuple(sorted(bare)))


async def _bare(folder: Path, n: int) -> float:
    """The same program by the same shim; ms."""
    shims = Shimmed(await asyncio.to_thread(Directory, folder, RandomIds(), Masker()))
    order = Order(f"bare{n}", "run", {}, 30.0, {})
    known, begun = set(_told(folder)), SystemClock().now()
    await shims.start(order, lambda _: _program())
    async with asyncio.timeout(LONGEST):
        began = await _until(lambda: next((at for at in _told(folder) if at not in known), 0))
        while (await shims.poll(order)).state == "running":
            await SystemClock().sleep(0.005)
    return (began - begun) / 1000


def _program() -> Mapping[str, Any]:
    date = _path("date")
    return {"argv": [date, "--iso-8601=ns"], "program": date}


def _path(name: str) -> str:
    return str(Path(shutil.which(name) or name).resolve())


def _write(config: Path) -> None:
    (config / "plans").mkdir(parents=True)
    date, env, true = _path("date"), _path("env"), _path("true")
    people, hosts = ", ".join(one.id for one in place.PEOPLE), ", ".join(f"h-{n}" for n in range(MOST))
    (config / "tocsin.yaml").write_text(CONFIG)
    (config / "policy.yaml").write_text(POLICY.format(people=people, env=env, true=true, hosts=hosts))
    plan = PLAN.replace("@DATE@", date).replace("@ENV@", env).replace("@TRUE@", true)
    (config / "plans" / "measured.md").write_text(plan)


async def _once(slack: Workspace, folder: Path, clock: Leaping, commits: list[Micros], n: int, port: int) -> float:
    """One alert, one yes, one program; ms."""
    clock.leap(LEAP)
    known, calls = set(_told(folder / "runner")), len(slack.state.calls)
    url, head = f"http://127.0.0.1:{port}/alerts/alertmanager", {"Authorization": f"Bearer {TOKEN}"}
    async with ClientSession(headers=head) as session, session.post(url, json=_alert(n)) as answer:
        answer.raise_for_status()
    person = slack.person(place.PEOPLE[1].id)
    async with asyncio.timeout(LONGEST):
        room = await _until(lambda: _room(slack, calls))
        await person.join(room)
        await _until(lambda: _said(slack, room, "Approve", calls))
        await _rest(commits)
        before = len(commits)
        await person.click("Approve", room)
        began = await _until(lambda: next((at for at in _told(folder / "runner") if at not in known), 0))
        clock.leap(LEAP)  # no limit of Slack's is waited for
        await _until(lambda: _said(slack, room, "is done", calls))  # one target at a time
    return (began - commits[before]) / 1000


def _alert(n: int) -> dict[str, Any]:
    """A request of Alertmanager's."""
    begun = datetime.fromtimestamp(SystemClock().now() / SECOND, UTC).isoformat()
    labels = {"alertname": "Measured", "instance": f"h-{n}", "severity": "warning", "service": f"s-{n}"}
    one = {"status": "firing", "labels": labels, "annotations": {}, "startsAt": begun, "fingerprint": f"{n:016x}"}
    head = {"version": "4", "status": "firing", "groupKey": f"measured-{n}", "receiver": "tocsin", "truncatedAlerts": 0}
    return {**head, "externalURL": "http://alertmanager.example", "alerts": [{**one, "endsAt": "0001-01-01T00:00:00Z"}]}


def _room(slack: Workspace, calls: int) -> str:
    """The channel that was made for it, "" if it is not there yet."""
    made = [call.answer for call in slack.state.calls[calls:] if call.method == "conversations.create" and call.answer]
    return next((one["channel"]["id"] for one in made if one["channel"]["name"].startswith("inc-")), "")


def _said(slack: Workspace, room: str, words: str, calls: int) -> bool:
    """Something with these words stands in the channel."""
    sent = [call for call in slack.state.calls[calls:] if call.method == "chat.postMessage" and call.answer]
    return any(words in str(call.args) for call in sent if call.args.get("channel") == room)


def _told(runner: Path) -> list[Micros]:
    """What each program has said so far."""
    heads = [path.read_text().strip() for path in (runner / "attempts").glob("*/head")]
    return [round(datetime.fromisoformat(words).timestamp() * SECOND) for words in heads if words]


async def _until(found: Callable[[], T]) -> T:
    while not (it := found()):
        await SystemClock().sleep(0.005)
    return it


async def _rest(commits: Sequence[Micros]) -> None:
    """Until nothing was committed for a while: the first commit after the click is then that of the yes."""
    seen = -1
    while seen != (seen := len(commits)):
        await SystemClock().sleep(QUIET)


def line(found: Starts) -> str:
    """As a row of a table: figure, found, goal."""
    bare = f"the program and its shim alone {_at(found.bare)}"
    return f"| last yes → program, p50 / p99 of {len(found.yes)} | {_at(found.yes)} ({bare}) | p50 ≤ {GOAL:g} ms |"


def _at(took: tuple[float, ...]) -> str:
    return f"{median(took):.1f} / {took[int(len(took) * 0.99)]:.1f} ms"


if __name__ == "__main__":
    configure(least="error")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as temporary:
        print(line(asyncio.run(measured(Path(temporary), 10))))
