"""How long a view takes to build: every screen that a golden file holds, every form, and a timeline of 500 entries.

It is all computing, so the processor's time is counted. `python -m benchmarks.views` measures it alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from bot.domain import events as e
from bot.flows.report import MOST_LINES
from bot.ports import Reply
from bot.slack import blocks
from bot.slack.show import Mrkdwn
from bot.slack.views import lists
from tests.bot.slack.samples import INCIDENT, NAMES, event
from tests.bot.slack.views.drawn import SCREENS
from tests.commands.ways import FORMS

GOAL = 5.0
"""ms, for each of them."""
ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Views:
    """ms: the median of all views, and the slowest with its name; each is the median of its rounds."""

    count: int
    middle: float
    slowest: float
    name: str


def measured(rounds: int) -> Views:
    """Build each of them so often."""
    took = {name: median(_once(draw) for _ in range(rounds)) for name, draw in _all().items()}
    name = max(took, key=lambda each: took[each])
    return Views(len(took), median(took.values()), took[name], name)


def _all() -> Mapping[str, Callable[[], Any]]:
    forms = {f"form of {name}": lambda form=form: blocks.modal(form) for name, form in FORMS.items()}
    noted = [event(e.Noted(f"the standby is {n} s behind"), n) for n in range(1, ENTRIES + 1)]
    return {**SCREENS, **forms, f"timeline of {ENTRIES}": lambda: _timeline(noted)}


def _timeline(noted: Sequence[e.Event]) -> Any:
    return blocks.reply(Reply(lists.timeline(noted, INCIDENT, MOST_LINES)), INCIDENT.number, Mrkdwn(NAMES))


def _once(draw: Callable[[], Any]) -> float:
    begun = process_time()
    draw()
    return (process_time() - begun) * 1000


def line(found: Views) -> str:
    """As a row of a table: figure, found, goal."""
    middle = f"{found.middle:.2f} ms, slowest {found.slowest:.2f} ms ({found.name})"
    return f"| a view is built, median of {found.count} | {middle} | each ≤ {GOAL:g} ms |"


if __name__ == "__main__":
    print(line(measured(20)))
