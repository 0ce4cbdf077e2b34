"""Read a mapping of a plan key by key: each value is checked, each mistake is said with its line, no key is left unread."""

import re
from collections.abc import Iterable, Mapping

from bot.domain.terms import HOUR, MINUTE, SECOND, Micros
from bot.text import Code, t
from runbooks.problem import Report, did_you_mean
from runbooks.yaml_lines import Y

_TIME = re.compile(r"(\d{1,6})\s*(s|sec|m|min|h)")
_UNITS = {"s": SECOND, "sec": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR}


def duration(words: str) -> Micros | None:
    """`30s`, `5 min`, `2h` in µs; None if it is no length of time."""
    found = _TIME.fullmatch(words.strip())
    return int(found[1]) * _UNITS[found[2]] if found else None


class Reader:
    """The keys of one mapping. `wrong` is the code for a value of the wrong shape; what: the mapping's name for people."""

    def __init__(self, block: Y, report: Report, what: str, wrong: str) -> None:
        self.report, self.line, self.what, self.wrong = report, block.line, what, wrong
        self.left: dict[str, Y] = dict(block.value) if isinstance(block.value, dict) else {}
        self.asked: set[str] = set()
        if not isinstance(block.value, dict):
            report.error(wrong, block.line, t("{what} must be a list of keys and values.", what=what))

    def take(self, key: str) -> Y | None:
        """The value of a key, None if it is not there."""
        self.asked.add(key)
        return self.left.pop(key, None)

    def text(self, key: str, default: str = "") -> str:
        """A word or sentence; numbers count as they are written."""
        found = self.take(key)
        if found is None:
            return default
        if isinstance(found.value, (dict, list)) or found.value is None:
            self.bad(found.line, key, "a text")
            return default
        return found.raw

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        found = self.take(key)
        if found is None:
            return default
        if not isinstance(found.value, bool):
            self.bad(found.line, key, "true or false")
            return default
        return found.value

    def number(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`."""
        found = self.take(key)
        if found is None:
            return default
        if isinstance(found.value, bool) or not isinstance(found.value, int) or not low <= found.value <= high:
            self.bad(found.line, key, f"a whole number from {low} to {high}")
            return default
        return found.value

    def time(self, key: str) -> Micros | None:
        """A length of time in µs, None if it is not there or wrong (which is said)."""
        found = self.take(key)
        if found is None:
            return None
        length = None if isinstance(found.value, (dict, list)) else duration(found.raw)
        if length is None:
            self.bad(found.line, key, "a time such as 30s, 5m or 2h")
        return length

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self.take(key)
        if found is None:
            return ()
        items = found.value if isinstance(found.value, list) else None
        if items is None or any(isinstance(item.value, (dict, list)) or item.value is None for item in items):
            self.bad(found.line, key, "a list of texts in [ ]")
            return ()
        return tuple(item.raw for item in items)

    def one_of(self, key: str, known: Iterable[str], default: str) -> str:
        """One of the known words."""
        line = self.left[key].line if key in self.left else self.line
        found = self.text(key, default)
        if found != default and found not in set(known):
            sentence = t("{key} cannot be {word}.", key=Code(key), word=Code(found[:80]))
            self.report.error(self.wrong, line, sentence, did_you_mean(found, known))
            return default
        return found

    def end(self, code: str, more: Iterable[str] = ()) -> None:
        """Say which keys nobody asked for."""
        for key, value in self.left.items():
            sentence = t("{what} has no key {key}.", what=self.what, key=Code(key[:80]))
            self.report.error(code, value.line, sentence, did_you_mean(key, self.asked | set(more)))

    def bad(self, line: int, key: str, wanted: str) -> None:
        """The value of a key has the wrong shape."""
        self.report.error(self.wrong, line, t("{key} must be {wanted}.", key=Code(key), wanted=wanted))


def mapping_of(found: Y | None) -> Mapping[str, Y]:
    """The keys of a value, none if it is no mapping."""
    return found.value if found is not None and isinstance(found.value, dict) else {}
