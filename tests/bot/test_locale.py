"""The catalogues are whole: every sentence of the source is there, translated, with exactly its parameters."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from bot import locale
from bot.domain import moments, named
from bot.locale.extract import sentences as sentences_of
from bot.slack.views.scene import joined
from bot.text import English, PlainShow, Span, Typed, render, spanned, t, tn

ROOT = Path(__file__).parents[2]
HOME = ROOT / "bot/locale"
CALLS = re.compile(r"^SENTENCES := (.+)$", re.MULTILINE)
OTHERS = [language for language in locale.LANGUAGES if language != "en"]


@pytest.fixture
def chinese() -> Iterator[None]:
    locale.speak("zh-CN")
    yield
    locale.speak("en")


def catalogue(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, language)


def translated(language: str) -> Catalog:
    name = language.replace("-", "_")
    return catalogue(HOME / name / "LC_MESSAGES/tocsin.po", name)


def forms(said: object) -> list[str]:
    """The one form of a sentence, or all of a plural."""
    return [said] if isinstance(said, str) else list(said) if isinstance(said, tuple | list) else []


def sentences(found: Catalog) -> dict[object, Message]:
    return {message.id: message for message in found if message.id}


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


SOURCE = b'''
def told(who, seen):
    """t("of a docstring")"""
    return t("{who}: {what}.", who=who, what=reason(t("inside {ref}", ref=f"{t('in a text')}"), seen.get(1, t("a default"))))
    tn("{n} alert",
       "{n} "
       "alerts", len(seen))
'''


def test_a_sentence_is_found_wherever_it_stands() -> None:
    """Babel's own reader loses what stands in a call in a call."""
    found = {said[:2] for _, _, said, _ in sentences_of(BytesIO(SOURCE), ("t", "tn"), (), {})}
    assert found == {
        ("{who}: {what}.",),
        ("inside {ref}",),
        ("in a text",),
        ("a default",),
        ("{n} alert", "{n} alerts"),
    }


def test_a_sentence_that_is_put_together_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"line 1: a sentence must be written out: t\(word\.upper\(\)\)"):
        list(sentences_of(BytesIO(b"t(word.upper())"), ("t",), (), {}))


@pytest.mark.slow
def test_no_sentence_of_the_source_is_missing(tmp_path: Path) -> None:
    [options] = CALLS.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    to = ["-o", str(tmp_path / "now.pot"), str(ROOT)]
    words = ["pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml"), *options.split(), *to]
    CommandLineInterface().run(words)  # type: ignore[no-untyped-call]
    now, kept = sentences(catalogue(tmp_path / "now.pot")), sentences(catalogue(HOME / "tocsin.pot"))
    assert len(now) > 1000
    assert set(now) == set(kept), "say `make texts`, and translate what is new"


READ = ("bot/domain", "bot/flows", "bot/slack", "commands", "runbooks/params.py")
"""Where sentences of people are made. What the command line, the linter and the log say is English."""
NOT_READ = {
    *("t", "tn", "Verb", "Code", "Typed", "BadInput"),  # sentences; lines that people type
    *("Retry", "StoreAway", "Deadlock", "StartError", "ValueError", "AssertionError"),
    *("HTTPBadRequest", "start", "exception", "error", "info", "warning", "log"),
    "More",  # of `plan diff`
}
SEVERAL_WORDS = re.compile(r"[a-z]+( [a-z]+){2,}")


def loose(source: str) -> Iterator[str]:
    """Words in the arguments of a call that makes no sentence of them."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or str(getattr(call.func, "id", getattr(call.func, "attr", ""))) in NOT_READ:
            continue
        for given in (*call.args, *(one.value for one in call.keywords)):
            parts = given.values if isinstance(given, ast.JoinedStr) else [given]
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
            if SEVERAL_WORDS.search(said):
                yield said


def test_no_words_of_people_stand_outside_a_sentence() -> None:
    assert list(loose('_bad(name, f"it is no {kind} of it")\nt("it is too long")')) == ["it is no x of it"]
    files = [
        file for place in READ for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    assert len(files) > 100
    assert [(file.name, said) for file in files for said in loose(file.read_text("utf-8"))] == []


def test_moments_are_named_and_not_told_by_their_codes(chinese: None) -> None:
    for milestone in moments.WORDS.values():
        assert not re.search("[a-z]", render(t("{word}: {at}.", word=named.REACHED[milestone], at=""), PlainShow()))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language: str) -> None:
    found = sentences(translated(language))
    assert set(found) == set(sentences(catalogue(HOME / "tocsin.pot"))), "say `make texts`"
    assert not [key for key, message in found.items() if not all(forms(message.string))]
    assert not [key for key, message in found.items() if message.fuzzy]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_parameters_of_its_sentence(language: str) -> None:
    wrong = {
        key
        for key, message in sentences(translated(language)).items()
        for said in forms(message.string)
        if parameters(said) != set().union(*map(parameters, forms(message.id)))
    }
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_at_run_time_is_what_babel_reads(language: str) -> None:
    babel = {forms(key)[0]: forms(message.string)[0] for key, message in sentences(translated(language)).items()}
    assert locale.catalogue(language) == babel


def test_a_sentence_is_translated_where_it_is_shown(chinese: None) -> None:
    said = t("{who} tried: {text} → {result}", who="Li", text="{who}", result=tn("{n} alert", "{n} alerts", 3))
    assert render(said, PlainShow()) == "Li 尝试：{who} → 3 条告警"
    assert render(said, English()) == "Li tried: {who} → 3 alerts"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "20 秒"),
        (14 * 60, "14 分钟"),
        (20_400, "5 小时 40 分钟"),
        (7200, "2 小时"),
        (176_400, "2 天 1 小时"),
        (172_800, "2 天"),
    ],
)
def test_lengths_of_time(chinese: None, seconds: int, said: str) -> None:
    assert render(t("{a}", a=Span(seconds * 1_000_000)), PlainShow()).replace("\u00a0", " ") == said
    assert "\u00a0" in render(spanned(seconds * 1_000_000), English())


def test_the_slash_command_of_this_installation() -> None:
    locale.call("/alarm")
    try:
        assert render(t("{a}, {b}", a=Typed("help all"), b=Typed()), PlainShow()) == "/alarm help all, /alarm"
    finally:
        locale.call("/tocsin")


def test_names_in_a_row_have_the_marks_of_their_language(chinese: None) -> None:
    assert render(named.roles(("commander", "scribe")), PlainShow()) == "指挥、记录员"
    assert render(named.roles(("commander", "scribe")), English()) == "commander, scribe"
    assert render(joined(["a, b", "c"], ", "), PlainShow()) == "a, b、c"


def test_what_has_no_translation_is_english(chinese: None) -> None:
    assert (
        render(t("{a} · {b}", a=1, b=t("a sentence of no catalogue")), PlainShow()) == "1 · a sentence of no catalogue"
    )
