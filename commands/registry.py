"""All verbs, found by folder; a typed line, a click or a form brought to its verb."""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain
from typing import Any

import commands
from bot import locale
from bot.domain import phrase, reading
from bot.errors import BadInput, Refused, StartError
from bot.flows import refusals
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Reads
from bot.ports.reply import WORDS, Button, Reply
from bot.text import Code, Strong, Text, Typed, When, t
from commands import Ask, Command, refuse_behind

CHOICE, CARRIED = 5, 1_500
"""Incidents offered at most, and characters that a button carries."""
LINE = 120
"""Characters of a line that is offered instead of another."""
SAID = {
    "identified": "status identified",
    "investigating": "status investigating",
    "mitigating": "status mitigating",
    "monitoring": "status monitoring",
    "mitigated": "mark mitigated",
    "fixed": "mark mitigated",
    "recovered": "mark back",
    "known": "mark known",
    "diagnosed": "mark known",
    "resolved": "resolve",
    "closed": "close",
    "acknowledge": "ack",
    "acknowledged": "ack",
    "severity": "sev",
    "open": "declare",
    "create": "declare",
    "incident": "declare",
    "cancel": "decline mistake",
    "commander": "role commander",
    "who": "role",
    "call": "page",
    "invite": "page",
    "accept": "take",
    "reject": "deny",
    "comment": "note",
    "todo": "followup",
}
"""What people say, here or elsewhere, where they mean a verb."""
CONTRACT = (
    "name",
    "group",
    "usage",
    "example",
    "about",
    "permission",
    "dated",
    "outside",
    "stands",
    "parse",
    "click",
    "fill",
    "form",
    "run",
)
LATER = {
    "notice": (
        t("I keep no record of notices to authorities yet. Send it, and put on the timeline when it was sent."),
        "note first notice to the regulator sent, ref 4711 --at 14:02",
    ),
    "silence": (
        t("I cannot silence alerts yet. Silence them where they come from, and say so on the timeline."),
        "note gw-1 is silenced in Alertmanager until 16:00",
    ),
    "service": (
        t("I cannot show a service as a whole yet. I can say who is called for it, and which alerts were heard of."),
        "oncall orders",
    ),
    "postmortem": (
        t("The post-mortem cannot be kept here yet. When it is resolved, its draft comes into the channel as a file."),
        "questions",
    ),
}
"""Verbs that people expect and that are not there yet → an honest sentence, and a line that works. `help` has none of them."""


def load() -> dict[str, Command[Any]]:
    """Every verb of the folder, by name. StartError names what a file lacks."""
    found: dict[str, Command[Any]] = {}
    for info in sorted(pkgutil.iter_modules(commands.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"commands.{info.name}")
        command = getattr(module, "command", None)
        if command is None:
            continue
        missing = [part for part in CONTRACT if not hasattr(command, part)]
        if missing:
            raise StartError(f"commands/{info.name}.py: the verb lacks {', '.join(missing)}")
        found[command.name] = command
    return found


def verb(found: Mapping[str, Command[Any]], name: str, words: str = "") -> Command[Any]:
    """The verb with a name; BadInput that says what was probably meant, with the words that were typed behind it."""
    if name in found:
        return found[name]
    if name in LATER:
        raise BadInput(*LATER[name])
    if name.startswith("@"):
        raise BadInput(t("A line begins with a verb; {help} lists them.", help=Typed("help")), "page @ben")
    near, words = _guess(found, name, words)
    if near in LATER:
        raise BadInput(*LATER[near])
    if near:
        line = f"{near} {words}".strip()
        line = line if len(line) <= LINE else f"{line[:LINE]} …"
        raise BadInput(t("I do not know {verb}. Did you mean {near}?", verb=Code(name), near=Code(line)), line)
    raise BadInput(t("I do not know {verb}. {help} lists what I can do.", verb=Code(name), help=Typed("help")), "help")


def _guess(found: Mapping[str, Command[Any]], name: str, words: str) -> tuple[str, str]:
    """The verb that was meant and its words: those of a line that works."""
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    if name.isdigit() and first in found:  # `1 summary`: a number before a verb is the incident's
        return f"{first} INC-{name}", rest
    if name.lstrip("/") in ("tocsin", locale.root().lstrip("/")):  # `/tocsin tocsin done`
        return (first, rest) if first in found else ("help", "")
    near = _near(found, name)
    return near, words if near != "help" or words in (*found, "all") else ""


def _near(found: Mapping[str, Command[Any]], name: str) -> str:
    """The verb, and what else of the line stands in its name: `sev1`, `identified`, `dnoe`; "" for no guess."""
    severity = reading.severity(name)
    if severity is not None:
        return f"sev {severity.rank}"
    if name in SAID:
        return SAID[name]
    turned = [known for known in found if sorted(known) == sorted(name)]
    known = (get_close_matches(name, names, n=1) for names in (found, (*SAID, *LATER)))
    near = next(iter(turned or chain.from_iterable(known)), "")
    return SAID.get(near, near)


def timed(command: Command[Any], words: str) -> tuple[str, str | None]:
    """The words without `--at 14:02`, and what it says. BadInput where it says nothing, or the verb takes none."""
    rest, when = reading.dated(words)
    if when is None:
        return words, None
    if not command.dated:
        raise BadInput(
            t("{verb} takes no {at}: it counts from now.", verb=Code(command.name), at=Code("--at")), command.example
        )
    if not when:
        raise BadInput(t("Which time? Write it behind {at}.", at=Code("--at")), _with_time(command))
    return rest, when


def _with_time(command: Command[Any]) -> str:
    """An example that says when."""
    return f"{command.example.partition(' --at')[0]} --at 14:02"


async def perform(desk: Desk, ask: Ask, command: Command[Any], args: Any) -> Reply:
    """Check the permission, ask for what is missing (which incident, a form), or do it. Who may not is on the record."""
    try:
        return await _performed(desk, ask, command, args)
    except Refused as refused:
        await refusals.audit(desk, ask.cause, ask.incident, command.name, refused)
        raise


async def _performed(desk: Desk, ask: Ask, command: Command[Any], args: Any) -> Reply:
    if not await desk.may(ask.who, command.permission, ask.incident):
        raise Refused(
            t(
                "Not done: {verb} needs the permission {permission}, which policy.yaml does not give you.",
                verb=Code(command.name),
                permission=Code(command.permission),
            ),
            "permission",
        )
    if command.where == "incident" and not command.outside(args):
        if ask.incident is None:
            return await _which(desk, ask, command)
        if not await _is_there(desk, ask, ask.incident):
            return await _which(desk, ask, command, _gone(ask.incident))
    form = command.form(args)
    if form is not None and ask.said is not None:
        raise BadInput(t("With a time it must be said in one line."), _with_time(command))
    if form is not None:
        return Reply(form=command.form(await _standing(desk, ask, command, args)), done=False)
    reply = await command.run(desk, ask, args)
    if ask.said is None or not reply.done:
        return reply
    taken = t("The time was read as {at} in {zone}.", at=When(ask.said, "full"), zone=ask.zone)
    return replace(reply, lines=(*reply.lines, taken), echo=False)


def _gone(number: int) -> Text:
    if number == phrase.HIGHEST:
        return t("No incident has so long a number.")
    return t("There is no {ref}, or you cannot see it.", ref=f"INC-{number}")


async def _standing(desk: Desk, ask: Ask, command: Command[Any], args: Any) -> Any:
    """The args with what is so now, such as the step that is current: it may be otherwise when the form is sent."""
    if ask.incident is None:
        return args
    async with desk.store.read() as reads:
        incident = await reads.incident(ask.incident, EVERYTHING)
    return args if incident is None else command.stands(args, incident)


async def _is_there(desk: Desk, ask: Ask, number: int) -> bool:
    """The incident exists, and the person may see it or asks in its channel (not in the public one that it is leaving)."""
    async with desk.store.read() as reads:
        return await reads.whole(_seen(reads, desk, ask, number))


async def _seen(reads: Reads, desk: Desk, ask: Ask, number: int) -> bool:
    here = await reads.incident_in(ask.channel) if ask.channel else None
    seen = here is not None and here.number == number and not here.leaving
    return seen or await reads.incident(number, await desk.viewer(reads, ask.who)) is not None


async def _which(desk: Desk, ask: Ask, command: Command[Any], *why: Text) -> Reply:
    """Said outside an incident's channel, or of one that is not there: the open ones to choose from, each with the same words."""
    async with desk.store.read() as reads:
        found = await reads.incidents(await desk.viewer(reads, ask.who), limit=CHOICE)
    if not why:
        refuse_behind(command.name, ask.words)
    if not found:
        begin, over = Typed("declare What is broken"), Typed(f"INC-42 {command.name}")
        nothing = t("No incident is open, so there is nothing to do this in. {begin} opens one.", begin=begin)
        return Reply(why or (nothing, t("One that is over is named: {line}", line=over)), done=False)
    lines = [t("{ref} {title}", ref=Strong(incident.ref), title=incident.title) for incident in found]
    same = ask.carried or {WORDS: ask.words}
    if len(json.dumps(same, ensure_ascii=False)) > CARRIED:
        line = Typed(f"{command.name} {found[0].ref} …")
        return Reply((*why, t("In which incident? Name it: {line}", line=line), *lines), done=False)
    buttons = [Button(t("{ref}", ref=one.ref), command.name, {"i": one.number, **same}) for one in found]
    return Reply((*why, t("In which incident?"), *lines), tuple(buttons), done=False)
