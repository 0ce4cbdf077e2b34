"""The benchmark of plans runs; how fast it was is its own matter, but a hundredfold slowdown is seen here, too."""

from pathlib import Path

from benchmarks.plans import MATCH_MS, ONE_MS, lines, measure


def test_a_small_round(tmp_path: Path) -> None:
    found = measure(tmp_path, count=13, rounds=1)
    assert found.one < ONE_MS * 20
    assert found.match < MATCH_MS * 20
    assert lines(found)[1].startswith("read and lint 13 plans: ")
