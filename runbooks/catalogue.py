"""All plans: a folder of Markdown files, else the starter library. A bad revision never replaces a good one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.plan import Plan
from bot.text import t
from runbooks import together
from runbooks.doing import Executors
from runbooks.letters import LARGEST
from runbooks.lint_action import Allowed
from runbooks.parse import parse
from runbooks.problem import ERROR, Problem

STARTERS = Path(__file__).parent / "plans"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan, the text it was read from, and the file. stale: the file has changed since and cannot be read."""

    plan: Plan
    text: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Plans by id, and what is wrong in their files."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

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
) -> Catalogue:
    """The plans of a folder, in the order of their names; the starter library if there is none or it holds no plan.

    before: the catalogue as it was: a file that no longer can be read keeps the plan that it had.
    """
    files = sorted(folder.glob("*.md")) if folder is not None and folder.is_dir() else []
    files = [path for path in files if path.name.lower() != "readme.md"] or sorted(STARTERS.glob("*.md"))
    names = frozenset(path.stem for path in files)
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    cards: list[together.Card] = []
    for path in files:
        entry, found = _read(path, executors, names, allowed, today)
        problems += found
        entry = entry or _last_good(path, before)
        if entry is None:
            continue
        cards.append(together.of_plan(entry.plan))
        entries.setdefault(entry.plan.id, entry)
    problems += together.problems(cards)
    if DEFAULT not in entries:
        entries |= _default(executors)
    return Catalogue(entries, tuple(problems))


def _read(
    path: Path, executors: Executors, names: frozenset[str], allowed: Allowed | None, today: str
) -> tuple[Entry | None, tuple[Problem, ...]]:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 4).decode("utf-8")
    except OSError as problem:
        why = problem.strerror or "?"
        return None, (Problem(str(path), 1, ERROR, "P904", t("The file cannot be read: {why}.", why=why)),)
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        return None, (Problem(str(path), line, ERROR, "P904", t("The file is not UTF-8.")),)
    parsed = parse(text, str(path), executors=executors, allowed=allowed, files=names, today=today)
    return (Entry(parsed.plan, text) if parsed.plan else None), parsed.problems


def _last_good(path: Path, before: Catalogue | None) -> Entry | None:
    if before is None:
        return None
    found = next((entry for entry in before.entries.values() if entry.plan.path == str(path)), None)
    return replace(found, stale=True) if found else None


def _default(executors: Executors) -> dict[str, Entry]:
    """The first ten minutes, for a folder that has no plan for everything else."""
    entry, _ = _read(STARTERS / f"{DEFAULT}.md", executors, frozenset(), None, "")
    return {DEFAULT: entry} if entry else {}
