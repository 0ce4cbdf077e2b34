"""A bounded load of alert webhooks against a server on this machine: closed loop, every answer checked."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import orjson

TOKEN = "benchmark-token-benchmark-token"


@dataclass(frozen=True, slots=True)
class Shape:
    """posts: requests; alerts: per request; groups: `own` per request or `one`; repeat: distinct bodies (0 = all)."""

    name: str
    posts: int
    alerts: int
    groups: str = "own"
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """alerts_per_s: acknowledged; cpu_ms: of the server's process per alert; p50, p99: ms per request; rss: MiB afterwards."""

    alerts_per_s: float
    cpu_ms: float
    p50: float
    p99: float
    rss: float
    errors: int


def body(shape: Shape, n: int) -> bytes:
    """The n-th request of a shape, as Alertmanager writes it."""
    n = n % shape.repeat if shape.repeat else n
    group = f"{shape.name}-{n if shape.groups == 'own' else 0}"
    alerts = [_alert(f"{shape.name}-{n}-{i}", group) for i in range(shape.alerts)]
    return orjson.dumps(
        {
            "receiver": "tocsin",
            "status": "firing",
            "alerts": alerts,
            "groupLabels": {"group": group},
            "commonLabels": {"job": "bench"},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example",
            "version": "4",
            "groupKey": f'{{}}:{{group="{group}"}}',
            "truncatedAlerts": 0,
        }
    )


def _alert(name: str, group: str) -> dict[str, object]:
    return {
        "status": "firing",
        "labels": {"alertname": "LatencyHigh", "group": group, "instance": name, "job": "bench", "severity": "warning"},
        "annotations": {
            "summary": f"Latency of {name} is above two seconds",
            "description": "p99 was 2.4 s for 5 min.",
        },
        "startsAt": "2026-11-22T00:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph?g0.expr=latency",
        "fingerprint": f"{hash(name) & 0xFFFFFFFFFFFFFFFF:016x}",
    }


async def run(shape: Shape, port: int, pid: int, connections: int = 64) -> Result:
    """Send all requests of a shape over so many connections; measure from outside."""
    bodies = iter([body(shape, n) for n in range(shape.posts)])
    took: list[float] = []
    errors = 0
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    url = f"http://127.0.0.1:{port}/alerts/alertmanager"

    async def worker(session: aiohttp.ClientSession) -> None:
        nonlocal errors
        for data in bodies:
            begun = time.perf_counter()
            async with session.post(url, data=data, headers=headers) as answer:
                await answer.read()
                errors += answer.status != 200
            took.append(time.perf_counter() - begun)

    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        cpu, begun = _cpu(pid), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(worker(session))
        elapsed, used = time.perf_counter() - begun, _cpu(pid) - cpu
    count = shape.posts * shape.alerts
    took.sort()
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return Result(count / elapsed, used * 1000 / count, p50, p99, _rss(pid), errors)


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _rss(pid: int) -> float:
    """Resident memory of a process in MiB."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    return 0.0
