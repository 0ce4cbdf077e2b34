"""Flows, verbs and a desk that remember what they were asked for."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.organisation import Organisation
from bot.domain.saying import Post
from bot.domain.silence import listens
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.errors import BadInput, Refused, StoreAway
from bot.ports import Button, Cause, Field, Form, Group, Json, Person, Reply, Viewer
from bot.text import Code, Who, t
from bot.workspace import Workspace
from commands import Ask, Verb
from tests.bot.slack.stage import OneIncident
from tests.fakes import FakeClock


@dataclass
class Flows:
    """What the flows were asked for. `hold`: a verb waits for it, `held`: how often; `away`: as often the database is away."""

    asks: list[Ask] = field(default_factory=list)
    args: list[Any] = field(default_factory=list)
    heard: list[tuple[Any, ...]] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    held: int = 0
    away: int = 0

    async def say(self, desk: Any, ask: Ask, args: Any) -> Reply:
        self.asks.append(ask)
        self.args.append(args)
        return Reply((t("{who} said {args} in {n}.", who=Who(ask.who), args=str(args), n=str(ask.incident)),))

    async def offer(self, desk: Any, ask: Ask, args: Any) -> Reply:
        return Reply((t("Which one?"),), (Button(t("This"), "say", {"x": 1}), Button(t("Old"), "say")))

    async def echo(self, desk: Any, ask: Ask, args: Any) -> Reply:
        self.asks.append(ask)
        return Reply((t("As the card says."),), (Button(t("Echo"), "echo"),) if ask.words else (), echo=True)

    async def slow(self, desk: Any, ask: Ask, args: Any) -> Reply:
        self.held += 1
        await self.hold.wait()
        return Reply((t("It is saved."),))

    async def late(self, desk: Any, ask: Ask, args: Any) -> Reply:
        self.held += 1
        await self.hold.wait()
        raise StoreAway

    async def broken(self, desk: Any, ask: Ask, args: Any) -> Reply:
        raise RuntimeError("a bug")

    async def refuse(self, desk: Any, ask: Ask, args: Any) -> Reply:
        raise Refused(t("Not now, {who}.", who=Who(ask.who)))

    def _seen(self, *what: Any) -> None:
        if self.away:
            self.away -= 1
            raise StoreAway
        self.heard.append(what)

    async def came(self, ask: Ask) -> None:
        """Everybody in these channels joins in the beginning."""

    async def pinned(self, ask: Ask, post: Post) -> None:
        self._seen("pinned", ask.input, ask.who, post.ts, post.by, post.text, post.at)

    async def unpinned(self, ask: Ask, channel: str, ts: str) -> None:
        self._seen("unpinned", ask.input, ask.who, ts)

    async def flagged(self, ask: Ask, channel: str, ts: str, text: str) -> None:
        self._seen("flagged", ask.input, ask.who, ts, text)

    async def unflagged(self, ask: Ask, channel: str, ts: str) -> None:
        self._seen("unflagged", ask.input, ask.who, ts)

    async def edited(self, ask: Ask, post: Post) -> None:
        self._seen("edited", ask.input, ask.who, post.ts, post.by, post.text)

    async def deleted(self, ask: Ask, files: Sequence[str], ts: str) -> None:
        self._seen("deleted", ask.input, ask.who, tuple(files), ts)

    def wants(self, incident: Incident, who: str, post: Post) -> bool:
        return who not in incident.people or listens(incident, who) or bool(post.files)

    async def said(self, ask: Ask, post: Post) -> None:
        self._seen("seen", ask.input, ask.who)

    async def asked(self, cause: Cause, incident: Incident) -> None:
        pass

    async def written(self, incident: Incident, post: Post) -> None:
        self._seen("written", post.ts, post.thread)

    async def changed(self, post: Post, at: Micros, gone: bool) -> None:
        self._seen("changed", post.ts, at, gone)

    async def home_opened(self, input: str, person: str, first: bool) -> None:
        self._seen("home", person, first)

    async def person_changed(self, person: Person) -> None:
        self._seen("person", person.id, person.deleted)

    async def group_changed(self, group: Group) -> None:
        self._seen("group", group.handle, group.members)

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        return [what for what in self.heard if what[0] == kind]


def _parse(words: str) -> str:
    if not words:
        raise BadInput(t("Say something."), "say hello")
    return words


def _fill(answers: Mapping[str, str], value: Json) -> str:
    return f"{answers['words']} {value['step']}"


def _odd(answers: Mapping[str, str], value: Json) -> str:
    raise BadInput(t("I cannot read {why} as a reason.", why=Code(answers["why"])), "say hello", field="why")


def _form(verb: str) -> Callable[[str], Form | None]:
    fields = (Field("words", t("What?")), Field("why", t("Why?"), optional=True))
    form = Form(verb, t("Say it"), t("Say"), fields, {"step": "2.3"})
    return lambda args: form if args == "" else None


def verbs(flows: Flows) -> dict[str, Verb[Any]]:
    def verb(name: str, run: Any, **rest: Any) -> Verb[Any]:
        given = {"parse": _parse, "click": lambda value: value["x"], **rest}
        return Verb(
            name,
            "say",
            f"{name} <words>",
            f"{name} hello",
            "read",
            run=run,
            about=t("say something"),
            where="anywhere",
            **given,
        )

    free: dict[str, Any] = {"parse": lambda words: words, "click": lambda value: None}
    made = [verb("say", flows.say)]
    made += [verb(name, getattr(flows, name), **free) for name in ("offer", "echo", "slow", "late", "broken", "refuse")]
    made += [verb("form", flows.say, parse=lambda words: "", click=lambda value: "", form=_form("form"), fill=_fill)]
    made += [verb("odd", flows.say, parse=lambda words: "", form=_form("odd"), fill=_odd)]
    made += [verb("no", flows.refuse, parse=lambda words: "", form=_form("no"), fill=lambda answers, value: "done")]
    return {each.name: each for each in made}


@dataclass
class Counter:
    """A desk that allows everything."""

    store: OneIncident
    clock: FakeClock
    organisation: Organisation = field(default_factory=Organisation)

    async def may(self, person: str, permission: str, incident: int | None = None) -> bool:
        return True

    async def viewer(self, reads: object, person: str) -> Viewer:
        return Viewer(person)


def whispered(ws: Workspace, name: str, room: str) -> list[str]:
    """What only this person sees."""
    return [line.removeprefix("↳ ")[2:] for line in ws.person(name).sees(room) if "👁" in line]
