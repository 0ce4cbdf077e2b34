"""Taking back a wrong click: all that one input of a person did, within two minutes."""

from collections.abc import Sequence

from bot.domain import events as e
from bot.domain.folds.course import known
from bot.domain.incident import replay
from bot.domain.state import Incident, is_person
from bot.domain.terms import MINUTE, Micros
from bot.errors import Refused
from bot.text import Text, Typed, Who, t

WITHIN: Micros = 2 * MINUTE
CHANGES: dict[type[e.Payload], str] = {
    e.StatusChanged: "status",
    e.SeverityChanged: "severity",
    e.KindChanged: "kind",
    e.MilestoneMarked: "marks",
    e.Noted: "note",
    e.Decided: "note",
    e.Tried: "note",
    e.SeenBy: "note",
    e.ImpactTold: "note",
    e.CauseNamed: "note",
    e.FollowupMade: "note",
}
"""What can be taken back, and what of the incident it changes."""
_MOMENTS = {"status", "marks"}
"""A status sets milestones, and a milestone may be one that a status has set."""
FOR_GOOD: tuple[type[e.Payload], ...] = (
    e.UpdateSent,
    e.ApprovalGiven,
    e.ApprovalDenied,
    e.StepDone,
    e.StepSkipped,
    e.StepAnswered,
    e.StepConfirmed,
    e.StepBack,
    e.ActionSettled,
    e.RoleTaken,
    e.Merged,
    e.TookIn,
    e.MadePrivate,
)
"""What others have read or built on; it has words of its own to set it right."""
_FOR_GOOD = t("That cannot be taken back: others have read it or gone on from it. Say what holds now, or `note` it.")


_STEPS = (e.StepDone, e.StepSkipped, e.StepAnswered, e.StepConfirmed, e.StepBack)
_WITH_IT = tuple(kind for kind in FOR_GOOD if kind is not e.RoleTaken)
"""An input with one of these stays whole: its milestones belong to the step. (A first word brings a role, and may be wrong.)"""


def last_of(who: str, events: Sequence[e.Event], now: Micros) -> tuple[e.Event, ...]:
    """Events of the last input of a person, if they can be taken back, () if not; who "": of anybody."""
    its = _input(who, events, now)
    if any(isinstance(event.payload, _WITH_IT) for event in its):
        return ()
    return tuple(event for event in its if type(event.payload) in CHANGES)


def refuse_for_good(who: str, events: Sequence[e.Event], now: Micros) -> None:
    """The last input of a person that changed something was more than that. Refused with what to do instead."""
    its = _input(who, events, now)
    step = next((event.payload for event in its if isinstance(event.payload, _STEPS)), None)
    if step is not None:
        sentence = t(
            "That belongs to step {step}, and others go on from it. {word} does the step once more, `times` sets a moment right.",
            step=step.step,
            word=Typed(f"back {step.step} …"),
        )
        raise Refused(sentence, "for_good")
    if any(isinstance(event.payload, _WITH_IT) for event in its):
        raise Refused(_FOR_GOOD, "for_good")


def _input(who: str, events: Sequence[e.Event], now: Micros) -> tuple[e.Event, ...]:
    """All of the last input of a person that changed something, within the time."""
    gone = {seq for event in events if isinstance(event.payload, e.Undone) for seq in event.payload.seqs}
    for event in reversed(events):
        if event.recorded_at < now - WITHIN:
            return ()
        if type(event.payload) in CHANGES and event.seq not in gone and _of(event, who):
            return tuple(one for one in events if one.input == event.input)
    return ()


def _of(event: e.Event, who: str) -> bool:
    return event.actor == who if who else is_person(event.actor)


def undo(incident: Incident, taken: Sequence[e.Event], events: Sequence[e.Event]) -> tuple[e.Draft, ...]:
    """Take back `taken`: it is as if it had never happened. events: all of the incident. Refused if it was changed since."""
    what = {CHANGES[type(event.payload)] for event in taken}
    touches = what | _MOMENTS if what & _MOMENTS else what
    for later in events:
        if later.seq > taken[-1].seq and CHANGES.get(type(later.payload)) in touches - {"note"}:
            raise Refused(t("{who} has changed it since. Say what holds now.", who=Who(later.actor)), "changed")
    seqs = tuple(event.seq for event in taken)
    return (e.Draft(_undone(incident, replay(event for event in events if event.seq not in seqs), seqs, what)),)


def _undone(incident: Incident, without: Incident, seqs: tuple[int, ...], what: set[str]) -> e.Undone:
    severity = "severity" in what
    changed = {name: mark for name, mark in without.marks.items() if incident.marks.get(name) != mark}
    return e.Undone(
        seqs=seqs,
        status=without.status if "status" in what else None,
        severity=without.severity if severity else None,
        kind=without.kind if "kind" in what else None,
        given=without.severity_given,
        required=without.required if severity else (),
        marks=tuple(known(name, mark) for name, mark in changed.items()),
        gone=tuple(name for name in incident.marks if name not in without.marks),
    )


def why_not(events: Sequence[e.Event], who: str, now: Micros) -> Text:
    """Why there is nothing to take back."""
    recent = [one for one in events if one.recorded_at >= now - WITHIN and one.actor == who]
    if recent and any(isinstance(one.payload, FOR_GOOD) for one in recent if one.input == recent[-1].input):
        return _FOR_GOOD
    return t("You have changed nothing here in the last 2 minutes. Say what holds now, such as `status` or `reopen`.")
