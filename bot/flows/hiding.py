"""An incident becomes private: what we said of it elsewhere is taken away."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.merging import symptoms
from bot.domain.state import Incident
from bot.flows.case import Case
from bot.flows.incoming import Incoming
from bot.ports import EVERYTHING, Effect, Json
from bot.work.effects import URGENT

MOST = 500
"""Open incidents whose lists of others are drawn anew."""


async def outsiders(case: Case, people: Iterable[str]) -> frozenset[str]:
    """Those of them who do not see the incident once it is private."""
    others = set(people) - case.incident.insiders
    return frozenset([one for one in others if not (await case.desk.viewer(case.tx, one)).all])


async def hide(case: Case, before: Incident) -> None:
    """Posts in channels that policy.yaml names and direct messages to those who do not see it any more go; the lists of other
    incidents that named it are drawn anew. The announcement goes with the event itself. before: as everybody saw it."""
    rows = await case.tx.effects(case.stream)
    told = [args for args in map(_args, rows) if args.get("named") or person_of(args)]
    outside = await outsiders(case, map(person_of, told))
    told = [args for args in told if args.get("named") or person_of(args) in outside]
    there = [args for args in told if await case.tx.message(args["key"]) is not None]
    await case.tx.enqueue([_gone(case, args) for args in there])
    others = await case.tx.incidents(EVERYTHING, limit=MOST)
    await case.tx.enqueue(list(_redrawn(case, before, others)))


def _args(row: Json) -> Json:
    args: Json = row["args"]
    return args


def person_of(args: Json) -> str:
    """Whose direct message it is, "" for one in a channel."""
    return str(args.get("room", "")).partition("dm:")[2]


def _gone(case: Case, args: Json) -> Effect:
    gone = {"key": args["key"], "room": args["room"]}
    return Effect(f"{args['key']}:unsay", "unsay", f"{case.stream}:unsay", case.stream, gone, URGENT)


def _redrawn(case: Case, before: Incident, others: list[Incident]) -> Iterator[Effect]:
    services = case.desk.organisation.services
    for other in others:
        if symptoms(services, other, (before,)):
            shown = Incoming(other, case.events[0]).show("context", "context")
            yield replace(shown, key=f"{shown.coalesce}@{case.stream}:{case.incident.seq}")
