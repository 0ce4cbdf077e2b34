"""What is wrong with a plan's file: `file:line: level CODE sentence (fix)`."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.text import Code, Text, t

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. line: from 1, always inside the file; level: error (the plan is not used) | warning; fix: what to do."""

    file: str
    line: int
    level: str
    code: str
    sentence: Text
    fix: Text | None = None


@dataclass
class Report:
    """Findings of one file as they are made. lines: how many the file has."""

    file: str
    lines: int
    found: list[Problem] = field(default_factory=list)

    def error(self, code: str, line: int, sentence: Text, fix: Text | None = None) -> None:
        """The plan cannot be used as it is."""
        self._add(ERROR, code, line, sentence, fix)

    def warn(self, code: str, line: int, sentence: Text, fix: Text | None = None) -> None:
        """The plan works, and its author should look."""
        self._add(WARNING, code, line, sentence, fix)

    @property
    def failed(self) -> bool:
        return any(problem.level == ERROR for problem in self.found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All findings, by line."""
        return tuple(sorted(self.found, key=lambda problem: (problem.line, problem.code)))

    def _add(self, level: str, code: str, line: int, sentence: Text, fix: Text | None) -> None:
        problem = Problem(self.file, min(max(line, 1), self.lines), level, code, sentence, fix)
        if problem not in self.found:
            self.found.append(problem)


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """A hint with the nearest known word, or with all of them if they are few; None if neither helps."""
    words = sorted(known)
    near = difflib.get_close_matches(word[:64], words, n=1, cutoff=0.6)
    if near:
        return t("did you mean {word}?", word=Code(near[0]))
    if 0 < len(words) <= 20:
        return t("known are: {words}", words=", ".join(words))
    return None
