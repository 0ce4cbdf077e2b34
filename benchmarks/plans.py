"""How long plans take: reading and linting one, a folder of 500, and choosing among 500. `python -m benchmarks.plans` prints it.

It is all computing, so the processor's time is counted: what else runs on the machine does not matter.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from bot.domain.terms import Severity
from runbooks import catalogue, executors
from runbooks.match import choose
from runbooks.parse import parse

MANY = 500
ONE_MS, MANY_S, MATCH_MS = 20.0, 5.0, 5.0
"""What we want: at most so long for one plan, for 500, and for a match among 500."""


@dataclass(frozen=True, slots=True)
class Plans:
    """one, worst, once: ms for a page of the starter library: median of all, median of the slowest page, the slowest single
    reading (Python's collector falls into one of them); many: s for `count` pages; match: ms among them."""

    count: int
    one: float
    worst: float
    once: float
    many: float
    match: float


def measure(folder: Path, count: int = MANY, rounds: int = 5) -> Plans:
    """Write `count` plans into an empty folder (the starter library over and over) and read them."""
    known = executors.keys()
    pages = [(path.stem, path.read_text("utf-8")) for path in sorted(catalogue.STARTERS.glob("*.md"))]
    single: dict[str, list[float]] = {stem: [] for stem, _ in pages}
    for stem, text in pages * rounds:
        began = process_time()
        parse(text, executors=known)
        single[stem].append((process_time() - began) * 1000)
    every = [ms for took in single.values() for ms in took]
    for number in range(count):
        stem, text = pages[number % len(pages)]
        copy = number // len(pages)
        name = f"{stem}-{copy}" if copy else stem
        changed = text.replace(f"id: {stem}\n", f"id: {name}\n").replace('alertname=~"', f'alertname=~"N{copy}x|')
        (folder / f"{name}.md").write_text(changed, "utf-8")
    began = process_time()
    plans = catalogue.load(folder, known).plans
    many = process_time() - began
    assert len(plans) == count, "every plan can be read"
    matching: list[float] = []
    for _ in range(20):
        began = process_time()
        choose(plans, [{"alertname": "CertificateExpired", "service": "web", "env": "production"}], Severity.SEV2)
        matching.append(process_time() - began)
    return Plans(count, median(every), max(map(median, single.values())), max(every), many, median(matching) * 1000)


def lines(found: Plans) -> list[str]:
    """What was measured, beside what we want."""
    return [
        f"read and lint one plan: {found.one:.1f} ms, the slowest {found.worst:.1f} ms (at most {ONE_MS:.0f}),"
        f" once {found.once:.1f} ms",
        f"read and lint {found.count} plans: {found.many:.2f} s (at most {MANY_S:.0f} for {MANY})",
        f"match among {found.count} plans: {found.match:.2f} ms (at most {MATCH_MS:.0f})",
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as temporary:
        print("\n".join(lines(measure(Path(temporary)))))
