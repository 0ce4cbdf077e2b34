"""The effects that an event may lead to: how each is keyed, in which lane it stands, what it waits for."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.domain import waking
from bot.domain.events import Event
from bot.domain.state import Incident, Offer, Page
from bot.domain.terms import ORG, Severity, stream_of
from bot.ports import Effect
from bot.work.effects import APPROVAL, CARD, NOTICE, PAGE, PEOPLE, TALK, URGENT

Made = Iterator[Effect]
ANNOUNCE = "org:channel:announce"
"""The effect that finds or makes the announcement channel; the first incident enqueues it."""

AT_ONCE = 100
"""People that Slack takes in one invitation."""


def announcing() -> Effect:
    """The channel of the announcements, found or made; each one waits for it."""
    return Effect(ANNOUNCE, "channel", "org:announce", ORG, {"announce": True, "room": "announce"}, URGENT)


class Incoming:
    """One event of one incident, and the effects that may follow from it."""

    def __init__(self, incident: Incident, event: Event) -> None:
        self.incident = incident
        self.event = event
        self.stream = stream_of(incident.number)
        moved = f":{incident.moved}" if incident.moved else ""
        self.channel = f"{self.stream}:channel{moved}"

    def show(self, surface: str, name: str, lane: str = "talk", priority: int = TALK, **args: Any) -> Effect:
        """A surface that is posted once and brought up to date in place."""
        key = f"{self.stream}:{name}"
        urgent = URGENT if self.incident.severity in (Severity.SEV1, Severity.SEV2) else priority
        return Effect(
            key=f"{key}@{self.event.seq}",
            kind="show",
            lane=f"{self.stream}:{lane}",
            stream=self.stream,
            args={"surface": surface, "key": key, "room": self.stream, **args},
            priority=min(priority, urgent),
            after=(self.channel,),
            coalesce=key,
        )

    def question(self, seq: int) -> Effect:
        """Whether it is back to normal, as it was asked by event `seq`."""
        return self.show("allclear", f"allclear:{seq}", question=seq)

    def say(self, surface: str, **args: Any) -> Effect:
        """A record in the channel or in the card's thread, sent once."""
        key = f"{self.stream}:{surface}:{self.event.seq}"
        args = {"surface": surface, "key": key, "room": self.stream, "seq": self.event.seq, **args}
        return Effect(key, "say", f"{self.stream}:talk", self.stream, args, TALK, (self.channel,))

    def line(self, where: str) -> Effect:
        return self.say("line", where=where)

    def line_in(self, old: str) -> Effect:
        """The same in a channel that the incident leaves."""
        said = self.say("line", where="channel", to=old)
        key = f"{said.key}:old"
        args = {**said.args, "key": key, "room": f"{self.stream}:old"}
        return replace(said, key=key, args=args, lane=f"{self.stream}:people", after=())

    def page(self, page: Page) -> Effect:
        """A call, as a direct message."""
        surface, key = self._of(page)
        return self.direct(
            surface, page.person, PAGE, key, why=page.about, role=page.role, page=page.id, service=page.service
        )

    def fold(self, sent: Effect, surface: str = "") -> Effect:
        """A direct message of ours that was answered, brought up to date where it stands (as another surface)."""
        args = {**sent.args, "surface": surface or sent.args["surface"]}
        key = f"{sent.key}@{self.event.seq}"
        return replace(sent, kind="show", priority=PEOPLE, args=args, key=key, coalesce=sent.key)

    def offer(self, offer: Offer) -> Effect:
        """A role is offered, as a direct message."""
        key = f"{self.stream}:invite:{offer.person}:{offer.seq}"
        return self.direct("offer", offer.person, key=key, why=offer.why, role=offer.role)

    def offers_ended(self) -> Made:
        """Offers that this event has ended say so."""
        yield from (
            self.fold(self.offer(o), "offer_told") for o in self.incident.past_offers if o.ended == self.event.seq
        )

    def ring(self, about: str, ref: str, person: str, why: str) -> Effect:
        """The person's notifier, now. why: as in PersonWoken."""
        return self._bell(about, ref, person, self.event.recorded_at, why=why)

    def ring_later(self, sent: Effect, about: str, ref: str) -> Effect:
        """The notifier of who is asked by a direct message, if it still waits then."""
        at = self.event.recorded_at + waking.WAITS
        return self._bell(about, ref, sent.args["person"], at, why="unanswered", sent=sent.args["key"])

    def _bell(self, about: str, ref: str, person: str, at: int, **args: str) -> Effect:
        return self.clock("clock.ring", f"{about}:{ref[:32]}:{person}", at, about=about, ref=ref, person=person, **args)

    def notify(self, about: str, ref: str, person: str) -> Effect:
        """By the person's notifier, whatever Slack does. Each person has a lane: what rings for one waits for nobody else."""
        key = f"{self.stream}:notify:{person}:{self.event.seq}"
        args = {"person": person, "about": about, "ref": ref}
        return Effect(key, "notify", f"page:{person}", self.stream, args, PAGE)

    def asked(self, person: str, digest: str) -> Effect:
        """The question of an approval, as a direct message."""
        key = f"{self.stream}:approval_dm:{digest[:16]}:{person}"
        return self.direct("approval_dm", person, APPROVAL, key, digest=digest)

    def _of(self, page: Page) -> tuple[str, str]:
        """Surface and key of a call's message."""
        surface = "page" if page.about == "role" else "invite"
        return surface, f"{self.stream}:{surface}:{page.person}:{page.id}"

    def direct(self, surface: str, person: str, priority: int = PEOPLE, key: str = "", **args: Any) -> Effect:
        """A direct message; it waits neither for the channel nor for what goes to somebody else."""
        key = key or f"{self.stream}:{surface}:{person}:{self.event.seq}"
        page = surface == "page"
        args = {"surface": surface, "key": key, "room": f"dm:{person}", "person": person, **args}
        lane = f"page:{person}" if page else f"{self.stream}:dm:{person}"
        return Effect(key, "page" if page else "dm", lane, self.stream, args, priority)

    def invites(self, people: Iterable[str]) -> Made:
        """Many people: Slack takes so many at a time."""
        everybody = list(people)
        for n in range(0, len(everybody), AT_ONCE):
            yield self.invite(*everybody[n : n + AT_ONCE])

    def invite(self, *people: str) -> Effect:
        key = f"{self.stream}:join:{self.event.seq}:{'+'.join(people)}"
        args = {"people": list(people), "room": self.stream}
        return Effect(key, "invite", f"{self.stream}:people", self.stream, args, PEOPLE, (self.channel,))

    def clock(self, kind: str, name: str, at: int, **args: Any) -> Effect:
        """A decision that is due later: its own lane, so that no timer waits behind another."""
        key = f"{self.stream}:{kind}:{name}:{self.event.seq}"
        lane = f"{self.stream}:clock:{kind.removeprefix('clock.')}:{name}"
        return Effect(key, kind, lane, self.stream, args, not_before=at)

    def card(self) -> Made:
        """The live card, and the announcement that mirrors it."""
        yield self.show("card", "card", lane="card", priority=CARD)
        if self.incident.announced:
            shown = self.show("announcement", "announcement", lane="card", priority=NOTICE)
            room = {**shown.args, "room": "announce"}
            yield Effect(
                shown.key,
                "show",
                shown.lane,
                self.stream,
                room,
                NOTICE,
                (ANNOUNCE, self.channel),
                coalesce=shown.coalesce,
            )

    def topic(self) -> Effect:
        key = f"{self.stream}:topic"
        args = {"room": self.stream}
        lane = f"{self.stream}:card"
        return Effect(
            f"{key}@{self.event.seq}", "topic", lane, self.stream, args, NOTICE, (self.channel,), coalesce=key
        )

    def step(self, run: int, step: str, visit: int) -> Made:
        """The step's card; none for a step that Tocsin does, or did, by itself."""
        walk = next((w for w in self.incident.walks if w.run == run), None)
        at = next((v for v in walk.visits if (v.step, v.visit) == (step, visit)), None) if walk else None
        if at is None or not at.quiet:
            yield self.show("step", f"step:{run}:{step}:{visit}", run=run, step=step, visit=visit)

    def approval(self, digest: str) -> Effect:
        return self.show("approval", f"approval:{digest[:16]}", priority=APPROVAL, digest=digest)

    def attempt(self, attempt: str) -> Effect:
        """What reads only is shown in the card's thread, for who wants the evidence."""
        found = self.incident.attempt(attempt)
        where = "thread" if found is not None and not found.changes else "channel"
        return self.show("attempt", f"attempt:{attempt}", attempt=attempt, where=where)
