"""Where the CPU goes: each look counts once, and the parts add up."""

import pytest

from benchmarks.where import SQLITE, _shared_out, part_of

LOOP = "thread (7): MainThread;run (asyncio/runners.py:118)"


@pytest.mark.parametrize(
    ("stack", "part"),
    [
        (f"{LOOP};feed_data (aiohttp/parser.py:1)", "aiohttp"),
        (f"{LOOP};parse (integrations/alerts/alertmanager.py:1);read (x.py:1)", "reading and checking the body"),
        (
            f"{LOOP};run_lane (/x/bot/work/worker.py:1);send (aiohttp/client.py:1)",
            "the worker: what follows after the answers",
        ),
        ("thread (9): w;work (/x/storage/sqlite.py:1);execute (/x/storage/sqlite.py:2)", ""),
        ("thread (9): w;_decide (/x/bot/flows/intake.py:1)", "the decision; rows of alert and group"),
        ("nothing known", "all else"),
    ],
)
def test_the_innermost_frame_that_is_known_says_it(stack: str, part: str) -> None:
    assert part_of(stack) == part


def test_the_parts_add_up() -> None:
    looks = f"{LOOP};feed (aiohttp/parser.py:1) 3\n{LOOP} 1\nthread (9): w;_decide (/x/bot/flows/intake.py:1) 5\n"
    parts = _shared_out({7: 4.0, 9: 3.0, 11: 0.5}, looks, 2.0)
    assert parts == {
        SQLITE: 2.0,
        "aiohttp": 3.0,
        "the event loop and its sockets": 1.0,
        "the decision; rows of alert and group": 1.0,
        "other threads": 0.5,
    }
