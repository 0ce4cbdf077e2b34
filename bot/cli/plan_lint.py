"""`tocsin plan lint`: what is wrong with plans, line by line, for people, for GitHub and for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot import config
from bot.clock import SystemClock
from bot.domain.directory import is_person
from bot.domain.organisation import Organisation
from bot.http import permits
from bot.text import PlainShow, render
from runbooks import executors, together
from runbooks.catalogue import pages, unreadable
from runbooks.files import content
from runbooks.letters import LARGEST
from runbooks.lint_action import Allowed
from runbooks.parse import Parsed, parse
from runbooks.problem import Problem


def parsed(path: Path, allowed: Allowed | None = None) -> Parsed:
    """A plan's file with all that the linter says, as of today."""
    today = datetime.fromtimestamp(SystemClock().now() / 1_000_000, UTC).strftime("%Y-%m-%d")
    names = {other.stem for other in path.parent.glob("*.md")}
    try:
        text = _text(path)
    except OSError as error:
        return Parsed(None, (unreadable(path, error),))
    return parse(text, str(path), executors=executors.keys(), allowed=allowed, files=names, today=today)


def linted(files: Sequence[Path], folder: Path | None) -> list[Problem]:
    """Problems of all files, also what only shows beside their neighbours. folder: of policy.yaml. ConfigError if it is wrong."""
    allowed = None if folder is None else _allowed_in(folder)
    found: list[Problem] = []
    for path in files:
        found += parsed(path, allowed).problems
    cards = [card for path in files if (card := _card(path))]
    return sorted([*found, *together.problems(cards, list(_neighbours(files)))], key=lambda p: (p.file, p.line, p.code))


def _allowed_in(folder: Path) -> Allowed:
    """A repository of plans may be linted without the policy, which lies elsewhere: what nobody wrote down is not judged."""
    found = allowed_by(config.load(folder)[0])
    return found if (folder / "policy.yaml").is_file() else replace(found, functions=None, reach=None)


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


def _neighbours(files: Sequence[Path]) -> Iterator[together.Card]:
    """Cards of the pages beside the files that are linted."""
    ours = {path.resolve() for path in files}
    for folder in dict.fromkeys(path.parent for path in files):
        for path in pages(folder):
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
