"""The command itself, with hardly anything to do."""

from pathlib import Path

import pytest

from benchmarks import plan
from benchmarks.plan import Size


@pytest.mark.slow
@pytest.mark.timeout(480)
async def test_a_tiny_run(tmp_path: Path) -> None:
    found = await plan.run(
        tmp_path, Size(1, 200, 2, 3, rest=0.1, incidents=2, commands=10, seconds=1000, loads=("u1",))
    )
    assert [row.name for row in found.rows] == ["u1"]
    assert found.rows[0].ratio("rss") > 1
    assert all(row.failed == 0 for row in found.rows)
    assert len(found.reaction.commit) == 2
    assert 0 < found.reaction.commit[0] < found.reaction.alert[-1]
    assert found.reaction.click[0] > 0
    assert all(len(took) == 3 and took[0] > 0 for took in found.wakes.values())
    assert {(one.alerts, one.incidents) for one in found.restarts.values()} == {(200, 2)}
    there = {"PostgreSQL", "Alertmanager"} - set(found.missing)
    assert {"postgresql": "PostgreSQL" in there, "alertmanager": "Alertmanager" in there} == {
        name: name in found.rows[0].systems for name in ("postgresql", "alertmanager")
    }
    if "PostgreSQL" in there:
        assert [(one.shape.name, one.many) for one in found.replicas] == [("u1", 1), ("u1", 2), ("u1", 3)]
        together = [
            found.rows[0].other("postgresql", "beside"),
            *(r.beside for one in found.replicas for r in one.results),
        ]
        assert sum(together) > 0, "the kernel counts in steps of 10 ms; all of so few requests take several"
        assert set(found.wakes) == set(found.restarts) - {"sqlite"} | {"embedded"}
    assert (len(found.acks.took), found.acks.incidents) == (10, 2)
    assert [len(found.starts.yes), len(found.starts.bare)] == [2, 2]
    assert found.starts.yes[0] > 0
    assert found.starts.bare[0] > 0
    assert found.views.count > 100
    assert found.footprint.help > 0
    assert found.footprint.idle > 20
