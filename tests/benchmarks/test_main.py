"""The command itself, with hardly anything to do."""

from pathlib import Path

import pytest

from benchmarks import plan
from benchmarks.plan import Size


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_tiny_run(tmp_path: Path) -> None:
    found = await plan.run(tmp_path, Size(1, 200, openings=2, rest=0.1, seconds=60, loads=("u1",)))
    assert [row.name for row in found.rows] == ["u1"]
    assert found.rows[0].ratio("rss") > 1
    assert all(row.failed == 0 for row in found.rows)
    assert len(found.reaction.commit) == 2
    assert 0 < found.reaction.commit[0] < found.reaction.alert[-1]
    assert found.footprint.help > 0
    assert found.footprint.idle > 20
