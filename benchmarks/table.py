"""What a run found, as one JSON value and as one table for people."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from benchmarks.pairs import Row
from benchmarks.plan import Measured

GOALS = {"u1": 2.0, "g1": 2.0, "d1": 2.0, "u100": 3.0, "g100": 3.0, "d100": 3.0}
"""Load → Tocsin's CPU per alert in the reference's, at most."""
P99, HELP, IDLE, AFTER = 2.0, 300.0, 120.0, 200.0
ALL_ACKNOWLEDGED = 5000.0


def as_json(machine: dict[str, str | float], found: Measured) -> dict[str, Any]:
    """Everything, every single measurement included."""
    return {
        "machine": machine,
        "seconds": round(found.seconds),
        "loads": [_row(row) for row in found.rows],
        "reaction_ms": asdict(found.reaction),
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
        "failed": row.failed,
        "pairs": [asdict(pair) for pair in row.pairs],
    }


def as_table(machine: dict[str, str | float], found: Measured) -> str:
    """In Markdown."""
    return "\n".join([*_head(machine, found), "", *_loads(found.rows), "", *_single(found)])


def _head(machine: dict[str, str | float], found: Measured) -> Iterator[str]:
    yield (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']},"
        f" SQLite {machine['sqlite']}, aiohttp {machine['aiohttp']}; fdatasync of 4 KiB {machine['fdatasync_ms']} ms;"
        f" load average before {machine['load_before']:.1f}; took {found.seconds:.0f} s."
    )
    yield "Load generator, server and whatever else runs share these cores. Each cell is a median; ratios are of pairs."


def _loads(rows: tuple[Row, ...]) -> Iterator[str]:
    yield (
        "| load | pairs | alerts/s (reference) | ratio | CPU ms per alert (reference) | ratio (range; goal)"
        " | p50 / p99 ms (reference) | p99 ratio | RSS MiB |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in rows:
        low, high = row.range("cpu")
        goal = f"; ≤ {GOALS[row.name]:g}" if row.name in GOALS else ""
        failed = f" **{row.failed} not answered with 200**" if row.failed else ""
        yield (
            f"| {row.about} ({_sent(row)}){failed} | {len(row.pairs)} | {row.ours('rate'):,.0f} ({row.reference('rate'):,.0f})"
            f" | {row.ratio('rate'):.2f} | {row.ours('cpu'):.3f} ({row.reference('cpu'):.3f})"
            f" | {row.ratio('cpu'):.1f} ({low:.1f}–{high:.1f}{goal})"
            f" | {row.ours('p50'):.1f} / {row.ours('p99'):.1f} ({row.reference('p50'):.1f} / {row.reference('p99'):.1f})"
            f" | {row.ratio('p99'):.1f} | {row.ours('rss'):.0f} |"
        )


def _single(found: Measured) -> Iterator[str]:
    small, first = found.footprint, found.reaction
    yield "| figure | found | goal |"
    yield "|---|---|---|"
    yield from _of_loads({row.name: row for row in found.rows})
    yield f"| commit → first Slack call, p50 / p99 of {len(first.commit)} | {_at(first.commit)} | |"
    yield f"| POST → first Slack call, p50 / p99 | {_at(first.alert)} | |"
    yield f"| `tocsin --help` | {small.help:.0f} ms | ≤ {HELP:g} ms |"
    yield f"| start of `tocsin serve` to its first open port, new database | {small.start:.0f} ms | |"
    yield f"| RSS at rest, Slack away / connected | {small.idle:.0f} / {small.connected:.0f} MiB | ≤ {IDLE:g} MiB |"


def _of_loads(rows: Mapping[str, Row]) -> Iterator[str]:
    """Figures of single loads, of those that were measured in time."""
    if steady := rows.get("o200"):
        yield f"| p99 at 200/s, in the reference's | {steady.ratio('p99'):.1f} | ≤ {P99:g} |"
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
