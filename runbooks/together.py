"""Rules about several plans at once: an id belongs to one file, and no plan stands in the shadow of another."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.plan import Plan
from bot.text import Code, t
from runbooks import front, letters
from runbooks.markdown import Words
from runbooks.problem import ERROR, WARNING, Problem, Report


@dataclass(frozen=True, slots=True)
class Card:
    """What tells a plan from the others. path: of its file; lines: key of the front matter → its line."""

    id: str
    path: str
    match: frozenset[str]
    severity: frozenset[str]
    lines: Mapping[str, int]


def of_plan(plan: Plan) -> Card:
    """The card of a plan that was read."""
    return Card(plan.id, plan.path, frozenset(plan.match), frozenset(plan.severity), plan.lines)


def of_text(text: str, path: str) -> Card | None:
    """The card of a page of which only the front matter is read; None if it has none that can be read."""
    lines = letters.clean(text[: letters.LARGEST]).split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        return None
    report = Report(path, len(lines))
    head = front.read(Words("\n".join(lines[1 : lines.index("---", 1)]), 2), report)
    return Card(head.id, path, frozenset(head.match), frozenset(head.severity), head.lines) if head.id else None


def problems(cards: Iterable[Card], others: Sequence[Card] = ()) -> list[Problem]:
    """P104 an id or a file's name twice, P107 the same matchers and severities twice: neither can win. Said of `cards` only."""
    strangers = {card.path for card in others if foreign(card)}
    theirs = sorted(others, key=foreign)
    ids = {card.id: card for card in reversed(theirs)}
    names = {Path(card.path).name: card for card in reversed(others)}
    shadows = {(card.match, card.severity): card for card in reversed(others)}
    found: list[Problem] = []
    for card in cards:
        first = ids.setdefault(card.id, card)
        if first.path in strangers and not foreign(card):
            first = ids[card.id] = card
        named = names.setdefault(Path(card.path).name, card)
        if first.path != card.path or named.path != card.path:
            found.append(_twice(card, first) if first.path != card.path else _namesake(card, named))
            continue
        same = shadows.setdefault((card.match, card.severity), card)
        if card.match and same.path != card.path:
            sentence = t("{plan} has the same matchers, so people are always asked.", plan=Code(same.id))
            found.append(Problem(card.path, card.lines["match"], WARNING, "P107", sentence))
    return found


def foreign(card: Card | Plan) -> bool:
    """Its file is not named like its id. Of two files with one id it belongs to the one that is (False sorts first): a copy in
    which the id was forgotten takes nothing away."""
    return Path(card.path).stem != card.id


def _twice(card: Card, first: Card) -> Problem:
    sentence = t("The id {id} belongs to {file} already.", id=Code(card.id), file=_from(card, first))
    return Problem(card.path, card.lines["id"], ERROR, "P104", sentence)


def _namesake(card: Card, first: Card) -> Problem:
    """A link finds a plan by its file's name, wherever it lies."""
    sentence = t("{file} has the same name: links could mean either.", file=_from(card, first))
    return Problem(card.path, card.lines["id"], ERROR, "P104", sentence, t("give one of the two files another name"))


def _from(card: Card, first: Card) -> str:
    """The path of a file, as seen from another."""
    return os.path.relpath(first.path, Path(card.path).parent)
