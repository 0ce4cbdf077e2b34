"""`POST …/commands`: a line as people type it in Slack, from whoever has a personal token; it needs no Slack."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from bot import locale, mentions
from bot.domain import phrase, reading
from bot.domain.terms import Source
from bot.errors import BadInput, NotFound, Refused, UserError
from bot.flows import directory, refusals, tokens
from bot.flows.case import ALREADY
from bot.flows.desk import Desk
from bot.ports import Cause, Form, Json, Person, Reply
from bot.ports.reply import WORDS
from bot.slack import inbox
from bot.slack.names import names_of
from bot.telemetry import count
from bot.text import Code, English, render, t
from bot.web.answers import answer, failure
from bot.web.body import read
from commands import Ask, Command, registry

LARGEST = 64 * 1024
"""Bytes of a request; a line of Slack has at most 4,000 characters."""
KEY = "Idempotency-Key"
_MENTION = re.compile(r"(?<![\w@])@((?:[\w.-]*\w)(?: [\w.-]*\w){0,3})")


@dataclass(frozen=True)
class Acting:
    """What lines are carried out with."""

    desk: Desk
    verbs: dict[str, Command[Any]] = field(default_factory=registry.load)


ACTING: web.AppKey[Acting] = web.AppKey("acting")


async def inside(request: web.Request) -> web.Response:
    """A line said in an incident."""
    return await _perform(request, int(request.match_info["number"]))


async def outside(request: web.Request) -> web.Response:
    """A line said nowhere: `declare …`, `list`, or one that names its incident."""
    return await _perform(request, None)


ROUTES = (
    web.post(r"/api/v1/incidents/{number:\d{1,9}}/commands", inside),
    web.post("/api/v1/commands", outside),
)


async def _perform(request: web.Request, number: int | None) -> web.Response:
    acting = request.app[ACTING]
    desk = acting.desk
    person, people = await _admitted(request, desk)
    async with desk.store.read() as reads:
        show = English(await names_of(reads), await desk.zone(reads, person.id))
    try:
        return await _carried_out(request, acting, number, person, people, show)
    except UserError as error:
        return failure(error, show)


async def _carried_out(
    request: web.Request,
    acting: Acting,
    number: int | None,
    person: Person,
    people: dict[str, Person],
    show: English,
) -> web.Response:
    desk = acting.desk
    body = await read(request, LARGEST)
    said = _said(body, lambda text: _mentioned(text, people, desk))
    where = _where(number, said.incident)
    command = registry.verb(acting.verbs, said.verb, said.words)
    words, when = registry.timed(command, said.words)
    args = command.parse(words) if said.value is None else _pressed(command, said.value)
    now = desk.clock.now()
    at = None if when is None else reading.moment(when, show.zone, now)
    await _refuse_unseen(desk, command, where, person.id)
    input = _input(request, person.id, where, body) or f"api:{desk.ids.new()}"
    ask = Ask(input, person.id, said.source, now, "", where, show.zone, said.words, at)
    reply = await registry.perform(desk, ask, command, args)
    return _answered(command, reply, where, show)


async def _admitted(request: web.Request, desk: Desk) -> tuple[Person, dict[str, Person]]:
    """Who has the token, and all people; 401 without one, wherever the request comes from. Refused: who cannot act here."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    async with desk.store.read() as reads:
        who = await tokens.holder(reads, token.strip()) if scheme.lower() == "bearer" else None
        people = await reads.people()
    if who is None:
        count("unauthorised", where="commands")
        raise web.HTTPUnauthorized(
            text="Send a personal token as `Authorization: Bearer …`. `tocsin token new <name>` makes one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    person = people.get(who)
    if person is None or not directory.able(person):
        refused = Refused(t("Not done: only people of this workspace may do this."), "stranger")
        await refusals.audit(desk, Cause(f"api:{desk.ids.new()}", who, Source.BOT_COMMAND), None, "act", refused)
        raise refused
    return person, people


@dataclass(frozen=True)
class _Said:
    """A line, or one of the choices of an answer (value: as it was given there)."""

    verb: str
    words: str = ""
    incident: int | None = None
    value: Json | None = None

    @property
    def source(self) -> Source:
        return Source.BOT_COMMAND if self.value is None else Source.BUTTON


def _said(body: bytes, named: Callable[[str], str]) -> _Said:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        told = None
    match told:
        case {"text": str(text)}:
            line = phrase.line(named(text.strip().removeprefix(f"{locale.root()} ")))
            return _Said(line.verb, line.words, line.incident)
        case {"verb": str(verb), "value": dict(value)}:
            return _Said(verb, incident=inbox.number_of(value), value=value)
    raise BadInput(t("Send a JSON object with the line as its {name}.", name=Code("text")), '{"text": "done 2.3"}')


def _pressed(command: Command[Any], value: Json) -> Any:
    """The arguments of a choice; one that is not as we gave it is refused."""
    try:
        return command.parse(str(value[WORDS])) if WORDS in value else command.click(value)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Refused(t("This choice is out of date. Nothing was done."), "stale") from error


def _mentioned(text: str, people: dict[str, Person], desk: Desk) -> str:
    """`@ben`, `@Ben Okafor` as Slack would have completed it, if it can be only one; teams and all else stay as they are."""

    def token(found: re.Match[str]) -> str:
        said = found[1].split(" ")
        for words in range(len(said), 0, -1):
            ids = directory.called(people.values(), desk.organisation.oncall, " ".join(said[:words]))
            if len(ids) == 1:
                return " ".join((mentions.person(ids[0]), *said[words:]))
        return found[0]

    return _MENTION.sub(token, text)


def _where(address: int | None, line: int | None) -> int | None:
    if address is not None and line is not None and address != line:
        both = {"one": f"INC-{address}", "other": f"INC-{line}"}
        raise BadInput(t("The address says {one}, the line {other}. Name one of them.", **both))
    return address if address is not None else line


async def _refuse_unseen(desk: Desk, command: Command[Any], number: int | None, who: str) -> None:
    """A verb of an incident needs one, and one that the person may see."""
    if number is None and command.where == "incident":
        raise BadInput(
            t("In which incident? Name it behind {verb}.", verb=Code(command.name)),
            command.example.replace(command.name, f"{command.name} INC-42", 1),
        )
    async with desk.store.read() as reads:
        if number is not None and await reads.incident(number, await desk.viewer(reads, who)) is None:
            raise NotFound(t("There is no {ref}, or you cannot see it.", ref=f"INC-{number}"))


def _input(request: web.Request, who: str, number: int | None, body: bytes) -> str:
    """The same key with the same line of the same person is one input; "" without a key."""
    key = request.headers.get(KEY)
    if key is None:
        return ""
    if not 0 < len(key) <= 200 or not key.isprintable():
        raise BadInput(t("{name} takes 1 to 200 characters.", name=Code(KEY)), f"{KEY}: 7f3a-0001")
    whole = "\0".join((who, key, str(number), "")).encode("utf-8", "surrogateescape")
    return f"api:{hashlib.sha256(whole + body).hexdigest()}"


def _answered(command: Command[Any], reply: Reply, number: int | None, show: English) -> web.Response:
    if reply.form is not None:
        return _lacking(command, reply.form, show)
    told = {
        "done": reply.done,
        "already": reply is ALREADY,
        "incident": number,
        "said": [render(line, show) for line in reply.lines],
        "choices": [
            {"label": render(button.label, show), "verb": button.verb, "value": button.value}
            for button in reply.buttons
        ],
        "data": reply.data,
    }
    asks = bool(reply.buttons) and not reply.done and not reply.shows and command.group != "read"
    return answer(told, 409 if asks else 200)


def _lacking(command: Command[Any], form: Form, show: English) -> web.Response:
    """In Slack a form would open: here the words that it asks for are named."""
    wanted = [one for one in form.fields if not one.optional and not one.value] or list(form.fields)
    missing = [
        {
            "name": one.name,
            "label": render(one.label, show),
            "options": {value: render(label, show) for value, label in one.options.items()},
        }
        for one in wanted
    ]
    labels = " · ".join(render(one.label, show) for one in wanted)
    error = t("{verb} needs more words: {labels}", verb=Code(command.name), labels=labels)
    told = {"error": render(error, show), "missing": missing, "usage": command.usage, "example": command.example}
    return answer(told, 400)
