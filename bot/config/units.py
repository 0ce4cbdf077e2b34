"""Lengths of time and rates as people write them."""

import re

from bot.domain.terms import DAY, HOUR, MINUTE, SECOND, Micros

_UNITS = {"s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}
_PART = re.compile(r"\s*(\d{1,5})\s*(s|min|m|h|d)")
_RATE = re.compile(r"(\d{1,3}) failures? (?:in|within|per) (.+)")


def length(text: str) -> Micros | None:
    """`30s`, `15m`, `10 min`, `1h30m`, `2d` in µs; None if it is something else."""
    text = text.strip().lower()
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


def failures(text: str) -> tuple[int, Micros] | None:
    """`3 failures in 1h` as (3, 1 h in µs); None if it is something else."""
    found = _RATE.fullmatch(text.strip())
    within = length(found[2]) if found else None
    return (int(found[1]), within) if found and within else None
