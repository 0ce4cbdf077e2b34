"""`tocsin plan lint`: what is wrong with plans, line by line, for people, for GitHub and for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot import config
from bot.clock import SystemClock
from bot.domain.directory import is_person
from bot.domain.organisation import Organisation
from bot.errors import NotFound
from bot.http import permits
from bot.text import Code, PlainShow, render, t
from runbooks import executors, together
from runbooks.catalogue import unreadable
from runbooks.files import content
from runbooks.letters import LARGEST
from runbooks.lint import Names
from runbooks.lint_action import Allowed
from runbooks.pages import Shelf, beside
from runbooks.pages import shelf as plans_in
from runbooks.parse import Parsed, parse
from runbooks.problem import Problem


def parsed(path: Path, allowed: Allowed | None = None, shelf: Shelf | None = None) -> Parsed:
    """A plan's file with all that the linter says, as of today. shelf: that it stands in, if it is known."""
    shelf = shelf or beside(path)
    today = datetime.fromtimestamp(SystemClock().now() / 1_000_000, UTC).strftime("%Y-%m-%d")
    try:
        text = _text(path)
    except OSError as error:
        return Parsed(None, (unreadable(path, error),))
    names = Names(shelf.names, shelf.inside(path))
    return parse(text, str(path), executors=executors.keys(), allowed=allowed, files=names, today=today)


def chosen(files: Sequence[Path]) -> list[Path]:
    """Files as they were named, and all plans of the folders that were. NotFound: there is none in a folder."""
    found: list[Path] = []
    for path in files:
        inside = plans_in(path).pages if path.is_dir() else (path,)
        if not inside:
            raise NotFound(t("There is no plan in {folder}.", folder=Code(str(path))))
        found += inside
    return list(dict.fromkeys(found))


def linted(files: Sequence[Path], folder: Path | None) -> list[Problem]:
    """Problems of all files, also what only shows beside their neighbours. folder: of policy.yaml. ConfigError if it is wrong."""
    allowed = None if folder is None else _allowed_in(folder)
    shelves = {folder: beside(path) for folder, path in {path.parent: path for path in files}.items()}
    found = [problem for path in files for problem in parsed(path, allowed, shelves[path.parent]).problems]
    cards = sorted([card for path in files if (card := _card(path))], key=together.foreign)
    others = list(_neighbours(files, shelves.values()))
    return sorted([*found, *together.problems(cards, others)], key=lambda p: (p.file, p.line, p.code))


def _allowed_in(folder: Path) -> Allowed:
    """A repository of plans may be linted without the policy, which lies elsewhere: what nobody wrote down is not judged."""
    found = allowed_by(config.load(folder)[0])
    return found if (folder / "policy.yaml").is_file() else replace(found, functions=None, reach=None, secrets=None)


def allowed_by(organisation: Organisation) -> Allowed:
    """What the five files allow and know, as the linter asks it."""
    policy, automation = organisation.policy, organisation.policy.automation
    hosts = automation.http_hosts
    envs = frozenset(entry.env for entry in automation.inventory if entry.env)
    return Allowed(
        automation.programs,
        (lambda url: permits(url, hosts)) if hosts else None,
        {name: len(members) if all(map(is_person, members)) else None for name, members in policy.groups.items()},
        {entry.name: entry.env for entry in automation.inventory},
        {"service": frozenset(organisation.services.by_id), "env": envs},
        automation.python,
        automation.reach,
        {name: partial(permits, hosts=one.hosts) for name, one in automation.secrets.items()},
    )


def line(form: str, problem: Problem) -> str:
    """One problem. form: text | github | json."""
    sentence = render(problem.sentence, PlainShow())
    fix = render(problem.fix, PlainShow()) if problem.fix else ""
    if form == "json":
        told = {"file": problem.file, "line": problem.line, "level": problem.level, "code": problem.code}
        return json.dumps({**told, "sentence": sentence, "fix": fix}, ensure_ascii=False)
    said = sentence + (f" ({fix})" if fix else "")
    if form == "github":
        where = f"file={_escaped(problem.file, ':,')},line={problem.line},title={problem.code}"
        return f"::{problem.level} {where}::{_escaped(said)}"
    return f"{problem.file}:{problem.line}: {problem.level} {problem.code} {said}"


def _escaped(words: str, more: str = "") -> str:
    """As GitHub's workflow commands want it."""
    return "".join(f"%{ord(letter):02X}" if letter in "%\r\n" + more else letter for letter in words)


def _neighbours(files: Sequence[Path], shelves: Iterable[Shelf]) -> Iterator[together.Card]:
    """Cards of the pages beside the files that are linted."""
    ours = {path.resolve() for path in files}
    for path in dict.fromkeys(page for shelf in shelves for page in shelf.pages):
        card = None if path.resolve() in ours else _card(path)
        if card is not None:
            yield card


def _card(path: Path) -> together.Card | None:
    """What tells a page from the others, if it can be read."""
    try:
        return together.of_text(_text(path), str(path))
    except OSError:
        return None


def _text(path: Path) -> str:
    return content(path, LARGEST + 4).decode("utf-8", "surrogateescape")
