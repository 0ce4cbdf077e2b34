"""What a run found, as one JSON value and as tables for people."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks import acks, approval, views
from benchmarks.pairs import Row
from benchmarks.plan import Measured, Replicas

CPU = {"u1": 2.0, "g1": 2.0, "d1": 2.0, "u100": 3.0, "g100": 3.0, "d100": 3.0}
"""Load → Tocsin's CPU per alert in the reference's, at most."""
RATE = {"u1": 0.5, "g1": 0.5, "d1": 0.7, "u100": 0.4, "g100": 0.4, "d100": 0.7}
"""Load → Tocsin's alerts per second in the reference's, at least."""
P99, HELP, IDLE, AFTER = 2.0, 300.0, 120.0, 200.0
ALL_ACKNOWLEDGED, RESTARTED = 5000.0, 3000.0
WAKE = {"embedded": 10.0, "postgresql": 20.0}
NAMES = {"postgresql": "Tocsin on PostgreSQL", "alertmanager": "Alertmanager (in memory)"}


def as_json(machine: dict[str, str | float], found: Measured) -> dict[str, Any]:
    """Everything, every single measurement included."""
    return {
        "machine": machine,
        "seconds": round(found.seconds),
        "missing": found.missing,
        "loads": [_row(row) for row in found.rows],
        "replicas": [
            {"load": one.shape.name, "replicas": one.many, "results": [asdict(r) for r in one.results]}
            for one in found.replicas
        ],
        "reaction_ms": asdict(found.reaction),
        "wake_ms": dict(found.wakes),
        "start_ms": asdict(found.starts),
        "restart": {name: asdict(one) for name, one in found.restarts.items()},
        "acks_ms": asdict(found.acks),
        "views_ms": asdict(found.views),
        "footprint": asdict(found.footprint),
    }


def _row(row: Row) -> dict[str, Any]:
    names = ("rate", "cpu", "p50", "p99", "most", "rss")
    return {
        "name": row.name,
        "about": row.about,
        "tocsin": {name: row.ours(name) for name in names},
        "reference": {name: row.reference(name) for name in names},
        "ratio": {name: row.ratio(name) for name in names},
        "others": {system: {name: row.other(system, name) for name in (*names, "beside")} for system in row.systems},
        "failed": row.failed,
        "pairs": [asdict(pair) for pair in row.pairs],
    }


def as_table(machine: dict[str, str | float], found: Measured) -> str:
    """In Markdown."""
    parts = (_head(machine, found), _loads(found.rows), _beside(found.rows), _replicas(found.replicas), _single(found))
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


def _head(machine: dict[str, str | float], found: Measured) -> Iterator[str]:
    yield (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']},"
        f" SQLite {machine['sqlite']}, aiohttp {machine['aiohttp']}; fdatasync of 4 KiB {machine['fdatasync_ms']} ms;"
        f" load average before {machine['load_before']:.1f}; took {found.seconds:.0f} s."
    )
    yield "Load generator, server and whatever else runs share these cores. Each cell is a median; ratios are of pairs."
    if found.missing:
        yield f"Not installed, so not measured: {', '.join(found.missing)}."


def _loads(rows: tuple[Row, ...]) -> Iterator[str]:
    yield (
        "| load | pairs | alerts/s (reference) | ratio (goal) | CPU ms per alert (reference) | ratio (range; goal)"
        " | p50 / p99 ms (reference) | p99 ratio | RSS MiB |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in rows:
        low, high = row.range("cpu")
        cpu = f"; ≤ {CPU[row.name]:g}" if row.name in CPU else ""
        rate = f" (≥ {RATE[row.name]:g})" if row.name in RATE else ""
        failed = f" **{row.failed} not answered with 200**" if row.failed else ""
        yield (
            f"| {row.about} ({_sent(row)}){failed} | {len(row.pairs)} | {row.ours('rate'):,.0f} ({row.reference('rate'):,.0f})"
            f" | {row.ratio('rate'):.2f}{rate} | {row.ours('cpu'):.3f} ({row.reference('cpu'):.3f})"
            f" | {row.ratio('cpu'):.1f} ({low:.1f}–{high:.1f}{cpu})"
            f" | {row.ours('p50'):.1f} / {row.ours('p99'):.1f} ({row.reference('p50'):.1f} / {row.reference('p99'):.1f})"
            f" | {row.ratio('p99'):.1f} | {row.ours('rss'):.0f} |"
        )


def _beside(rows: tuple[Row, ...]) -> Iterator[str]:
    """The other systems, measured in the same rounds."""
    found = [(row, system) for row in rows for system in row.systems]
    if not found:
        return
    yield "| load | system | alerts/s | CPU ms per alert | and of its database server | p50 / p99 / longest ms | RSS MiB |"
    yield "|---|---|---|---|---|---|---|"
    for row, system in found:
        rate, cpu, beside, p50, p99, most, rss = (
            row.other(system, name) for name in ("rate", "cpu", "beside", "p50", "p99", "most", "rss")
        )
        server = f"{beside:.3f}" if beside else "–"
        yield (
            f"| {row.about} | {NAMES[system]} | {rate:,.0f} | {cpu:.3f} | {server}"
            f" | {p50:.1f} / {p99:.1f} / {most:,.0f} | {rss:.0f} |"
        )


def _replicas(found: tuple[Replicas, ...]) -> Iterator[str]:
    if not found:
        return
    yield "| load | replicas | alerts/s | CPU ms per alert, all replicas | and of the database server | p99 ms |"
    yield "|---|---|---|---|---|---|"
    for one in found:
        rate, cpu, beside, p99 = (
            median(r.figure(name) for r in one.results) for name in ("rate", "cpu", "beside", "p99")
        )
        yield f"| {one.shape.about} | {one.many} | {rate:,.0f} | {cpu:.3f} | {beside:.3f} | {p99:.1f} |"


def _single(found: Measured) -> Iterator[str]:
    small, first = found.footprint, found.reaction
    yield "| figure | found | goal |"
    yield "|---|---|---|"
    yield from _of_loads({row.name: row for row in found.rows})
    yield f"| commit → first Slack call, p50 / p99 of {len(first.commit)} | {_at(first.commit)} | |"
    yield f"| POST → first Slack call, p50 / p99 | {_at(first.alert)} | |"
    yield f"| click → ack, after its commit, p50 / p99 | {_at(first.click)} | ≤ 1000 ms |"
    yield approval.line(found.starts)
    yield acks.line(found.acks)
    yield views.line(found.views)
    for engine, took in found.wakes.items():
        yield f"| wake → handler, {engine}, p50 / p99 of {len(took)} | {_at(took)} | p50 ≤ {WAKE[engine]:g} ms |"
    for database, one in found.restarts.items():
        what = f"{one.alerts:,} alerts and {one.incidents:,} open incidents, {database}"
        yield f"| restart with {what}: start to first ack | {one.first:,.0f} ms | ≤ {RESTARTED:,.0f} ms |"
    yield f"| `tocsin --help` | {small.help:.0f} ms | ≤ {HELP:g} ms |"
    yield f"| start of `tocsin serve` to its first open port, new database | {small.start:.0f} ms | |"
    yield f"| RSS at rest, Slack away / connected | {small.idle:.0f} / {small.connected:.0f} MiB | ≤ {IDLE:g} MiB |"


def _of_loads(rows: Mapping[str, Row]) -> Iterator[str]:
    """Figures of single loads, of those that were measured in time."""
    for name, slack in (
        ("o200", "Slack away"),
        ("o200+slack", "Slack answers"),
        ("o200+429", "429 to every third call"),
    ):
        if steady := rows.get(name):
            yield f"| p99 at 200/s, in the reference's, {slack} | {steady.ratio('p99'):.1f} | ≤ {P99:g} |"
    if burst := rows.get("b10k"):
        last = max(pair.ours.most for pair in burst.pairs)
        yield f"| {_sent(burst)} at once: the last is acknowledged after | {last:,.0f} ms | ≤ {ALL_ACKNOWLEDGED:,.0f} ms |"
    if many := rows.get("u100"):
        yield f"| RSS after {_sent(many)} | {many.ours('rss'):.0f} MiB | ≤ {AFTER:g} MiB |"


def _sent(row: Row) -> str:
    many = row.shape.posts
    return f"{many:,} POSTs" if row.shape.alerts == 1 else f"{many:,} POSTs, {row.shape.sent:,} alerts"


def _at(took: tuple[float, ...]) -> str:
    return f"{took[len(took) // 2]:.1f} / {took[int(len(took) * 0.99)]:.1f} ms"
