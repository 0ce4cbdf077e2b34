"""Moments that people name: the words for milestones, and which times can be true."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from itertools import pairwise

from bot import locale
from bot.domain import named
from bot.domain.events import Draft, MilestoneMarked
from bot.domain.people import By, arrive
from bot.domain.state import Incident
from bot.domain.terms import DAY, MINUTE, Micros, Milestone
from bot.errors import BadInput, Refused
from bot.text import Strong, Text, Typed, When, t

WORDS = {
    "began": Milestone.STARTED,
    "found": Milestone.DETECTED,
    "together": Milestone.QUORUM,
    "known": Milestone.DIAGNOSED,
    "mitigated": Milestone.MITIGATED,
    "back": Milestone.RECOVERED,
}
"""The six moments that people see, by the words they use."""

OLDEST: Micros = 30 * DAY
_CLOCKS_DIFFER: Micros = MINUTE
_ENDS = frozenset({Milestone.RESOLVED, Milestone.CLOSED})
_RUN = (Milestone.STARTED, Milestone.MITIGATED, Milestone.RECOVERED)
"""Moments that can only follow each other."""
_SIGNS = (Milestone.STARTED, Milestone.FIRST_SIGNAL, Milestone.DETECTED)
_EXAMPLE = "mark mitigated --at 14:02"


@cache
def _called() -> Mapping[str, Milestone]:
    """The six words, the ids, and what the screen says in every language; `止损` is `已止损`."""
    shown = [(title, reached) for reached, text in named.REACHED.items() for title in locale.titles(text.msgid)]
    spelled = {one: reached for title, reached in shown for one in (_word(title), title.removeprefix("已"))}
    return {**spelled, **{reached.value: reached for reached in Milestone}, **WORDS}


def _word(typed: str) -> str:
    return "_".join(typed.lower().replace("-", " ").split())


def milestone(word: str) -> Milestone:
    """The milestone that a person names: by one of the six words, its id (`fix started` is `fix_started`) or its title."""
    name = _word(word)
    if name in _called():
        return _called()[name]
    near = get_close_matches(name, [*WORDS, *Milestone], n=1)
    known = ", ".join(WORDS)
    if near:
        raise BadInput(t("There is no {word}. Did you mean {near}?", word=Strong(word), near=Strong(near[0])), _EXAMPLE)
    raise BadInput(t("There is no {word}. There are: {known}.", word=Strong(word), known=known), _EXAMPLE)


def checked(incident: Incident, now: Micros, at: Micros | None, example: str = _EXAMPLE) -> Micros | None:
    """The moment if it can be true. None stays None: it is now. BadInput for the future and for a month before the beginning."""
    if at is None:
        return None
    if at > now + _CLOCKS_DIFFER:
        raise BadInput(t("{at} has not come yet. Name a moment that has.", at=When(at, "full")), example)
    if at < incident.opened_at - OLDEST:
        raise BadInput(
            t(
                "{at} is more than 30 days before {incident} was opened. Name a later moment.",
                at=When(at, "full"),
                incident=incident.ref,
            ),
            example,
        )
    return at


def inside(incident: Incident, now: Micros, at: Micros | None) -> None:
    """Whether somebody can have done something in the incident at that moment. BadInput for the future, and for before its first
    sign; of one that a person declared nobody knows when that was."""
    checked(incident, now, at)
    if at is None or incident.via != "alert":
        return
    signs = [incident.marks[name].at for name in _SIGNS if name in incident.marks]
    if at < min((incident.opened_at, *signs)):
        raise BadInput(
            t(
                "{at} lies before the first sign of {incident}. If it began earlier, mark that first.",
                at=When(at, "full"),
                incident=incident.ref,
            ),
            "mark began --at 14:02",
        )


def mark(
    incident: Incident, by: By, word: str, at: Micros | None = None, reason: str = "", how: str = "mark"
) -> tuple[Draft, ...]:
    """A person says when something was. how: mark | answer | step. () if exactly that is known from a person already.

    Without a moment it is now, unless a person has said it: to correct a moment, name the new one.
    """
    name = milestone(word)
    if name in _ENDS and name not in incident.marks:
        raise Refused(
            t(
                "{incident} is not {milestone} yet. Say `resolve` or `close`; afterwards its time can be corrected.",
                incident=incident.ref,
                milestone=named.STATUS[name.value],
            ),
            "not_yet",
        )
    known = incident.marks.get(name)
    moment = checked(incident, by.now, at)
    if known is not None and known.how == how and moment in (None, known.at):
        return ()
    return (*arrive(incident, by), Draft(MilestoneMarked(name.value, how, reason), at=moment))


def doubts(before: Incident, after: Incident, at: Micros | None) -> tuple[Text, ...]:
    """What is asked of somebody who names the moment of a change: whether it is right. Told, never refused; () if nobody named
    one. before, after: the incident without the change and with it."""
    if at is None:
        return ()
    last = before.statuses[-1]
    early = t(
        "{incident} was {status} only since {since}. Is {at} right? If not, {word} takes it back.",
        incident=before.ref,
        status=named.STATUS[before.status],
        since=When(last.start, "full"),
        at=When(at, "full"),
        word=Typed("undo"),
    )
    turned = len(after.statuses) > len(before.statuses)
    return (*((early,) if turned and at < last.start else ()), *odd(after))


def odd(incident: Incident) -> tuple[Text, ...]:
    """What cannot all be true: moments in an order that time does not go. Told, never refused."""
    known = [(one, incident.marks[one].at) for one in _RUN if one in incident.marks]
    found, back = (incident.marks.get(one) for one in (Milestone.DETECTED, Milestone.RECOVERED))
    late = (Milestone.DETECTED, Milestone.RECOVERED)
    wrong = [(a, b) for (a, first), (b, second) in pairwise(known) if second < first]
    wrong += [late] if found is not None and back is not None and back.at < found.at and late not in wrong else []
    return tuple(
        t("“{later}” is before “{earlier}”. Is that right?", later=named.REACHED[b], earlier=named.REACHED[a])
        for a, b in wrong
    )
