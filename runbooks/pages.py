"""Which files are plans: the Markdown files of a folder and of those below it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runbooks.files import below

FOLDER = "plans"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of plans. names: its pages as links say them, inside the folder and without .md; pages: the files."""

    root: Path
    pages: tuple[Path, ...]
    names: frozenset[str]

    def inside(self, page: Path) -> str:
        """The folder of this one that a page lies in."""
        return Path(os.path.relpath(page.parent, self.root)).as_posix()


def shelf(folder: Path) -> Shelf:
    """All plans in a folder and in those below it, by name. What begins with a dot is an editor's, and a readme is for people.

    A folder below that cannot be read stands there itself, and so does a link that leads nowhere.
    """
    return _shelf(folder, (path for path in below(folder) if _page(path) or path.is_dir() or not path.exists()))


def beside(page: Path) -> Shelf:
    """The plans that a page stands among: of the nearest folder above that is called `plans`, else of its own folder alone."""
    own = Path(os.path.abspath(page)).parent
    root = next((place for place in (own, *own.parents) if place.name == FOLDER), None)
    return shelf(root) if root is not None else _shelf(own, filter(_page, own.glob("*.md")))


def _shelf(root: Path, found: Iterable[Path]) -> Shelf:
    pages = tuple(sorted(found))
    return Shelf(root, pages, frozenset(page.relative_to(root).as_posix().removesuffix(".md") for page in pages))


def _page(path: Path) -> bool:
    return path.suffix == ".md" and not path.name.startswith(".") and path.name.lower() != "readme.md"
