"""A run's figures become one table: medians, ratios within pairs, and only what was measured."""

from dataclasses import replace

from benchmarks.acks import Acks
from benchmarks.approval import Starts
from benchmarks.footprint import Footprint
from benchmarks.load import Result
from benchmarks.pairs import Pair, Row
from benchmarks.plan import BESIDE, QUICK, WHOLE, Measured, Replicas, tasks
from benchmarks.reaction import Reaction
from benchmarks.restart import Restart
from benchmarks.shapes import Shape
from benchmarks.table import as_json, as_table
from benchmarks.views import Views

MACHINE: dict[str, str | float] = {
    "cpu": "A processor",
    "cores": 2,
    "memory_gib": 4,
    "python": "3",
    "sqlite": "3",
    "aiohttp": "3",
    "fdatasync_ms": 0.1,
    "load_before": 0.5,
}


def result(cpu: float, p99: float = 10.0, failed: int = 0) -> Result:
    return Result(rate=1000 / cpu, cpu=cpu, p50=5.0, p99=p99, most=20.0, rss=100.0, failed=failed)


def measured(*rows: Row) -> Measured:
    return Measured(
        rows,
        tuple(Replicas(Shape("u1", "one at a time", 7, 1), n, (result(n / 10),)) for n in (1, 2)),
        Reaction((1.0, 2.0, 9.0), (2.0, 3.0, 10.0), (4.0, 5.0, 6.0)),
        {"embedded": (1.0, 3.0, 8.0), "postgresql": (7.0, 9.0, 11.0)},
        {"sqlite": Restart(1234.5, 2000, 20)},
        Starts((30.0, 40.0, 90.0), (20.0, 21.0, 22.0)),
        Acks((8.0, 9.0, 120.0), 1, 7.5, 20),
        Views(130, 0.2, 1.5, "card"),
        Footprint(100, 900, 90, 95),
        12.0,
        ("Alertmanager",),
    )


PAIRS = (
    Pair(result(0.2), result(0.1), result(0.1)),
    Pair(result(0.6), result(0.1), result(0.3)),
    Pair(result(0.8, failed=2), result(0.2), result(0.2)),
)
ROW = Row("u1", "one at a time", Shape("u1", "", 7, 1), PAIRS)


def test_a_ratio_is_of_its_pair() -> None:
    assert [round(pair.ratio("cpu"), 3) for pair in PAIRS] == [2, 3, 4]
    assert round(ROW.ratio("cpu"), 3) == 3
    assert ROW.ours("cpu") == 0.6
    assert ROW.failed == 2


def test_the_table_says_what_was_measured() -> None:
    table = as_table(MACHINE, measured(ROW))
    assert "| one at a time (7 POSTs) **2 not answered with 200** | 3 |" in table
    assert "3.0 (2.0–4.0; ≤ 2)" in table
    assert "| click → ack, after its commit, p50 / p99 | 5.0 / 6.0 ms |" in table
    assert "| wake → handler, postgresql, p50 / p99 of 3 | 9.0 / 11.0 ms | p50 ≤ 20 ms |" in table
    assert (
        "restart with 2,000 alerts and 20 open incidents, sqlite: start to first ack | 1,234 ms | ≤ 3,000 ms" in table
    )
    assert "| one at a time | 2 | 5,000 | 0.200 | 0.000 | 10.0 |" in table
    typed = "| 3 commands, 50/s, 20 open incidents: "
    typed += "typed → ack, p50 / p99 | 9.0 / 120.0 ms (1 “saving …”, 7.5 ms of CPU each) | p99 ≤ 100 ms |"
    assert typed in table
    alone = "the program and its shim alone 21.0 / 22.0 ms"
    assert f"| last yes → program, p50 / p99 of 3 | 40.0 / 90.0 ms ({alone}) | p50 ≤ 50 ms |" in table
    assert "| a view is built, median of 130 | 0.20 ms, slowest 1.50 ms (card) | each ≤ 5 ms |" in table
    assert "Not installed, so not measured: Alertmanager." in table
    assert "p50 / p99 of 3 | 2.0 / 9.0 ms" in table
    assert "at 200/s" not in table  # the time was over before its turn


def test_figures_of_single_loads() -> None:
    rows = [Row(name, name, Shape(name, "", 10, 100), PAIRS) for name in ("o200", "b10k", "u100")]
    table = as_table(MACHINE, measured(*rows))
    assert "| p99 at 200/s, in the reference's, Slack away | 1.0 | ≤ 2 |" in table
    assert "the last is acknowledged after | 20 ms |" in table
    assert "RSS after 10 POSTs, 1,000 alerts | 100 MiB |" in table


def test_other_systems_stand_beside() -> None:
    others = [{"postgresql": replace(result(0.4), beside=n / 10), "alertmanager": result(0.1)} for n in (1, 2, 3)]
    row = Row("u1", "one at a time", Shape("u1", "", 7, 1), tuple(replace(p, others=o) for p, o in zip(PAIRS, others)))
    table = as_table(MACHINE, measured(row))
    assert "| one at a time | Tocsin on PostgreSQL | 2,500 | 0.400 | 0.200 | 5.0 / 10.0 / 20 | 100 |" in table
    assert "| one at a time | Alertmanager (in memory) | 10,000 | 0.100 | – | 5.0 / 10.0 / 20 | 100 |" in table
    assert as_json(MACHINE, measured(row))["loads"][0]["others"]["postgresql"]["beside"] == 0.2


def test_the_json_holds_every_single_measurement() -> None:
    found = as_json(MACHINE, measured(ROW))
    assert len(found["loads"][0]["pairs"]) == 3
    assert found["loads"][0]["pairs"][1]["after"]["cpu"] == 0.3


def test_the_whole_measures_more_than_the_quick() -> None:
    whole = [task.name for task in tasks(WHOLE)]
    assert len(whole) == len(set(whole)) == 10
    assert {task.name for task in tasks(QUICK)} < set(whole)
    assert set(BESIDE) < set(whole)
