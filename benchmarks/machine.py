"""What the figures were measured on: without it they mean nothing."""

import os
import platform
import re
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

LIBRARIES = ("aiohttp", "orjson", "pydantic", "SQLAlchemy", "slack-bolt")


def machine(folder: Path) -> dict[str, str | float]:
    """Processor, memory, versions, and how long the disk below `folder` takes to be sure (ms for 4 KiB)."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cpu": cpu[1] if cpu else platform.machine(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(int(memory[1]) / 2**20) if memory else 0,
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
        "fdatasync_ms": round(_fdatasync(folder / "probe"), 3),
        "load_before": os.getloadavg()[0],
    }


def _fdatasync(path: Path) -> float:
    took = []
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for _ in range(200):
            begun = perf_counter()
            os.pwrite(file, b"x" * 4096, 0)
            os.fdatasync(file)
            took.append((perf_counter() - begun) * 1000)
    finally:
        os.close(file)
    return median(took)
