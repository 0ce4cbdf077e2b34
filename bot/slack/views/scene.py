"""What a surface is drawn from: values only, so that every screen is a pure function."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

from bot.domain.events import Event, Payload
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan, Step
from bot.domain.state import Incident, Visit, Walk
from bot.domain.terms import Micros
from bot.ports import Button, Json
from bot.slack import blocks
from bot.slack.show import Mrkdwn
from bot.slack.views import words
from bot.text import PlainShow, Strong, Text, Value, render, t

P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class Scene:
    """An incident as it stands at `now`, and what is needed to speak of it.

    names: id → name of people; plan: of the newest walk, or of the one that the surface is about; events: of the incident,
    where the surface needs them; mention: who is to be pinged by this message; again: a message that may have been sent before;
    symptoms: numbers of open incidents of services that depend on this one's.
    """

    incident: Incident
    now: Micros
    names: Mapping[str, str] = field(default_factory=dict)
    organisation: Organisation = field(default_factory=Organisation)
    plan: Plan | None = None
    events: tuple[Event, ...] = ()
    mention: Collection[str] = ()
    again: bool = False
    symptoms: tuple[int, ...] = ()

    @property
    def show(self) -> Mrkdwn:
        return Mrkdwn(self.names, self.mention)

    def say(self, *texts: Text) -> str:
        """Sentences as mrkdwn, one line each."""
        return "\n".join(render(text, self.show) for text in texts)

    def plain(self, *texts: Text) -> str:
        """Sentences as plain text, in one line: for notifications."""
        return " ".join(render(text, PlainShow(self.names)) for text in texts)

    def buttons(self, *made: Button) -> Json:
        """A row of buttons of this incident."""
        return blocks.actions(made, self.incident.number)

    def button(self, made: Button) -> Json:
        """One button beside a paragraph."""
        return blocks.button(made, self.incident.number)

    @property
    def title(self) -> Strong:
        """The incident's title without a full stop; its service where the title was redacted."""
        return Strong(self.incident.title.strip().rstrip(".") or self.incident.service or self.incident.ref)

    def walk(self, run: int) -> Walk:
        """The walk with a number. Surfaces are drawn of walks that are there."""
        return next(walk for walk in self.incident.walks if walk.run == run)

    def visit(self, run: int, step: str, visit: int) -> Visit:
        """One time that a step was current."""
        return next(v for v in self.walk(run).visits if v.step == step and v.visit == visit)

    def step(self, number: str) -> Step | None:
        """What the plan says of a step; None if the plan's text is not at hand."""
        try:
            return self.plan.step(number) if self.plan else None
        except KeyError:
            return None

    def event(self, seq: int) -> Event | None:
        return next((event for event in self.events if event.seq == seq), None)

    def last(self, kind: type[P], **where: object) -> P | None:
        """The newest payload of a kind whose fields have these values."""
        for event in reversed(self.events):
            payload = event.payload
            if isinstance(payload, kind) and all(getattr(payload, name) == value for name, value in where.items()):
                return payload
        return None

    @property
    def drill(self) -> Text | None:
        """What every message of something that is not real begins with."""
        return words.mark(self.incident)


def joined(texts: Collection[Value], mark: str = " · ") -> Text:
    """Several sentences in one line, with a mark between them."""
    names = {f"p{n}": text for n, text in enumerate(texts)}
    return Text(mark.join(f"{{{name}}}" for name in names), names)


def clauses(texts: Sequence[Text]) -> Text:
    """Several things that are not of one kind in one sentence: in Chinese another comma stands between them than in a row."""
    return reduce(lambda said, more: t("{said}, {more}", said=said, more=more), texts)
