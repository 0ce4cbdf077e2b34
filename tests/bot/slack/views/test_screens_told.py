"""Screens of what people tell, and of who joins late."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import events as e
from bot.domain.state import Incident
from bot.domain.terms import MINUTE
from bot.domain.told import SEEN_BY, Impact, Seen, Told
from bot.ports import Message
from bot.slack.views import lines_told, say, summary
from bot.slack.views.lines import line
from bot.text import PlainShow, Text, render
from tests.bot.slack.samples import ATTEMPT, INCIDENT, NAMES, NOW, T0, event, scene
from tests.bot.slack.screen import screen

Golden = Callable[[str, str], None]
TOLD = Told((Seen(4, "customer", T0), Seen(5, "partner", T0)), (Impact(6, "trading", 40, T0, NOW),))
WHOLE = replace(INCIDENT, told=TOLD, attempts=(replace(ATTEMPT, state="failed"),), answered=("U1", "U2", "U3"))
SAID: tuple[e.Payload, ...] = (
    e.Tried("flush of the <!here> cache", "worse"),
    *(e.Tried(f"restart of gw-{n}") for n in range(1, 6)),
    e.Decided("we fail over at 03:15"),
    e.UpdateSent(None, "Orders fail since 02:45.", "We fail over."),
)


def _said(lines: tuple[Text, ...]) -> str:
    return "\n".join(render(one, PlainShow(NAMES)) for one in lines) + "\n"


def test_summary(golden: Golden) -> None:
    events = [event(said, seq, T0 + seq * MINUTE) for seq, said in enumerate(SAID)]
    golden("summary.txt", _said(summary.summary(WHOLE, events, NOW)))


def test_summary_of_what_nobody_has_spoken_of(golden: Golden) -> None:
    bare: Incident = replace(INCIDENT, roles={}, walks=(), next_update_at=None, answered=())
    golden("summary-bare.txt", _said(summary.summary(bare, (), NOW)))


def test_lines(golden: Golden) -> None:
    said = (
        e.Tried("restart of gw-3"),
        e.SeenBy("customer", text="orders time out"),
        e.SeenBy("business", "C1", "1.2", "U2", "nobody can trade"),
        e.ImpactTold(percent=0),
        e.ImpactTold("login"),
        e.ImpactTold("", 10, T0),
        e.ImpactTold("trading", 40, T0, NOW),
        e.ImpactTold("trading", None, None, NOW),
    )
    golden("lines-told.txt", _said(tuple(line(event(one), INCIDENT) for one in said)))


def test_every_reporter_has_a_name() -> None:
    assert tuple(lines_told.SEEN) == SEEN_BY


SENT = event(e.UpdateSent(NOW + 20 * MINUTE, "Orders fail.", "We fail over to gw-4.", "Orders may be slow."), 5)
CORRECTED = event(e.UpdateCorrected(5, "Orders fail.", "We fail over to gw-3.", "Orders <!here> may be slow."), 6)


PROMISED: Incident = replace(INCIDENT, update_seq=5, next_update_at=NOW + 20 * MINUTE)
FOLLOWING = scene(PROMISED, SENT, CORRECTED)
SCREENS: dict[str, Callable[[], Message]] = {
    "late": lambda: summary.late(scene()),
    "update-corrected": lambda: say.update(scene(PROMISED, SENT, CORRECTED), SENT),
    "followed": lambda: say.followed(FOLLOWING),
    "followed-first": lambda: say.followed(scene()),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", screen(SCREENS[name]()))


@pytest.mark.parametrize(
    ("seq", "due", "said"),
    [
        (5, NOW + 35 * MINUTE, True),  # time stood still, or it was put off
        (5, NOW, False),  # it came late, and that is over
        (5, None, False),
        (9, NOW + 35 * MINUTE, False),  # there is a newer one
    ],
)
def test_an_update_says_when_the_next_one_is_due_as_that_holds_when_it_is_posted(
    seq: int, due: int | None, said: bool
) -> None:
    late = scene(replace(INCIDENT, update_seq=seq, next_update_at=due), SENT)
    shown = screen(say.update(late, SENT))
    assert ("Next update" in shown) is said
    assert not said or f"<!date^{(due or 0) // 1_000_000}^" in shown
