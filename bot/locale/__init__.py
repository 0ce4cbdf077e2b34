"""The languages that people read: a gettext catalogue (.po) each; English needs none, since the msgids are English. And the word
that they type before a verb.

The language belongs to the running service, not to the message: it is asked for where a sentence is shown, so that what is drawn
again after a switch comes in the new one. It is a context variable, which every task started later inherits.
"""

import re
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TypeVar

T = TypeVar("T", bound=str)
LANGUAGES = ("en", "zh-CN")

_SPOKEN: ContextVar[str] = ContextVar("language", default="en")
_ROOT: ContextVar[str] = ContextVar("root command", default="/tocsin")
_ROW = re.compile(r"\{\w+\}(?:, \{\w+\})+")
_BETWEEN = {"zh-CN": "、"}
"""What stands between names in a row, where it is not a comma and a blank."""
_FIELDS = {"msgid": "one", "msgid_plural": "many", "msgstr": "said", "msgstr[0]": "said"}


def speak(language: str) -> None:
    """From now on, here and in every task begun from here, people read this one of LANGUAGES."""
    _SPOKEN.set(language)


def spoken() -> str:
    """The language that people read, as HTML's `lang` names it."""
    return _SPOKEN.get()


def call(command: str) -> None:
    """From now on, here and in every task begun from here, people type this slash command."""
    _ROOT.set(command)


def root() -> str:
    """The slash command of this installation: `/tocsin`, unless another app of the workspace has it."""
    return _ROOT.get()


def sentence(one: str, many: str, n: int) -> str:
    """The template in the language that is spoken; English where it has none. A row of parameters has its comma."""
    said = catalogue(spoken()).get(one)
    if said is None and spoken() in _BETWEEN and _ROW.fullmatch(one):
        return one.replace(", ", _BETWEEN[spoken()])
    return said or english(one, many, n)


def english(one: str, many: str, n: int) -> str:
    """The template as it stands in the source."""
    return many if many and n != 1 else one


def titles(msgid: str) -> tuple[str, ...]:
    """What the screen says for it, in every language: people type what they read."""
    return tuple(catalogue(language).get(msgid, msgid) for language in LANGUAGES)


def typed(word: str, shown: Mapping[T, str]) -> T | None:
    """What a person means who types its id or a word of the screen, in whatever language; None for another. shown: id → msgid."""
    return next((id for id, msgid in shown.items() if word.lower() in {id, *map(str.lower, titles(msgid))}), None)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """msgid → msgstr, of what is translated. Of a plural its one form: no language here but English has two."""
    if language == "en":
        return {}
    path = files("bot.locale") / language.replace("-", "_") / "LC_MESSAGES" / "tocsin.po"
    entries = _entries(path.read_text(encoding="utf-8"))
    return {entry["one"]: entry["said"] for entry in entries if entry.get("one") and entry.get("said")}


def _entries(text: str) -> Iterator[Mapping[str, str]]:
    """What a .po file says. Read as text, so that nothing has to be compiled; obsolete entries are comments."""
    for block in text.split("\n\n"):
        entry: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            head, quote, _ = line.partition('"')
            name = _FIELDS[head.strip()] if head else name
            entry[name] = entry.get(name, "") + literal_eval(line[len(head) :] if quote else '""')
        yield entry
