"""See run.py."""

import sys
from collections import Counter

from bot.clock import SystemClock
from tests.faults.simulator.run import run


def main(first: int, runs: int) -> int:
    """How many runs failed."""
    began = SystemClock().monotonic()
    failed, ends, trouble, events = 0, Counter[str](), Counter[str](), Counter[str]()
    for seed in range(first, first + runs):
        report = run(seed)
        trouble.update(report.trouble)
        events.update(report.events)
        ends.update(report.ends)
        if report.violations or runs == 1:
            failed += bool(report.violations)
            sys.stdout.write(f"{report}\n")
    rate = runs / (SystemClock().monotonic() - began)
    sys.stdout.write(
        f"{runs} runs at {rate:.1f}/s, {failed} failed; {ends.total()} ends of the program: {dict(sorted(ends.items()))}\n"
    )
    sys.stdout.write(f"troubles: {dict(sorted(trouble.items()))}\nevents: {dict(sorted(events.items()))}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1) > 0)
