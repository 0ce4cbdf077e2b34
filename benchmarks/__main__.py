"""`python -m benchmarks [--quick] [--seconds N] [--out result.json]`: measure Tocsin beside the bare reference; ends by itself."""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import orjson

from benchmarks.machine import machine
from benchmarks.plan import QUICK, WHOLE, run
from benchmarks.table import as_json, as_table
from bot.telemetry import configure

RESULT = Path(__file__).with_name("result.json")


def main(arguments: list[str]) -> None:
    """Measure, write the JSON, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look in less than a minute; its figures are coarse")
    parser.add_argument(
        "--seconds", type=float, help="after so many nothing new is begun; at the first round most is measured"
    )
    parser.add_argument("--out", type=Path, default=RESULT, help="where the JSON goes")
    given = parser.parse_args(arguments)
    configure(least="error")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as temporary:
        here = machine(Path(temporary))
        size = QUICK if given.quick else WHOLE
        found = asyncio.run(run(Path(temporary), replace(size, seconds=given.seconds or size.seconds)))
    given.out.write_bytes(orjson.dumps(as_json(here, found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    print(as_table(here, found))


if __name__ == "__main__":
    main(sys.argv[1:])
