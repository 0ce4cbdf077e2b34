"""All plans: a folder of Markdown files, else the starter library. A bad revision never replaces a good one."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.plan import Plan
from bot.locale import spoken
from bot.text import t
from runbooks import together
from runbooks.doing import Executors
from runbooks.files import content
from runbooks.letters import LARGEST
from runbooks.lint import Names
from runbooks.lint_action import Allowed
from runbooks.origin import FREE, Origin, Repository
from runbooks.pages import shelf
from runbooks.parse import parse, sha_of
from runbooks.problem import ERROR, Problem

STARTERS = Path(__file__).parent / "plans"
DEFAULT = "default"
TRANSLATED = {"zh-CN": STARTERS.with_name("plans_zh_CN")}
"""Folders of starters in other languages. There is only the default there: a team without plans of its own reads it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan, the text it was read from, and where that comes from. stale: the file has changed since and cannot be read."""

    plan: Plan
    text: str
    stale: bool = False
    origin: Origin = FREE


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave when it was read, and all that this rests on. raw: its bytes."""

    raw: bytes
    ground: object
    entry: Entry | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Plans by id, and what is wrong in their files. readings: by file; origins: by sha, also of texts that were replaced;
    guarded: the folder is in a repository, or should be; edits: file → where it is edited in a browser, with `{line}`; folder:
    where they lie.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    guarded: bool = False
    edits: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""

    def name(self, file: str) -> str:
        """What people call a file: its path inside the folder of plans."""
        path = Path(file)
        own = self.folder and path.is_relative_to(self.folder)
        return path.relative_to(self.folder).as_posix() if own else path.name

    def edit(self, file: str, sha: str = "") -> str:
        """Where a file is edited, with `{line}`; "" if nobody knows, or if its text is another than that of `sha` by now."""
        raw = self.readings[file].raw if file in self.readings else b""
        if sha and sha_of(raw.decode("utf-8", "surrogateescape")) != sha:
            return ""
        return self.edits.get(file, "")

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(entry.plan for entry in self.entries.values())

    def find(self, name: str) -> Plan | None:
        """A plan by its id, by its file's name, or by what a link in another plan says."""
        wanted = name.rpartition("/")[2].removesuffix(".md")
        if wanted in self.entries:
            return self.entries[wanted].plan
        return next((plan for plan in self.plans if Path(plan.path).stem == wanted), None)

    def text(self, plan: str) -> str:
        """The text of a plan. KeyError if there is no such plan."""
        return self.entries[plan].text


def load(
    folder: Path | None,
    executors: Executors,
    *,
    before: Catalogue | None = None,
    allowed: Allowed | None = None,
    today: str = "",
    repository: Repository | None = None,
) -> Catalogue:
    """The plans of a folder, in the order of their names; the starter library if there is none or it holds no plan.

    allowed: for what a team has written; of the starters, which nobody here has made theirs, gates say it when they are run;
    before: the catalogue as it was: a file that no longer can be read keeps the plan that it had, and one that did not change
    is not read again; repository: the folder's, see runbooks/origin.py.
    """
    own = shelf(folder) if folder is not None and folder.is_dir() else None
    found = own if own is not None and own.pages else shelf(STARTERS)
    repository, allowed = (repository, allowed) if found is own else (None, None)
    before = before or Catalogue()
    readings = {}
    for path in map(_as_spoken, found.pages):
        ground = _Ground(found.names, allowed, today, found.inside(path))
        readings[str(path)] = _reading(path, executors, ground, before)
    problems = [problem for reading in readings.values() for problem in reading.problems]
    known = {entry.plan.path for entry in before.entries.values()}
    there = sorted(
        _entries(readings, before, repository), key=lambda e: (e.plan.path not in known, together.foreign(e.plan))
    )
    clashes = together.problems([together.of_plan(entry.plan) for entry in there])
    taken = {problem.file for problem in clashes if problem.level == ERROR}
    there.sort(key=lambda entry: entry.plan.path)
    entries = {entry.plan.id: entry for entry in there if entry.plan.path not in taken}
    if DEFAULT not in entries:
        entries |= _default(executors)
    origins = {**before.origins, **{entry.plan.sha: entry.origin for entry in entries.values()}}
    edits = {str(path): repository.edits(path) for path in found.pages} if repository else {}
    told = (*problems, *clashes)
    return Catalogue(entries, told, readings, origins, repository is not None, edits, str(found.root))


def _as_spoken(page: Path) -> Path:
    """A starter in the language that people read, where it was translated; any other page as it is."""
    there = TRANSLATED.get(spoken())
    translated = there / page.name if there is not None and page.parent == STARTERS else page
    return translated if translated.exists() else page


def _entries(readings: Mapping[str, Reading], before: Catalogue, repository: Repository | None) -> Iterator[Entry]:
    """What each file gives: its plan, else the last good one that it had."""
    for path, reading in readings.items():
        if reading.entry is not None:
            origin = repository.of(Path(path), reading.raw) if repository else FREE
            yield replace(reading.entry, origin=origin)
        else:
            yield from _last_good(path, before)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a file is read against. names: of all plans, as links say them."""

    names: frozenset[str] | None = None
    allowed: Allowed | None = None
    today: str = ""
    inside: str = ""


def _reading(path: Path, executors: Executors, ground: _Ground, before: Catalogue) -> Reading:
    try:
        raw = content(path, LARGEST + 4)
        text = raw.decode("utf-8")
    except OSError as problem:
        said = unreadable(path, problem)
        return Reading(b"", said.sentence, None, (said,))
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        return Reading(raw, None, None, (Problem(str(path), line, ERROR, "P904", t("The file is not UTF-8.")),))
    known = before.readings.get(str(path))
    if known is not None and (known.raw, known.ground) == (raw, ground):
        return known
    names = None if ground.names is None else Names(ground.names, ground.inside)
    parsed = parse(text, str(path), executors=executors, allowed=ground.allowed, files=names, today=ground.today)
    return Reading(raw, ground, Entry(parsed.plan, text) if parsed.plan else None, parsed.problems)


def unreadable(path: Path, why: OSError) -> Problem:
    """P904 for a file whose bytes cannot be had."""
    return Problem(str(path), 1, ERROR, "P904", t("The file cannot be read: {why}.", why=why.strerror or "?"))


def _last_good(path: str, before: Catalogue) -> Iterator[Entry]:
    """What a file gave, or what the files of a folder gave that cannot be read now."""
    for entry in before.entries.values():
        if entry.plan.path == path or entry.plan.path.startswith(f"{path}{os.sep}"):
            yield replace(entry, stale=True)


def _default(executors: Executors) -> dict[str, Entry]:
    """The first ten minutes, for a folder that has no plan for everything else."""
    path = _as_spoken(STARTERS / f"{DEFAULT}.md")
    entry = _reading(path, executors, _Ground(), Catalogue()).entry
    return {DEFAULT: entry} if entry else {}


def translated(one: str, other: str) -> bool:
    """Both are shas of the built-in default, each perhaps in another language: who reads it has another text, and no newer one."""
    pages = (folder / f"{DEFAULT}.md" for folder in (STARTERS, *TRANSLATED.values()))
    return {one, other} <= {sha_of(page.read_text("utf-8")) for page in pages}
