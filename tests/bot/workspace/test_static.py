"""The page's sources: what must not stand in them. They need no browser."""

import re
from pathlib import Path

import pytest

import bot.workspace

STATIC = Path(bot.workspace.__file__).parent / "static"
BANNED = (
    ("text read as HTML", r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|setHTML"),
    ("code made from text", r"\beval\(|new Function"),
    ("a list that is not spread", r"(replaceChildren|append|prepend)\(\["),
    ("something from elsewhere", r"""(?:src|href|import|from)\s*[=(]?\s*["'](?:https?:)?//"""),
    ("a style in the element", r"""setAttribute\("style"|\sstyle="""),
)


@pytest.mark.parametrize(("what", "pattern"), BANNED)
def test_the_page_has_nothing_that_could_run_foreign_words(what: str, pattern: str) -> None:
    found = [file.name for file in sorted(STATIC.iterdir()) if re.search(pattern, file.read_text(encoding="utf-8"))]
    assert not found, what


def test_every_file_of_the_page_is_short_and_used() -> None:
    files = {file.name: file.read_text(encoding="utf-8") for file in STATIC.iterdir()}
    assert {name for name, text in files.items() if len(text.splitlines()) > 500} == set()
    everything = "".join(files.values())
    assert {name for name in files if name != "index.html" and name not in everything} == set()
