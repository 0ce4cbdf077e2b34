"""From what was heard to what is done: who asks, in which incident, which verb with which words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from bot.domain import reading
from bot.domain.state import Incident
from bot.errors import Refused
from bot.flows import refusals
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Cause, Person, Reads
from bot.ports.reply import WORDS
from bot.slack.answers import Told
from bot.slack.forms import Forms
from bot.slack.happenings import Happenings
from bot.slack.inbox import Heard
from bot.slack.names import Names
from bot.text import t
from commands import Ask, Command, registry

Place: TypeAlias = tuple[int | None, Incident | None, bool]
"""The number that is meant, its incident, and whether this is its channel; in a direct message the only open one of the person."""


class Asking:
    """Judges who asks, finds the verb and the incident, and does it."""

    def __init__(
        self, desk: Desk, commands: Mapping[str, Command[Any]], happenings: Happenings, forms: Forms, names: Names
    ) -> None:
        self._desk = desk
        self._commands = commands
        self._happenings = happenings
        self._forms = forms
        self._names = names

    async def perform(self, heard: Heard) -> Told:
        """Do what was asked for; raises whatever keeps it from being done."""
        command = registry.verb(self._commands, heard.verb, heard.words)
        words, when = registry.timed(command, heard.words)
        args = _args(command, replace(heard, words=words))
        asks = bool(heard.trigger) and when is None and command.form(args) is not None
        work = self._do(heard, command, args, when)
        if asks:
            return await self._forms.around(heard, work, command.loads)
        return await self._forms.shown(heard, await work)

    async def _do(self, heard: Heard, command: Command[Any], args: Any, when: str | None) -> Told:
        async with self._desk.store.read() as reads:
            number, meant, here, names, known = await reads.whole(self._found(reads, heard))
        person = await self._able(heard, number, known)
        now, zone = self._desk.clock.now(), self._desk.organisation.oncall.zone(person.id, person.zone)
        said = None if when is None else reading.moment(when, zone, now)
        ask = Ask(
            heard.input,
            heard.who,
            heard.source,
            now,
            heard.channel,
            number,
            zone,
            heard.words,
            said,
            heard.hidden,
            _carried(heard),
        )
        await self._happenings.asked(ask.cause, meant)
        reply = await registry.perform(self._desk, ask, command, args)
        if reply.echo and here and heard.shown:
            reply = replace(reply, lines=())
        return Told(reply, number, names=names)

    async def _found(self, reads: Reads, heard: Heard) -> tuple[*Place, Mapping[str, str], Person | None]:
        """What `_where` says, how people are called, and who asks, if our directory knows."""
        place = await self._where(reads, heard)
        return *place, await self._names.read(reads), await reads.person(heard.who)

    async def _able(self, heard: Heard, number: int | None, known: Person | None) -> Person:
        """The person, if they may act here; who may not is on the record."""
        try:
            return await self._person(heard.who, known)
        except Refused as refused:
            await refusals.audit(self._desk, Cause(heard.input, heard.who, heard.source), number, heard.verb, refused)
            raise

    async def _person(self, who: str, known: Person | None) -> Person:
        """The person of our directory; strangers, bots and deactivated people are refused."""
        if known is None:
            known = await self._happenings.learn(who)
        if known.stranger or known.deleted or known.bot:
            raise Refused(t("Not done: only people of this workspace may do this."), "stranger")
        return known

    async def _where(self, reads: Reads, heard: Heard) -> Place:
        found = await reads.incident_in(heard.channel) if heard.channel else None
        if heard.incident is not None and (found is None or found.number != heard.incident):
            return heard.incident, await reads.incident(heard.incident, EVERYTHING), False
        if found is not None or not heard.channel.startswith("D"):
            return (found.number if found else None), found, found is not None
        open_now = await reads.incidents(await self._desk.viewer(reads, heard.who))
        mine = [incident for incident in open_now if heard.who in incident.people]
        return (mine[0].number, mine[0], False) if len(mine) == 1 else (None, None, False)


def _carried(heard: Heard) -> Mapping[str, Any]:
    """The message that a shortcut is about, for when the person must first say in which incident."""
    return {"told": heard.value["told"]} if heard.how == "clicked" and heard.value.get("told") else {}


def _args(command: Command[Any], heard: Heard) -> Any:
    """The verb's arguments; a button or form that is not (or no longer) as we make them is refused with a sentence."""
    if heard.how == "typed" or WORDS in heard.value:
        return command.parse(heard.words)
    try:
        return command.fill(heard.answers, heard.value) if heard.how == "filled" else command.click(heard.value)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Refused(t("This button is out of date. Nothing was done."), "stale") from error
